// From an open checkpoint to a package on disk: headers and forecast first, then graphs are built, checked and written into a temporary
// folder, tried, and renamed into place. A failed or cancelled compile leaves nothing behind.
import { constants as copyFlags } from 'node:fs';
import { copyFile, open, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Job, partOf } from '../base/job.ts';
import { type Checkpoint, openCheckpoint } from '../model/checkpoint.ts';
import { readCompanionConfig } from '../model/companion-config.ts';
import type { ElementType } from '../model/element-type.ts';
import type { Matrix } from '../model/matrix.ts';
import { type PackageEmbeddings, type PackageManifest, type PackageOutline, formatVersion } from '../model/package-format.ts';
import { expectNoPackage, type PackageFile, type PackageTarget, placePackage } from '../model/package-files.ts';
import { architectureFor } from './architecture-table.ts';
import type { ArchitectureFormats } from './architectures/architecture.ts';
import { decoder, type DecoderOptions } from './blocks/decoder.ts';
import { CheckpointWeights } from './checkpoint-weights.ts';
import type { Graph } from './graph.ts';
import { GraphBuilder } from './graph-builder.ts';
import { checkGraph } from './graph-check.ts';
import { layOutConstants, writeOnnx } from './onnx-file.ts';
import { planTextLayer } from './text-layer.ts';
import type { ComputeType, WeightFormat } from './weight-formats.ts';
import { weightFormat } from './weight-formats.ts';
import { openHere, openThreads, type TaskRunner } from './weight-threads.ts';

export interface CompileOptions {
  readonly text: WeightFormat;
  readonly head: WeightFormat;
  readonly vision: WeightFormat;
  /** Also a decoder with 8-bit weights and activations, faster on many rows at once. */
  readonly fast: boolean;
  /** float16 for graphs that run on a GPU. */
  readonly compute: ComputeType;
  /** Adds what the reference recorded as outputs. For tests. */
  readonly taps?: boolean;
}

/** int4 decoder in blocks of 128, W8A8 vision tower, no second decoder. */
export const usualOptions: CompileOptions = {
  text: weightFormat('int4'), head: weightFormat('int4'), vision: weightFormat('w8a8'), fast: false, compute: 'float32',
};

/** What a compile will need and what the package will take, in bytes. */
export interface CompileForecast {
  readonly diskBytes: number;
  /** Peak of the compile itself. */
  readonly compileMemoryBytes: number;
  /** The package, from which the memory to run it follows. */
  readonly outline: PackageOutline;
}

interface PlannedGraph {
  readonly file: string;
  readonly graph: Graph;
}

interface Plan {
  readonly graphs: readonly PlannedGraph[];
  readonly outline: PackageOutline;
}

const embeddingsFile = 'embeddings.data';
/** Types in which the runtime reads the table of embeddings as it is. */
const kept: Partial<Record<ElementType, 'float32' | 'float16' | 'bfloat16'>> = { f32: 'float32', f16: 'float16', bf16: 'bfloat16' };

function tableOf(checkpoint: Checkpoint): Matrix {
  const { architecture, text } = checkpoint.config;
  return new CheckpointWeights(checkpoint).matrix(architectureFor(architecture).embeddings, text.vocabSize, text.hiddenSize);
}

const storedType = ({ type }: Matrix): 'float32' | 'float16' | 'bfloat16' => kept[type] ?? 'float16';

function embeddingsOf(checkpoint: Checkpoint): PackageEmbeddings {
  const matrix = tableOf(checkpoint);
  return { file: embeddingsFile, offset: 0, type: storedType(matrix), rows: matrix.rows, columns: matrix.columns, block: null, scales: null };
}

