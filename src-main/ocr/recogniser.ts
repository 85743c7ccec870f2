// Reads strips of text with one recognition network. Owns how pixels become the network's input and how many strips run
// at once; does not know which script a line should be read in.
import { availableParallelism } from 'node:os';
import type { Script } from '@contract/document.ts';
import { openSession, type Session } from '../inference/session.ts';
import { tensor, type Tensor } from '../inference/tensor.ts';
import type { Strip } from './crop.ts';
import { decodeCtc, type Reading } from './ctc.ts';
import { fasterModel } from './faster-graph.ts';
import { readDictionary, type RecogniserModel } from './model-files.ts';

/**
 * Strips read at once, each on one thread. Measured: two strips on one thread each take half the time of one strip on two
 * threads (a strip is too small to share), and a batch takes as long as its strips one by one. See docs/experiments.md.
 */
export const lanes = Math.max(1, Math.min(4, availableParallelism()));

export interface Recogniser {
  readonly script: Script;
  readonly inputHeight: number;
  readonly stepWidth: number;
  readonly dictionary: readonly string[];
  /** Width of the strip to cut for a line of this shape. */
  stripWidth(aspect: number): number;
  read(strip: Strip, signal: AbortSignal): Promise<Reading>;
  close(): void;
}

/** `[1, 3, height, width] float32`, blue first, -1…1. */
function recognitionInput({ width, height, data }: Strip): Tensor {
  const plane = width * height;
  const input = new Float32Array(3 * plane);
  for (let at = 0, from = 0; at < plane; at++, from += 3) {
    input[at] = data[from + 2]! / 127.5 - 1;
    input[plane + at] = data[from + 1]! / 127.5 - 1;
    input[2 * plane + at] = data[from]! / 127.5 - 1;
  }
  return tensor('float32', [1, 3, height, width], input);
}

/** @throws model-missing, model-file-damaged, runtime-missing */
export async function openRecogniser(model: RecogniserModel): Promise<Recogniser> {
  const [weights, dictionary] = await Promise.all([fasterModel(model.weights), readDictionary(model)]);
  const session: Session = await openSession(weights, { threads: 1, logId: `read ${model.script}` });
  return {
    script: model.script, inputHeight: model.inputHeight, stepWidth: model.stepWidth, dictionary,
    // Few different widths keep the runtime's per-shape preparation small; stretching by half a character of 16 is harmless.
    stripWidth: (aspect) => Math.max(32, Math.ceil((aspect * model.inputHeight) / 16) * 16),
    async read(strip, signal) {
      const outputs = await session.run({ [session.inputNames[0]!]: recognitionInput(strip) }, { signal });
      return decodeCtc(outputs[session.outputNames[0]!]!, dictionary);
    },
    close: () => session.close(),
  };
}

/** Runs `work` over `items`, `lanes` at a time, and gives the results in order. The first failure ends the rest. */
export async function inLanes<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]!, index);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane));
  } finally {
    next = items.length;
  }
  return results;
}
