// How much memory a model will take, before any of it is taken: weights, cache, vision tower at work. Knows sizes, opens nothing.
import { AppError } from '../base/errors.ts';
import { usualContextTokens, usualImageTokens } from '../base/usual-limits.ts';
import type { PackageOutline, WeightType } from '../model/package-format.ts';
import { rowsWithAllLogits } from './exported-model.ts';
import { kvBytesPerToken, kvShapeOf } from './kv-cache.ts';
import { usualChunkRows } from './text-model.ts';
import { widenedBytes } from './widened-weights.ts';

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
  /** With room for the 8-bit weights of two layers, for long prompts. */
  readonly withLayers: boolean;
}

const graphFiles = (name: string, manifest: PackageOutline): number => {
  const stem = name.replace(/\.onnx$/, '');
  return manifest.files.filter((file) => file.name === name || file.name.startsWith(`${stem}.onnx`) || file.name === `${stem}.data`).reduce((sum, file) => sum + file.sizeBytes, 0);
};

/** An estimate from above that measured loads stay below. */
export function forecastMemory(manifest: PackageOutline, options: ForecastOptions): MemoryForecast {
  const { text, vision } = manifest.config;
  const { graphs, embeddings, quantization } = manifest;
  const exported = 'graph' in embeddings;
  // processors compute in 32 bits: the runtime widens half-precision weights of an export while it loads
  const graphBytes = (name: string, weights?: WeightType): number => graphFiles(name, manifest) * (exported && weights === 'fp16' ? 3 : 1);
  const weightsBytes = graphBytes(graphs.text, quantization.text) + graphBytes(graphs.vision, quantization.vision)
    + (graphs.textFast && options.withFastText ? graphBytes(graphs.textFast) : 0) + (exported ? 3 * graphBytes(embeddings.graph) : 0);
  // an export reads one copy of its keys and values and writes another
  const cacheBytes = options.contextTokens * kvBytesPerToken(kvShapeOf(text, manifest.kvType)) * (exported ? 2 : 1);
  const patches = vision.imageSize === null ? options.imageTokens * vision.mergeSize ** 2 : (vision.imageSize / vision.patchSize) ** 2;
  // per patch row: pixels, hidden states in and out, query-key-value, the wider layer twice
  const rowBytes = 4 * patches * (3 * vision.temporalPatchSize * vision.patchSize ** 2 + 6 * vision.hiddenSize + 2 * vision.intermediateSize);
  // plain attention of an export holds every patch's scores for every other, as they come and as they leave softmax
  const visionBytes = rowBytes + (exported ? 8 * vision.heads * patches ** 2 : 0);
  const layers = options.withLayers && !options.withFastText ? graphs.textLayer : null;
  const logitRows = exported ? rowsWithAllLogits : 1;
  const workBytes = 4 * usualChunkRows * (8 * text.hiddenSize + 3 * text.intermediateSize) + 8 * text.vocabSize * logitRows + 150e6 + (layers ? widenedBytes(layers) : 0);
  return { weightsBytes, cacheBytes, visionBytes, workBytes, totalBytes: weightsBytes + cacheBytes + visionBytes + workBytes };
}

/** What opening a package takes when nothing else is said. */
export function forecastUsual(outline: PackageOutline): MemoryForecast {
  const contextTokens = Math.min(usualContextTokens, outline.config.text.maxPositions);
  return forecastMemory(outline, { contextTokens, imageTokens: usualImageTokens, withFastText: false, withLayers: false });
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
export function requireCompileMemory(forecast: { readonly compileMemoryBytes: number; readonly memory: MemoryForecast }, memory: { readonly freeBytes: number; readonly totalBytes: number }): void {
  const { compileMemoryBytes, memory: { totalBytes: neededBytes } } = forecast;
  if (compileMemoryBytes > memory.freeBytes) throw new AppError('memory-insufficient', { stage: 'compile', neededBytes: compileMemoryBytes, freeBytes: memory.freeBytes });
  if (neededBytes > memory.totalBytes) throw new AppError('memory-insufficient', { stage: 'run', neededBytes, freeBytes: memory.totalBytes });
}