function plan(checkpoint: Checkpoint, options: CompileOptions): Plan {
  const { config } = checkpoint;
  const architecture = architectureFor(config.architecture);
  const weights = new CheckpointWeights(checkpoint);
  const formats: ArchitectureFormats = { text: options.text, head: options.head, vision: options.vision };
  const build = (name: string, add: (context: { graph: GraphBuilder; weights: CheckpointWeights; compute: ComputeType }) => void): PlannedGraph => {
    const graph = new GraphBuilder(name, { taps: options.taps ?? false });
    add({ graph, weights, compute: options.compute });
    return { file: `${name}.onnx`, graph: graph.finish() };
  };
  const text = (format: WeightFormat): DecoderOptions => architecture.text(config.text, config.vision, { ...formats, text: format });
  const whole = build('text', (context) => decoder(context, text(formats.text)));
  const layer = options.compute === 'float32' && formats.text.type === 'int4' ? planTextLayer(weights, text(formats.text), whole.graph) : null;
  const graphs = [
    whole,
    ...(options.fast ? [build('text-fast', (context) => decoder(context, text(weightFormat('w8a8'))))] : []),
    build('vision', (context) => architecture.vision(context, config.vision, formats)),
    ...(layer ? [{ file: 'text-layer.onnx', graph: layer.graph }] : []),
  ];
  weights.matrix(architecture.embeddings, config.text.vocabSize, config.text.hiddenSize);
  weights.expectComplete();
  for (const { graph } of graphs) checkGraph(graph);
  return {
    graphs,
    outline: {
      config: { text: config.text, vision: config.vision },
      quantization: { text: options.text.type, lmHead: options.head.type, vision: options.vision.type, block: ['int4', 'int8'].includes(options.text.type) ? options.text.block : null, symmetric: options.text.symmetric },
      embeddings: embeddingsOf(checkpoint),
      graphs: { text: 'text.onnx', textFast: options.fast ? 'text-fast.onnx' : null, vision: 'vision.onnx', textLayer: layer?.describe({ graph: 'text-layer.onnx', data: 'text.onnx.data' }) ?? null },
      kvType: options.compute,
      files: graphs.map(({ file, graph }) => ({ name: `${file}.data`, sizeBytes: layOutConstants(graph).byteLength })),
    },
  };
}

/** The compiled graphs of a checkpoint, unwritten: for forecasts and for tests that compare node lists. */
export function planGraphs(checkpoint: Checkpoint, options: CompileOptions): Graph[] {
  return plan(checkpoint, options).graphs.map(({ graph }) => graph);
}

function forecastOf(checkpoint: Checkpoint, { graphs, outline }: Plan): CompileForecast {
  const sizes = graphs.map(({ graph }) => layOutConstants(graph).byteLength);
  const { vocabSize, hiddenSize } = checkpoint.config.text;
  const weightBytes = sizes.reduce((sum, size) => sum + size, 0);
  // The largest piece in flight: a whole int8 matrix turned, or a packed module unpacked, beside some megabytes of float32.
  const pieces = graphs.flatMap(({ graph }) => graph.fills.map((fill) => fill.constants.reduce((sum, constant) => sum + constant.byteLength, 0)));
  return { diskBytes: weightBytes + vocabSize * hiddenSize * 4 + (32 << 20), compileMemoryBytes: 2 * pieces.reduce((most, one) => Math.max(most, one), 0) + (400 << 20), outline };
}

/** The forecast for a checkpoint folder, from headers alone. @throws what `compileCheckpoint` throws before it starts work */
export async function forecastCompile(folder: string, options: CompileOptions): Promise<CompileForecast> {
  const checkpoint = await openCheckpoint(folder);
  try {
    return forecastOf(checkpoint, plan(checkpoint, options));
  } finally {
    await checkpoint.close();
  }
}

/** Copies the embedding table as it is stored, for the runtime to read rows from. */
async function writeEmbeddings(job: Job, checkpoint: Checkpoint, folder: string, runner: TaskRunner): Promise<void> {
  const { vocabSize: rows, hiddenSize: columns } = checkpoint.config.text;
  const matrix = tableOf(checkpoint);
  const type = storedType(matrix);
  const rowBytes = columns * (type === 'float32' ? 4 : 2);
  const file = join(folder, embeddingsFile);
  await (await open(file, 'w')).close();
  const step = Math.max(1, Math.floor((4 << 20) / rowBytes));
  let done = 0;
  const copied: Promise<void>[] = [];
  for (let start = 0; start < rows; start += step) {
    const count = Math.min(step, rows - start);
    const source = { rows: count, columns, from: { type: matrix.type, stored: matrix.storedRows!(start, count) } };
    copied.push(runner.run({ do: 'copy', source, as: kept[matrix.type] ? 'stored' : 'float16', to: { file, position: start * rowBytes } }).then(() => job.progress('compiling', (done += count) / rows, 'embeddings')));
  }
  await Promise.all(copied);
}

