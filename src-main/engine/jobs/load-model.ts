// Keeps the one model that answers: opens it, gives it to questions, closes it when another is wanted or nobody asks any more.
import type { JobInput, JobResult } from '@contract/job.ts';
import type { ModelChoice } from '@contract/model.ts';
import type { Job } from '../../base/job.ts';
import { usualContextTokens, usualImageTokens } from '../../base/usual-limits.ts';
import { Answerer } from '../../inference/answer-question.ts';
import { freeMemoryBytes } from '../../inference/free-memory.ts';
import { forecastMemory, requireMemory } from '../../inference/memory-forecast.ts';
import { openPackage, type OpenOptions, type OpenPackage } from '../../inference/open-package.ts';

interface Loaded {
  readonly key: string;
  readonly answerer: Answerer;
  readonly loadMs: number;
}

let loaded: Loaded | null = null;
let closing: NodeJS.Timeout | null = null;
/** A model nobody asks gives its gigabytes back after this. */
const keepOpenMs = 15 * 60_000;

/** Frees the model. */
export async function closeModel(): Promise<void> {
  if (closing) clearTimeout(closing);
  closing = null;
  const one = loaded;
  loaded = null;
  await one?.answerer.close();
}

function closeLater(): void {
  if (closing) clearTimeout(closing);
  closing = setTimeout(() => void closeModel(), keepOpenMs);
  // the timer must not keep a command line alive
  closing.unref();
}

/** The open model does for this choice: another one, or less room than is asked for, is opened anew. */
function isEnough({ key, answerer: { model } }: Loaded, choice: ModelChoice): boolean {
  const wanted = Math.min(model.manifest.config.text.maxPositions, choice.contextTokens ?? usualContextTokens);
  return key === keyOf(choice) && model.contextTokens >= wanted;
}

const keyOf = (choice: ModelChoice): string => JSON.stringify([choice.folder, choice.provider, choice.threads]);

/** A larger picture than the model was opened for needs more working memory. @throws memory-insufficient */
async function requireVisionMemory({ answerer: { model } }: Loaded, { maxImageTokens = usualImageTokens }: ModelChoice): Promise<void> {
  if (maxImageTokens <= model.maxImageTokens || model.choice.provider !== 'cpu') return;
  const { visionBytes } = forecastMemory(model.manifest, { contextTokens: model.contextTokens, imageTokens: maxImageTokens, withFastText: false, withLayers: false });
  requireMemory({ weightsBytes: 0, cacheBytes: 0, workBytes: 0, visionBytes, totalBytes: visionBytes }, await freeMemoryBytes());
}

/** The open model for this choice; opens it when it is not. @throws what opening a package throws */
export async function modelFor(job: Job, choice: ModelChoice): Promise<Loaded> {
  if (loaded && isEnough(loaded, choice)) await requireVisionMemory(loaded, choice);
  else {
    // two models at once would need the memory of two
    await closeModel();
    const started = performance.now();
    const { folder, ...rest } = choice;
    const options = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) as OpenOptions;
    loaded = { key: keyOf(choice), answerer: new Answerer(await openPackage(job, folder, options)), loadMs: performance.now() - started };
  }
  closeLater();
  return loaded;
}

/** @throws package-not-found, package-damaged, memory-insufficient, provider-unavailable, out-of-memory, job-cancelled */
export async function loadModel(job: Job, input: JobInput<'load-model'>): Promise<JobResult<'load-model'>> {
  return described(await modelFor(job, input));
}

/** The open package of this folder, if it is the one that is open. */
export function openedPackage(folder: string): OpenPackage | null {
  const model = loaded?.answerer.model;
  return model?.folder === folder ? model : null;
}

/** The open model, if there is one. */
export function openModel(): JobResult<'load-model'> | null {
  return loaded && described(loaded);
}

export async function unloadModel(): Promise<JobResult<'unload-model'>> {
  await closeModel();
  return {};
}

function described({ answerer, loadMs }: Loaded): JobResult<'load-model'> {
  const { manifest, choice, contextTokens, forecast } = answerer.model;
  return {
    id: manifest.id,
    name: manifest.name,
    architecture: manifest.architecture,
    provider: choice.provider,
    refused: choice.refused.map((one) => ({ ...one })),
    contextTokens,
    forecast: { ...forecast },
    loadMs,
  };
}
