// What of a package is needed to write prompts for it, without its weights: taken from the open model, else read and kept for a while.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readManifest } from '../../inference/open-package.ts';
import type { PromptModel } from '../../inference/plan-question.ts';
import { loadChatFormat, loadTokenizer } from '../../inference/tokenizer/load-tokenizer.ts';
import { manifestFile } from '../../model/package-format.ts';
import { openedPackage } from './load-model.ts';

let kept: { key: string; model: Promise<PromptModel> } | null = null;
let forgetting: NodeJS.Timeout | null = null;
/** A vocabulary is some tens of megabytes. */
const keepMs = 5 * 60_000;

async function readPromptModel(folder: string): Promise<PromptModel> {
  const manifest = await readManifest(folder);
  return { manifest, tokenizer: await loadTokenizer(folder), format: await loadChatFormat(folder, manifest.architecture === 'qwen-vl') };
}

/** @throws package-not-found, package-damaged, what reading a tokenizer throws */
export async function promptModelOf(folder: string): Promise<PromptModel> {
  const open = openedPackage(folder);
  if (open) return open;
  const changed = await stat(join(folder, manifestFile)).then((found) => found.mtimeMs, () => 0);
  const key = `${folder} ${changed}`;
  if (kept?.key !== key) {
    const model = readPromptModel(folder);
    kept = { key, model };
    model.catch(() => (kept = kept?.model === model ? null : kept));
  }
  if (forgetting) clearTimeout(forgetting);
  forgetting = setTimeout(() => (kept = null), keepMs);
  // the timer must not keep a command line alive
  forgetting.unref();
  return kept.model;
}
