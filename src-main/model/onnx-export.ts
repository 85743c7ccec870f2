// An ONNX export in the layout that transformers.js reads: which of its variants are there, and whether its three graphs are what the
// runtime can feed. Reads headers only; making a package of it is package-export.ts.
// @source github.com/huggingface/transformers.js, utils/dtypes.js (file names) and models/qwen2_vl (inputs and outputs)
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../base/errors.ts';
import { companionFiles, readConfig } from './checkpoint.ts';
import type { ModelConfig } from './model-config.ts';
import { type OnnxHeader, type OnnxValue, readOnnxHeader } from './onnx-header.ts';
import { exportNames, exportVariant, type ExportVariant } from './package-format.ts';
import { FilePool } from './stored-tensor.ts';

const parts = ['decoder_model_merged', 'vision_encoder', 'embed_tokens'] as const;
type Part = (typeof parts)[number];

/** From the best for this purpose on: a decoder is read for every token, a picture and a word's row only once. */
const preferred: Readonly<Record<Part, readonly ExportVariant[]>> = {
  decoder_model_merged: ['q4', 'q4f16', 'int8', 'quantized', 'uint8', 'bnb4', 'fp16', 'fp32'],
  vision_encoder: ['fp16', 'fp32', 'int8', 'quantized', 'uint8', 'q4f16', 'q4', 'bnb4'],
  embed_tokens: ['fp16', 'fp32', 'int8', 'quantized', 'uint8', 'q4f16', 'q4', 'bnb4'],
};

/** One graph of an export: its file, and the files of its weights. */
export interface ExportedGraph {
  readonly file: string;
  readonly variant: ExportVariant;
  /** With the graph itself, all in one folder. */
  readonly files: readonly string[];
  readonly sizeBytes: number;
}

export interface OnnxExport {
  readonly folder: string;
  readonly config: ModelConfig;
  readonly companions: readonly string[];
  readonly text: ExportedGraph;
  readonly vision: ExportedGraph;
  readonly embeddings: ExportedGraph;
  readonly kvType: 'float32' | 'float16';
}

const fileName = (part: Part, variant: ExportVariant): string => `${part}${variant === 'fp32' ? '' : `_${variant}`}.onnx`;

async function namesIn(folder: string): Promise<string[]> {
  return await readdir(folder).catch(() => []);
}

/** The folder of the graphs: `onnx` in a published repository, or the folder itself. Null when it is no export at all. */
async function graphFolder(folder: string): Promise<string | null> {
  for (const place of [join(folder, 'onnx'), folder]) if ((await namesIn(place)).some((name) => parts.some((part) => name.startsWith(part) && name.endsWith('.onnx')))) return place;
  return null;
}

/** Whether a folder holds an export and no checkpoint, which would be the better source. */
export async function isOnnxExport(folder: string): Promise<boolean> {
  const names = await namesIn(folder);
  return !names.some((name) => /^(model|gptq_model|pytorch_model).*\.(safetensors|bin)(\.index\.json)?$/.test(name)) && (await graphFolder(folder)) !== null;
}

/** Which file of a part is meant. @throws checkpoint-incomplete, checkpoint-unsupported with the variants that there are */
function choose(part: Part, names: readonly string[], folder: string, wanted: ExportVariant | undefined): ExportVariant {
  const found = preferred[part].filter((variant) => names.includes(fileName(part, variant)));
  if (found.length === 0) throw new AppError('checkpoint-incomplete', { folder, missing: [`onnx/${fileName(part, 'fp32')}`] });
  if (wanted === undefined) return found[0]!;
  // the small graphs of an export are often there in fewer variants than the decoder
  if (found.includes(wanted)) return wanted;
  if (part !== 'decoder_model_merged') return found[0]!;
  throw new AppError('checkpoint-unsupported', { file: folder, reason: `the export has no ${wanted} decoder; it has ${found.join(', ')}` });
}

