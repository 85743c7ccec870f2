// A compiled vision tower: a picture in, feature rows for the decoder out, in the order in which the prompt takes them. Knows how a
// picture is resized and cut for each generation; nothing of prompts.
import { assert } from '../base/errors.ts';
import { visionGraph, type PackageProcessor, type PackageVisionConfig } from '../model/package-format.ts';
import { resizeBicubic } from './image/bicubic.ts';
import { cutPatches } from './image/patches.ts';
import { picture, type Picture } from './image/picture.ts';
import { paddedSize, smartResize, type InputSize } from './image/smart-resize.ts';
import { gridRope, learnedPositions, planWindows, reorderRows, restoreRows } from './image/vision-inputs.ts';
import type { Session } from './session.ts';
import type { Tensor } from './tensor.ts';

/** How a picture becomes model input; part of an answer's record, and what grounding converts with. */
export interface ImagePlan {
  readonly original: InputSize;
  /** The original with white added where its shape was too long; else the same. */
  readonly padded: InputSize;
  /** What the model sees. */
  readonly input: InputSize;
  /** Tokens in the prompt, and their grid. */
  readonly tokens: number;
  readonly grid: { readonly height: number; readonly width: number };
}

export interface ImageFeatures {
  /** `[tokens, hidden] float32` */
  readonly embeds: Float32Array;
  /** Qwen3-VL: one `[tokens, hidden]` per level. */
  readonly deepstack: readonly Float32Array[];
}

export interface ImageLimits {
  /** Area of the resized picture; the package's own limit counts too. */
  readonly maxPixels?: number;
  readonly minPixels?: number;
}

/** What would be sent for a picture of this size. @throws image-empty */
export function planImage(original: InputSize, config: PackageVisionConfig, processor: PackageProcessor, limits: ImageLimits = {}): ImagePlan {
  if (config.imageSize !== null) {
    const tokens = config.queries ?? 256;
    const side = Math.round(Math.sqrt(tokens));
    return { original, padded: original, input: { width: config.imageSize, height: config.imageSize }, tokens, grid: { height: side, width: side } };
  }
  const factor = config.patchSize * config.mergeSize;
  const padded = original.width > 0 && original.height > 0 ? paddedSize(original) : original;
  const maxPixels = Math.min(processor.maxPixels ?? Infinity, limits.maxPixels ?? Infinity);
  const minPixels = Math.min(Math.max(processor.minPixels ?? 0, limits.minPixels ?? 0), maxPixels);
  const input = smartResize(padded, factor, minPixels, maxPixels);
  const grid = { height: input.height / factor, width: input.width / factor };
  return { original, padded, input, grid, tokens: grid.height * grid.width };
}

/** White to the right and below. */
function padPicture(source: Picture, size: InputSize): Picture {
  if (size.width === source.width && size.height === source.height) return source;
  const data = new Uint8Array(size.width * size.height * 3).fill(255);
  for (let y = 0; y < source.height; y++) data.set(source.data.subarray(y * source.width * 3, (y + 1) * source.width * 3), y * size.width * 3);
  return picture(size.width, size.height, data);
}

/** A vision tower of either kind: one that we compiled, or one of an ONNX export. */
export interface VisionTower {
  /** @throws job-cancelled, out-of-memory */
  encode(source: Picture, plan: ImagePlan, signal?: AbortSignal): Promise<ImageFeatures>;
  close(): void;
}

/** The picture resized as planned and cut into `[N, channels * temporal * patch * patch]` rows. */
export function patchesOf(source: Picture, plan: ImagePlan, config: PackageVisionConfig, processor: PackageProcessor): ReturnType<typeof cutPatches> {
  const resized = resizeBicubic(padPicture(source, plan.padded), plan.input.width, plan.input.height);
  return cutPatches(resized, { ...config, mean: processor.mean, std: processor.std });
}

export class VisionModel implements VisionTower {
  readonly config: PackageVisionConfig;
  readonly processor: PackageProcessor;
  readonly session: Session;

  constructor(config: PackageVisionConfig, processor: PackageProcessor, session: Session) {
    this.config = config;
    this.processor = processor;
    this.session = session;
  }

  /** The tower's input tensors for one picture, by the graph's names; and how to put its output rows back in order. */
  inputsFor(source: Picture, plan: ImagePlan): { inputs: Record<string, Tensor>; restore: (rows: Tensor<'float32'>) => Tensor<'float32'> } {
    const { config, processor } = this;
    const { patches, grid } = patchesOf(source, plan, config, processor);
    const keep = (rows: Tensor<'float32'>): Tensor<'float32'> => rows;
    if (config.imageSize !== null) return { inputs: { [visionGraph.patches]: patches }, restore: keep };
    const rope = gridRope(grid, config);
    if (config.windowSize !== null) {
      const windows = planWindows(grid, config.mergeSize, config.windowSize / config.patchSize / config.mergeSize);
      return {
        inputs: {
          [visionGraph.patches]: reorderRows(patches, windows.order),
          [visionGraph.ropeCos]: reorderRows(rope.cos, windows.order),
          [visionGraph.ropeSin]: reorderRows(rope.sin, windows.order),
          [visionGraph.windowRows]: windows.rows,
          [visionGraph.windowBias]: windows.bias,
          [visionGraph.windowSlots]: windows.slots,
        },
        restore: (rows) => restoreRows(rows, windows.order),
      };
    }
    const inputs: Record<string, Tensor> = { [visionGraph.patches]: patches, [visionGraph.ropeCos]: rope.cos, [visionGraph.ropeSin]: rope.sin };
    if (config.positionGrid !== null) {
      const { index, weight } = learnedPositions(grid, config.mergeSize, config.positionGrid);
      inputs[visionGraph.positionIndex] = index;
      inputs[visionGraph.positionWeight] = weight;
    }
    return { inputs, restore: keep };
  }

  /** @throws job-cancelled, out-of-memory */
  async encode(source: Picture, plan: ImagePlan, signal?: AbortSignal): Promise<ImageFeatures> {
    const { inputs, restore } = this.inputsFor(source, plan);
    const outputs = await this.session.run(inputs, signal ? { signal } : {});
    const rowsOf = (name: string): Float32Array => {
      const rows = outputs[name] as Tensor<'float32'> | undefined;
      assert(rows && rows.data.length === plan.tokens * this.config.outHiddenSize, `the vision tower gives ${name} of ${plan.tokens} rows`);
      return restore(rows).data;
    };
    return { embeds: rowsOf(visionGraph.imageEmbeds), deepstack: this.config.deepstackBlocks.map((_, level) => rowsOf(visionGraph.deepstack(level))) };
  }

  close(): void {
    this.session.close();
  }
}
