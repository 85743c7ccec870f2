// Models as jobs see them: which package to load and how, what a question is made of, what an answer is.
import { z } from 'zod';
import { fileFormat } from './document.ts';
import { quad, rect, rotation } from './geometry.ts';

const count = z.number().int().positive();
const index = z.number().int().nonnegative();
const size = z.object({ width: count, height: count });

export const provider = z.enum(['cpu', 'cuda', 'dml', 'coreml', 'webgpu']);

/** Which compiled package, and how to run it. What is left out is chosen for the machine. */
export const modelChoice = z.object({
  /** Folder of the package. */
  folder: z.string(),
  provider: provider.optional(),
  threads: count.optional(),
  /** Tokens of prompt and answer together. */
  contextTokens: count.optional(),
  /** Tokens of one picture: more sees smaller print and takes longer. */
  maxImageTokens: count.optional(),
});
export type ModelChoice = z.infer<typeof modelChoice>;

export const memoryForecast = z.object({ weightsBytes: z.number(), cacheBytes: z.number(), visionBytes: z.number(), workBytes: z.number(), totalBytes: z.number() });

export const loadedModel = z.object({
  id: z.string(),
  name: z.string(),
  architecture: z.string(),
  provider,
  /** Why each better provider is not used. */
  refused: z.array(z.object({ provider, reason: z.string() })),
  contextTokens: count,
  forecast: memoryForecast,
  loadMs: z.number(),
});
export type LoadedModel = z.infer<typeof loadedModel>;

/** A page as the model is shown it. */
export const shownPage = z.object({
  source: z.object({ path: z.string(), format: fileFormat, pageIndex: index, password: z.string().optional() }),
  /** The turn that makes it upright. */
  rotation,
  /** Only this part of the stored page. */
  crop: rect.optional(),
  /** Tokens of this picture, when it was sent before: it keeps its size whatever the question's new pictures have. */
  maxImageTokens: count.optional(),
  /** What was recognised on the page, where several pictures are shown: an answer that does not say which of them it means is told from it. */
  words: z.array(z.object({ text: z.string(), quad })).optional(),
});
export type ShownPage = z.infer<typeof shownPage>;

export const questionPart = z.discriminatedUnion('type', [z.object({ type: z.literal('text'), text: z.string() }), z.object({ type: z.literal('page'), page: shownPage })]);

export const questionMessage = z.object({ role: z.enum(['system', 'user', 'assistant']), parts: z.array(questionPart) });
export type QuestionMessage = z.infer<typeof questionMessage>;

/** How tokens are chosen; what is left out is the model's own. */
export const samplingChange = z.object({
  temperature: z.number().min(0).max(5).optional(),
  topK: index.optional(),
  topP: z.number().min(0).max(1).optional(),
  repetitionPenalty: z.number().positive().optional(),
  presencePenalty: z.number().optional(),
  seed: index.optional(),
});
export type SamplingChange = z.infer<typeof samplingChange>;

export const question = z.object({
  model: modelChoice,
  /** When the last one is the assistant's, the answer goes on behind it. */
  messages: z.array(questionMessage).min(1),
  sampling: samplingChange.optional(),
  maxNewTokens: count.optional(),
  stopTexts: z.array(z.string()).optional(),
  /** Name the pictures in the prompt (`Picture 1: `), so that questions and answers can. */
  numberPictures: z.boolean().optional(),
});
export type Question = z.infer<typeof question>;

/** What a question would send and take. */
export const plannedQuestion = z.object({
  /** The pictures of all messages, as they would be sent. */
  pages: z.array(z.object({ original: size, padded: size, input: size, tokens: count })),
  /** Of the whole prompt, pictures included. */
  promptTokens: index,
  /** Of the last question's words. */
  textTokens: index,
  /** Words are reckoned from their length: only the server can count them. */
  isReckoned: z.boolean(),
  /** The oldest pictures that a full first-generation window leaves out. */
  skippedPictures: index,
  /** Null where a server does not say. */
  contextTokens: count.nullable(),
  memory: z.object({ neededBytes: z.number(), freeBytes: z.number(), isOpen: z.boolean() }).nullable(),
});
export type PlannedQuestion = z.infer<typeof plannedQuestion>;