/** Size and hash of each of the files, one after the other, so that one thread at most is busy with them. */
async function describeFiles(paths: readonly string[], runner: TaskRunner): Promise<PackageFile[]> {
  const described: PackageFile[] = [];
  for (const path of paths) described.push({ name: basename(path), sizeBytes: (await stat(path)).size, sha256: await runner.run({ do: 'hash', file: path }) });
  return described;
}

/** The weight files that the package is made from. */
function weightFiles(checkpoint: Checkpoint): string[] {
  return [...new Set([...checkpoint.tensors.values()].map((tensor) => tensor.file))].sort();
}

/** A promise that is awaited later: failing before that is not unhandled. */
function later<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

export interface CompileTarget extends PackageTarget {
  /** The built `compiler/worker.ts` and how many threads shall run it. Without, everything is done in this thread. */
  readonly threads?: { readonly script: string; readonly count: number };
}

/** A package id from a folder's name and the weights chosen. */
export function packageId(folder: string, weights: string): string {
  const plain = basename(folder).toLowerCase().replace(/[^a-z0-9.]+/g, '-').replace(/^[^a-z0-9]+|-+$/g, '') || 'model';
  return `${plain}-${weights}`;
}

/**
 * Compiles the checkpoint in `folder` into `target.root/target.id`. The same checkpoint and options give the same bytes.
 * @throws checkpoint-not-found, checkpoint-incomplete, checkpoint-unsupported, checkpoint-damaged, checkpoint-unsafe, tensor-missing, tensor-shape,
 * quantization-unsupported, graph-invalid, disk-insufficient, package-exists, disk-full, write-failed, import-stopped, out-of-memory, job-cancelled
 */
export async function compileCheckpoint(job: Job, folder: string, options: CompileOptions, target: CompileTarget): Promise<PackageManifest> {
  await expectNoPackage(target);
  const checkpoint = await openCheckpoint(folder);
  try {
    job.progress('compiling', 0, 'reading headers');
    const companion = await readCompanionConfig(checkpoint);
    const planned = plan(checkpoint, options);
    const { graphs, outline } = planned;
    return await placePackage(job, target, forecastOf(checkpoint, planned).diskBytes, async (made) => {
      const { sourceFiles, files } = await writeFiles(job, checkpoint, graphs, made, target);
      const { architecture } = checkpoint.config;
      return {
        formatVersion, id: target.id, name: target.name ?? basename(folder), architecture,
        source: { name: basename(folder), files: sourceFiles },
        ...outline,
        ...companion,
        files,
      };
    });
  } finally {
    await checkpoint.close();
  }
}

interface WrittenFiles {
  readonly sourceFiles: PackageFile[];
  readonly files: PackageFile[];
}

/** Everything of a package but its manifest, with the threads that write it. */
async function writeFiles(job: Job, checkpoint: Checkpoint, graphs: readonly PlannedGraph[], made: string, { threads }: CompileTarget): Promise<WrittenFiles> {
  const runner = threads ? openThreads(threads.script, threads.count, job.signal) : openHere(job.signal);
  try {
    // The checksums of the checkpoint read it in order, ahead of the rounding. Those of a file of the package follow its last byte.
    const source = later(describeFiles(weightFiles(checkpoint), runner));
    await writeEmbeddings(partOf(job, 0.01, 0.05), checkpoint, made, runner);
    const described = [later(describeFiles([join(made, embeddingsFile)], runner))];
    const total = graphs.reduce((sum, { graph }) => sum + layOutConstants(graph).byteLength, 0) || 1;
    let done = 0;
    for (const { file, graph } of graphs) {
      const size = layOutConstants(graph).byteLength;
      await writeOnnx(partOf(job, 0.05 + (0.87 * done) / total, 0.05 + (0.87 * (done + size)) / total), graph, join(made, file), runner);
      described.push(later(describeFiles([file, ...(size > 0 ? [`${file}.data`] : [])].map((name) => join(made, name)), runner)));
      done += size;
    }
    for (const name of checkpoint.companions) await copyFile(join(checkpoint.folder, name), join(made, name), copyFlags.COPYFILE_FICLONE);
    described.push(later(describeFiles(checkpoint.companions.map((name) => join(made, name)), runner)));
    job.progress('writing', 0.93, 'checksums');
    const [sourceFiles, files] = [await source, (await Promise.all(described)).flat()];
    return { sourceFiles, files: files.sort((a, b) => (a.name < b.name ? -1 : 1)) };
  } finally {
    await runner.close();
  }
}