/** Of the graphs in a repository, named without their folder, those that are best for this purpose with their weights. Empty unless all three are there. */
export function filesWorthHaving(names: readonly string[]): string[] {
  const chosen = parts.map((part) => preferred[part].map((variant) => fileName(part, variant)).find((name) => names.includes(name)));
  if (chosen.some((file) => file === undefined)) return [];
  return names.filter((name) => chosen.some((file) => name === file || name.startsWith(`${file}_data`) || name.startsWith(`${file}.data`)));
}

/** @throws checkpoint-unsupported for generations whose exports cannot be run rightly */
export function expectExportable({ architecture }: Pick<ModelConfig, 'architecture'>, file: string): void {
  if (architecture === 'qwen3-vl') throw new AppError('checkpoint-unsupported', { file, reason: 'ONNX exports of Qwen3-VL leave DeepStack out; take the checkpoint with safetensors' });
  if (architecture === 'qwen-vl') throw new AppError('checkpoint-unsupported', { file, reason: 'ONNX exports of the first generation have no common layout; take its checkpoint' });
}

interface Expected {
  readonly name: string;
  readonly types: readonly number[];
  /** Null where any length will do. */
  readonly dims: readonly (number | null)[];
}

const [float32, int64, bool, float16] = [1, 7, 9, 10] as const;
const real = [float32, float16];
const any = null;

function requireValues(file: string, kind: string, found: readonly OnnxValue[], expected: readonly Expected[]): void {
  for (const { name, types, dims } of expected) {
    const value = found.find((one) => one.name === name);
    const refuse = (reason: string): AppError => new AppError('checkpoint-unsupported', { file, reason: `not the layout of transformers.js: ${kind} ${name} ${reason}` });
    if (!value) throw refuse('is missing');
    if (!types.includes(value.type)) throw refuse(`has element type ${value.type}`);
    const fits = value.dims.length === 0 || (value.dims.length === dims.length && value.dims.every((dim, at) => typeof dim === 'string' || dims[at] === any || dims[at] === dim));
    if (!fits) throw refuse(`is [${value.dims.join(', ')}], its configuration wants [${dims.map((dim) => dim ?? '?').join(', ')}]`);
  }
}

function refuseStrangers(file: string, header: OnnxHeader, known: readonly string[]): void {
  const stranger = header.inputs.find(({ name }) => !known.includes(name));
  if (stranger) throw new AppError('checkpoint-unsupported', { file, reason: `not the layout of transformers.js: nobody knows what its input ${stranger.name} wants` });
}

function checkDecoder(file: string, header: OnnxHeader, { text }: ModelConfig): void {
  const { layers, hiddenSize, kvHeads, headDim, vocabSize } = text;
  const cache = (name: (layer: number, kind: 'key' | 'value') => string): Expected[] =>
    Array.from({ length: layers }, (_, layer) => (['key', 'value'] as const).map((kind) => ({ name: name(layer, kind), types: real, dims: [any, kvHeads, any, headDim] }))).flat();
  const past = cache(exportNames.past);
  const inputs: Expected[] = [
    { name: exportNames.embeds, types: real, dims: [any, any, hiddenSize] },
    { name: exportNames.mask, types: [int64], dims: [any, any] },
    { name: exportNames.positions, types: [int64], dims: [3, any, any] },
    ...past,
  ];
  requireValues(file, 'input', header.inputs, inputs);
  requireValues(file, 'output', header.outputs, [{ name: exportNames.logits, types: real, dims: [any, any, vocabSize] }, ...cache(exportNames.present)]);
  const optional = header.inputs.filter(({ name, type }) => (name === exportNames.keep && type === int64) || (name === exportNames.useCache && type === bool));
  refuseStrangers(file, header, [...inputs, ...optional].map(({ name }) => name));
  const types = new Set(header.inputs.filter(({ name }) => past.some((one) => one.name === name)).map(({ type }) => type));
  if (types.size !== 1) throw new AppError('checkpoint-unsupported', { file, reason: 'its keys and values have several element types' });
}

