// The models on this machine as the window shows them: what is there, what is being installed, what would run where, and what can be asked.
import { z } from 'zod';
import { wireError } from './errors.ts';
import { loadedModel, memoryForecast, provider, weightType } from './model.ts';

const bytes = z.number().nonnegative();

export const installedModel = z.object({
  id: z.string(),
  name: z.string(),
  /** qwen-vl, qwen2-vl, qwen2.5-vl or qwen3-vl. */
  architecture: z.string(),
  sizeBytes: bytes,
  weights: z.object({ text: weightType, vision: weightType }),
  /** Tokens of prompt and answer together that the model was made for. */
  maxContextTokens: z.number().int().positive(),
  /** At the usual context and picture size. */
  forecast: memoryForecast,
  fits: z.boolean(),
  loaded: loadedModel.nullable(),
});
export type InstalledModel = z.infer<typeof installedModel>;

/** What the machine would run a model on, best first, and why each better provider is refused. */
export const machine = z.object({
  provider,
  refused: z.array(z.object({ provider, reason: z.string() })),
  freeMemoryBytes: bytes,
});
export type Machine = z.infer<typeof machine>;

export const modelsDescription = z.object({
  models: z.array(installedModel),
  /** Folders that ought to be models and are not. */
  broken: z.array(z.object({ id: z.string(), reason: z.string() })),
  machine,
});
export type ModelsDescription = z.infer<typeof modelsDescription>;

/** Where a model comes from: a checkpoint's folder, or a repository OWNER/NAME of a Hugging Face-compatible server. */
export const modelSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('folder'), folder: z.string().min(1) }),
  z.object({ kind: z.literal('repository'), repository: z.string().trim().regex(/^[\w.-]+\/[\w.-]+$/), endpoint: z.url().optional() }),
]);
export type ModelSource = z.infer<typeof modelSource>;

/** What installing will take, before it starts. */
export const modelForecast = z.object({
  name: z.string(),
  /** Null for a folder: nothing is downloaded. */
  downloadBytes: bytes.nullable(),
  packageBytes: bytes,
  /** To run it at the usual context and picture size, about. */
  memory: memoryForecast,
  freeMemoryBytes: bytes,
  freeDiskBytes: bytes,
});
export type ModelForecast = z.infer<typeof modelForecast>;

export const modelInstall = z.object({
  id: z.string(),
  name: z.string(),
  source: modelSource,
  /** A download that is paused (or was when the program ended) goes on where it stopped. */
  state: z.enum(['downloading', 'compiling', 'paused', 'failed']),
  fraction: z.number().min(0).max(1),
  detail: z.string(),
  error: wireError.nullable(),
});
export type ModelInstall = z.infer<typeof modelInstall>;

const nothing = z.object({});
const byId = z.object({ installId: z.string() });

export const modelRequests = {
  'model.list': { input: nothing, result: modelsDescription.extend({ installs: z.array(modelInstall) }) },
  /** The system's dialog for a checkpoint's folder. Null when the user closed it. */
  'model.choose-folder': { input: nothing, result: z.object({ folder: z.string() }).nullable() },
  /** Refuses what cannot be installed, with the reason. */
  'model.forecast': { input: z.object({ source: modelSource }), result: modelForecast },
  /** Downloads (where needed) and compiles; `model.changed` tells how far it is. */
  'model.install': { input: z.object({ source: modelSource }), result: modelInstall },
  'model.pause': { input: byId, result: nothing },
  'model.resume': { input: byId, result: nothing },
  /** Ends an installation and forgets it. */
  'model.cancel': { input: byId, result: nothing },
  'model.remove': { input: z.object({ modelId: z.string() }), result: nothing },
  /** Opens a model, so that the next question need not wait for it. */
  'model.load': { input: z.object({ modelId: z.string() }), result: loadedModel },
  'model.unload': { input: nothing, result: nothing },
} as const;
