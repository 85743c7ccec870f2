// Imports a model: compiles a checkpoint or takes an ONNX export as it is, and tries the result before it counts. The one place where
// the compiler and the runtime meet.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { JobInput, JobResult } from '@contract/job.ts';
import type { CompileRequest } from '@contract/model.ts';
import { AppError } from '../../base/errors.ts';
import type { Job } from '../../base/job.ts';
import { compileCheckpoint, type CompileOptions, type CompileTarget, forecastCompile, packageId, usualOptions } from '../../compiler/compile.ts';
import { weightFormat } from '../../compiler/weight-formats.ts';
import { usualThreads } from '../../compiler/weight-threads.ts';
import { freeMemoryBytes, totalMemoryBytes } from '../../inference/free-memory.ts';
import { picture } from '../../inference/image/picture.ts';
import { forecastUsual, type MemoryForecast, requireCompileMemory } from '../../inference/memory-forecast.ts';
import { openPackage } from '../../inference/open-package.ts';
import { planImage } from '../../inference/vision-model.ts';
import { publishedName } from '../../model/download.ts';
import { isOnnxExport, readOnnxExport } from '../../model/onnx-export.ts';
import { exportBytes, outlineOf, packageExport } from '../../model/package-export.ts';
import type { PackageTarget } from '../../model/package-files.ts';
import type { PackageManifest } from '../../model/package-format.ts';
import { closeModel } from './load-model.ts';

/** The request with the usual choices filled in. */
export function compileOptions(input: Omit<CompileRequest, 'folder' | 'root'>): CompileOptions {
  const gpu = input.gpu ?? false;
  const details = { ...(input.block === undefined ? {} : { block: input.block }), ...(input.symmetric === undefined ? {} : { symmetric: input.symmetric }), ...(input.search === undefined ? {} : { search: input.search }) };
  const text = input.text ?? usualOptions.text.type;
  return {
    text: weightFormat(text, details),
    // An output head in 8-bit rows would need the whole table turned; 8-bit blocks are as exact.
    head: weightFormat(input.head ?? (text === 'w8a8' ? 'int8' : text), details),
    vision: weightFormat(input.vision ?? (gpu ? 'fp16' : text === 'fp32' || text === 'fp16' ? text : usualOptions.vision.type), details),
    fast: input.fast ?? usualOptions.fast,
    compute: gpu ? 'float16' : 'float32',
  };
}

const workerScript = 'compiler-worker.js';

/** The compiler's threads run a script of their own, beside the engine's or one folder above its parts. Sources that were not built have none. */
function compilerThreads(job: Job): CompileTarget['threads'] {
  const folders = [import.meta.dirname, join(import.meta.dirname, '..')];
  const script = folders.map((folder) => join(folder, workerScript)).find((file) => existsSync(file));
  if (script !== undefined) return { script, count: usualThreads() };
  job.log('warn', `${workerScript} is missing: this compile has one thread and takes several times as long`, { folders });
  return undefined;
}

/**
 * Loads the package, shows it a grey picture and four tokens: every graph must run and give finite numbers. A package that this
 * machine has no memory or provider for is kept untried; another machine may run it.
 */
async function smokeRun(job: Job, folder: string): Promise<void> {
  await closeModel();
  let model;
  try {
    model = await openPackage(job, folder, { contextTokens: 512, maxImageTokens: 64 });
  } catch (error) {
    if (error instanceof AppError && (error.code === 'memory-insufficient' || error.code === 'provider-unavailable')) return job.log('warn', `${folder} was not tried`, error);
    throw error;
  }
  try {
    const { text, table, manifest } = model;
    const { hiddenSize } = manifest.config.text;
    const cache = text.newCache();
    cache.reserve(16);
    const ids = [0, 1, 2, 3];
    const rows = { embeds: await table.lookUp(ids), positions: Int32Array.from({ length: 12 }, (_, i) => i % 4), deepstack: null, ropeAlpha: 1 };
    const logits = await text.run(cache, rows, 1, job.signal);
    cache.close();
    if (!logits.data.every(Number.isFinite)) throw new AppError('logits-not-finite', { folder, graph: 'text' });
    const grey = picture(112, 112, new Uint8Array(112 * 112 * 3).fill(128));
    const vision = await model.vision();
    const features = await vision.encode(grey, planImage(grey, manifest.config.vision, manifest.processor, { maxPixels: 128 * 128 }), job.signal);
    if (features.embeds.length % hiddenSize !== 0 || !features.embeds.every(Number.isFinite)) throw new AppError('logits-not-finite', { folder, graph: 'vision' });
  } finally {
    await model.close();
  }
}

export interface ImportForecast {
  readonly diskBytes: number;
  /** Peak of the import itself. */
  readonly compileMemoryBytes: number;
  /** To run what comes of it, at the usual context and picture size. */
  readonly memory: MemoryForecast;
}

/** What importing the folder will take. @throws what reading its headers throws */
export async function forecastImport(input: Omit<CompileRequest, 'root'>): Promise<ImportForecast> {
  if (await isOnnxExport(input.folder)) {
    const source = await readOnnxExport(input.folder, input.variant);
    return { diskBytes: exportBytes(source), compileMemoryBytes: 64 << 20, memory: forecastUsual(outlineOf(source)) };
  }
  const { diskBytes, compileMemoryBytes, outline } = await forecastCompile(input.folder, compileOptions(input));
  return { diskBytes, compileMemoryBytes, memory: forecastUsual(outline) };
}

/** @throws memory-insufficient, what `compileCheckpoint`, `readOnnxExport`, `packageExport` and opening the result throw, logits-not-finite */
export async function compileModel(job: Job, input: JobInput<'compile-model'>): Promise<JobResult<'compile-model'>> {
  const { folder, root } = input;
  if (!input.ignoreMemory) requireCompileMemory(await forecastImport(input), { freeBytes: await freeMemoryBytes(), totalBytes: await totalMemoryBytes() });
  const exported = (await isOnnxExport(folder)) ? await readOnnxExport(folder, input.variant) : null;
  const options = compileOptions(input);
  const id = input.id ?? packageId(folder, exported ? `onnx-${exported.text.variant}` : options.text.type);
  const target: PackageTarget = { root, id, smokeRun, overwrite: input.overwrite ?? false, name: input.name ?? publishedName(folder) };
  const compile = (): Promise<PackageManifest> => {
    const threads = compilerThreads(job);
    return compileCheckpoint(job, folder, options, { ...target, ...(threads ? { threads } : {}) });
  };
  const manifest = await (exported ? packageExport(job, exported, target) : compile());
  return { id, name: manifest.name, folder: join(root, id), architecture: manifest.architecture, sizeBytes: manifest.files.reduce((sum, file) => sum + file.sizeBytes, 0) };
}