function checkVision(file: string, header: OnnxHeader, { vision }: ModelConfig): void {
  const pixels: Expected = { name: exportNames.pixels, types: real, dims: [any, 3 * vision.temporalPatchSize * vision.patchSize ** 2] };
  const grid = exportNames.grids.find((name) => header.inputs.some((one) => one.name === name)) ?? exportNames.grids[0];
  requireValues(file, 'input', header.inputs, [pixels, { name: grid, types: [int64], dims: [any, 3] }]);
  requireValues(file, 'output', header.outputs, [{ name: exportNames.imageFeatures, types: real, dims: [any, vision.outHiddenSize] }]);
  refuseStrangers(file, header, [exportNames.pixels, grid]);
}

function checkEmbeddings(file: string, header: OnnxHeader, { text }: ModelConfig): void {
  requireValues(file, 'input', header.inputs, [{ name: exportNames.ids, types: [int64], dims: [any, any] }]);
  requireValues(file, 'output', header.outputs, [{ name: exportNames.embeds, types: real, dims: [any, any, text.hiddenSize] }]);
  refuseStrangers(file, header, [exportNames.ids]);
}

/** The files that hold a graph's weights, all there and long enough. */
async function filesOf(files: FilePool, place: string, file: string, header: OnnxHeader): Promise<{ files: string[]; sizeBytes: number }> {
  let sizeBytes = await files.size(join(place, file));
  for (const [name, needed] of header.external) {
    if (!/^[\w.+-]+$/.test(name) || name.startsWith('.')) throw new AppError('checkpoint-unsafe', { file: join(place, file), what: 'weights outside the folder' });
    const size = await stat(join(place, name)).then((found) => found.size, () => null);
    if (size === null) throw new AppError('checkpoint-incomplete', { folder: place, missing: [name] });
    if (size < needed) throw new AppError('checkpoint-damaged', { file: join(place, name), reason: 'the file ends too early' });
    sizeBytes += size;
  }
  return { files: [file, ...header.external.keys()], sizeBytes };
}

/**
 * Reads the headers of the export in `folder`; `variant` is a choice among several decoders.
 * @throws checkpoint-not-found, checkpoint-incomplete, checkpoint-unsupported, checkpoint-damaged, checkpoint-unsafe
 */
export async function readOnnxExport(folder: string, variant?: ExportVariant): Promise<OnnxExport> {
  const names = await namesIn(folder);
  const place = await graphFolder(folder);
  if (!place || !names.includes('config.json')) throw new AppError('checkpoint-not-found', { folder, reason: place ? 'no config.json in it' : 'no graphs in it' });
  const config = await readConfig(folder, names);
  expectExportable(config, folder);
  const files = new FilePool();
  try {
    const graphNames = await namesIn(place);
    const read = async (part: Part, check: (file: string, header: OnnxHeader, config: ModelConfig) => void): Promise<ExportedGraph & { readonly header: OnnxHeader }> => {
      const chosen = choose(part, graphNames, folder, variant);
      const file = join(place, fileName(part, chosen));
      if ((await files.size(file)) < 1024) throw new AppError('checkpoint-incomplete', { folder, missing: [fileName(part, chosen)], reason: 'only a pointer to it is there' });
      const header = await readOnnxHeader(files, file);
      check(file, header, config);
      const { files: all, sizeBytes } = await filesOf(files, place, fileName(part, chosen), header);
      return { file: fileName(part, chosen), variant: chosen, files: all.map((name) => join(place, name)), sizeBytes, header };
    };
    const text = await read('decoder_model_merged', checkDecoder);
    const vision = await read('vision_encoder', checkVision);
    const embeddings = await read('embed_tokens', checkEmbeddings);
    const kvType = text.header.inputs.find(({ name }) => name === exportNames.past(0, 'key'))?.type === float16 ? 'float16' : 'float32';
    return { folder, config, companions: companionFiles.filter((name) => names.includes(name)), text, vision, embeddings, kvType };
  } finally {
    await files.close();
  }
}

/** What `--variant` may be. */
export const exportVariants = exportVariant.options;
