// Finds a package's tokenizer and its chat format among the published files. Knows file names; nothing of how prompts are built.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError, fileError, systemCode } from '../../base/errors.ts';
import type { ChatFormat } from './chat-prompt.ts';
import { readTiktoken, readTokenizerJson } from './tokenizer-files.ts';
import { Tokenizer } from './tokenizer.ts';

async function textOf(folder: string, name: string): Promise<string | null> {
  try {
    return await readFile(path.join(folder, name), 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw fileError(error, name);
  }
}

async function jsonOf(folder: string, name: string): Promise<Record<string, unknown> | null> {
  const text = await textOf(folder, name);
  if (text === null) return null;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw new AppError('checkpoint-damaged', { file: name, reason: 'not JSON' }, error);
  }
}

/** @throws checkpoint-incomplete when neither tokenizer file is there, checkpoint-damaged, checkpoint-unsupported */
export async function loadTokenizer(folder: string): Promise<Tokenizer> {
  const json = await jsonOf(folder, 'tokenizer.json');
  if (json) return new Tokenizer(readTokenizerJson(json));
  const ranks = await textOf(folder, 'qwen.tiktoken');
  if (ranks === null) throw new AppError('checkpoint-incomplete', { file: 'tokenizer.json' });
  return new Tokenizer(readTiktoken(ranks));
}

/** The chat format; `isV1` for Qwen-VL, whose format is not a file. @throws template-invalid when there is no template */
export async function loadChatFormat(folder: string, isV1: boolean): Promise<ChatFormat> {
  if (isV1) {
    const generation = await jsonOf(folder, 'generation_config.json');
    const window = generation?.['max_window_size'];
    return { kind: generation?.['chat_format'] === 'raw' ? 'raw' : 'chatml', windowTokens: typeof window === 'number' && window > 0 ? window : 6144 };
  }
  const single = await textOf(folder, 'chat_template.jinja');
  if (single !== null) return { kind: 'template', template: single };
  for (const name of ['chat_template.json', 'tokenizer_config.json']) {
    const template = (await jsonOf(folder, name))?.['chat_template'];
    if (typeof template === 'string') return { kind: 'template', template };
    // several named templates: the default one
    if (Array.isArray(template)) {
      const chosen = (template as { name?: string; template?: string }[]).find((one) => one.name === 'default') ?? (template as { template?: string }[])[0];
      if (typeof chosen?.template === 'string') return { kind: 'template', template: chosen.template };
    }
  }
  throw new AppError('template-invalid', { detail: 'the checkpoint has no chat template' });
}