/** A place on a page that an answer points at; `start` and `end` are characters of the answer's text. */
export const grounding = z.object({
  start: index,
  end: index,
  label: z.string().nullable(),
  /** Which of the question's pages, in their order. */
  page: index,
  quad,
  kind: z.enum(['box', 'quad', 'point']),
  /** Of several pictures, the answer does not say which it means, and neither does the text. */
  isUnsure: z.boolean().optional(),
});
export type Grounding = z.infer<typeof grounding>;

export const answer = z.object({
  /** What is shown. */
  text: z.string(),
  /** What the model wrote, marks included: later turns are given this. */
  raw: z.string(),
  groundings: z.array(grounding),
  finish: z.enum(['stop', 'stop-text', 'length', 'context', 'repetition']),
  /** What was really sent and done. */
  record: z.object({
    model: z.object({ id: z.string(), name: z.string(), provider }),
    promptTokens: count,
    reusedTokens: index,
    newTokens: index,
    pages: z.array(z.object({ original: size, padded: size, input: size, tokens: count })),
    sampling: z.object({ temperature: z.number(), topK: index, topP: z.number(), repetitionPenalty: z.number(), presencePenalty: z.number(), seed: index }),
    firstTokenMs: z.number(),
    visionMs: z.number(),
    prefillMs: z.number(),
    decodeMs: z.number(),
  }),
});
export type Answer = z.infer<typeof answer>;

export const weightType = z.enum(['fp32', 'fp16', 'int8', 'int4', 'w8a8']);

/** How a checkpoint becomes a package; what is left out is the usual: int4 in blocks of 128, an 8-bit vision tower. */
export const compileRequest = z.object({
  /** The checkpoint's folder. */
  folder: z.string(),
  /** Folder of all packages. */
  root: z.string(),
  /** The package's folder name; made from the checkpoint's name when left out. */
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/).optional(),
  name: z.string().optional(),
  text: weightType.optional(),
  head: weightType.optional(),
  vision: weightType.optional(),
  /** Weights that share a scale. */
  block: z.number().int().refine((value) => value >= 16 && value <= 1024 && (value & (value - 1)) === 0, 'a power of two from 16 to 1024').optional(),
  symmetric: z.boolean().optional(),
  /** Of an ONNX export: which of its decoders. It is taken as it is, so nothing else can be chosen. */
  variant: z.enum(['fp32', 'fp16', 'int8', 'uint8', 'quantized', 'q4', 'q4f16', 'bnb4']).optional(),
  /** Search each block's scale for the least error. Default true. */
  search: z.boolean().optional(),
  /** A second decoder with 8-bit activations, faster on long prompts. */
  fast: z.boolean().optional(),
  /** Half-precision graphs for a GPU. */
  gpu: z.boolean().optional(),
  overwrite: z.boolean().optional(),
  /** Compile even when the forecast says that this machine has too little memory. */
  ignoreMemory: z.boolean().optional(),
});
export type CompileRequest = z.infer<typeof compileRequest>;

export const compiledModel = z.object({ id: z.string(), name: z.string(), folder: z.string(), architecture: z.string(), sizeBytes: index });
export type CompiledModel = z.infer<typeof compiledModel>;

export const downloadRequest = z.object({
  /** OWNER/NAME */
  repository: z.string(),
  /** Folder of all downloaded checkpoints. */
  root: z.string(),
  endpoint: z.url().optional(),
  revision: z.string().optional(),
  token: z.string().optional(),
});
export type DownloadRequest = z.infer<typeof downloadRequest>;
