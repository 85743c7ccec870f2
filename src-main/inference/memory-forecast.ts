// How much memory a model will take, before any of it is taken: weights, cache, vision tower at work. Knows sizes, opens nothing.
import { AppError } from '../base/errors.ts';
import type { PackageManifest } from '../model/package-format.ts';
import { kvBytesPerToken, kvShapeOf } from './kv-cache.ts';

export interface MemoryForecast {
  readonly weightsBytes: number;
  /** Of the whole context that is asked for. */
  readonly cacheBytes: number;
  /** Working memory of the vision tower for the largest image, freed after it. */
  readonly visionBytes: number;
  readonly workBytes: number;
  readonly totalBytes: number;
}

export interface ForecastOptions {
  readonly contextTokens: number;
  /** Tokens of the largest image. */
  readonly imageTokens: number;
  /** Without the second, faster copy of the decoder's weights. */
  readonly withFastText: boolean;
}

const graphFiles = (name: string, manifest: PackageManifest): number => {
  const stem = name.replace(/\.onnx$/, '');
  return manifest.files.filter((file) => file.name === name || file.name.startsWith(`${stem}.onnx`) || file.name === `${stem}.data`).reduce((sum, file) => sum + file.sizeBytes, 0);
};

/** An estimate from above that measured loads stay below. */
export function forecastMemory(manifest: PackageManifest, options: ForecastOptions): MemoryForecast {
  const { text, vision } = manifest.config;
  const { graphs } = manifest;
  const weightsBytes = graphFiles(graphs.text, manifest) + graphFiles(graphs.vision, manifest) + (graphs.textFast && options.withFastText ? graphFiles(graphs.textFast, manifest) : 0);
  const cacheBytes = options.contextTokens * kvBytesPerToken(kvShapeOf(text, manifest.kvType));
  const patches = vision.imageSize === null ? options.imageTokens * vision.mergeSize ** 2 : (vision.imageSize / vision.patchSize) ** 2;
  // per patch row: pixels, hidden states in and out, query-key-value, the wider layer twice
  const visionBytes = 4 * patches * (3 * vision.temporalPatchSize * vision.patchSize ** 2 + 6 * vision.hiddenSize + 2 * vision.intermediateSize);
  const prefillRows = 256;
  const workBytes = 4 * prefillRows * (8 * text.hiddenSize + 3 * text.intermediateSize) + 8 * text.vocabSize + 150e6;
  return { weightsBytes, cacheBytes, visionBytes, workBytes, totalBytes: weightsBytes + cacheBytes + visionBytes + workBytes };
}

/** @throws memory-insufficient with what is needed, what is free, and what each part takes */
export function requireMemory(forecast: MemoryForecast, freeBytes: number): void {
  if (forecast.totalBytes <= freeBytes) return;
  throw new AppError('memory-insufficient', {
    neededBytes: forecast.totalBytes,
    freeBytes,
    weightsBytes: forecast.weightsBytes,
    cacheBytes: forecast.cacheBytes,
    visionBytes: forecast.visionBytes,
  });
}

/**
 * Refuses a compile that would run out of memory, or whose result this machine could never load.
 * @throws memory-insufficient with `stage` `compile` or `run`
 */
export function requireCompileMemory(forecast: { readonly compileMemoryBytes: number; readonly loadedMemoryBytes: number }, memory: { readonly freeBytes: number; readonly totalBytes: number }): void {
  const { compileMemoryBytes, loadedMemoryBytes } = forecast;
  if (compileMemoryBytes > memory.freeBytes) throw new AppError('memory-insufficient', { stage: 'compile', neededBytes: compileMemoryBytes, freeBytes: memory.freeBytes });
  if (loadedMemoryBytes > memory.totalBytes) throw new AppError('memory-insufficient', { stage: 'run', neededBytes: loadedMemoryBytes, freeBytes: memory.totalBytes });
}
