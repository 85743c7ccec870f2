// Runs many rows through a decoder layer by layer, one graph for all of them, each layer's weights made while the one before is computed. Leaves
// keys and values in the cache and gives nothing else: whoever wants logits runs the last rows through the whole decoder.
import path from 'node:path';
import { AppError } from '../base/errors.ts';
import { textGraph, type PackageTextLayer } from '../model/package-format.ts';
import type { HeldTensor } from './ort-value.ts';
import { openSession, type Session, type SessionOptions } from './session.ts';
import type { Tensor } from './tensor.ts';
import { WidenedWeights } from './widened-weights.ts';

export class LayeredPrefill {
  readonly #session: Session;
  readonly #weights: WidenedWeights;
  #running: Promise<void> = Promise.resolve();

  private constructor(session: Session, weights: WidenedWeights) {
    this.#session = session;
    this.#weights = weights;
  }

  /** @throws package-damaged, model-missing, model-file-damaged, out-of-memory */
  static async open(folder: string, description: PackageTextLayer, options: SessionOptions): Promise<LayeredPrefill> {
    // every layer wants the same large tensors: memory that is kept need not be handed out by the system page by page
    const kept = { ...options, memoryArena: true };
    const weights = await WidenedWeights.open(path.join(folder, description.data), description);
    let session: Session | null = null;
    try {
      session = await openSession(path.join(folder, description.graph), kept);
      requireInputs(session, description);
      return new LayeredPrefill(session, weights);
    } catch (error) {
      session?.close();
      await weights.close();
      throw error;
    }
  }

  /**
   * @param rows the rows of embeddings, `[1, rows, hidden]`
   * @param shared the decoder's other inputs but those of the cache
   * @param cache keys and values by the whole decoder's names
   * @param features per layer, added to what leaves it
   * @throws job-cancelled, out-of-memory, package-damaged, model-closed
   */
  run(rows: Tensor<'float32'>, shared: Readonly<Record<string, Tensor>>, cache: Readonly<Record<string, HeldTensor>>, features: readonly (Float32Array | undefined)[], signal?: AbortSignal): Promise<void> {
    // the weights have one memory: a run that ended early may still be making some
    const done = this.#running.then(() => this.#run(rows, shared, cache, features, signal));
    this.#running = done.catch(() => {});
    return done;
  }

  async #run(rows: Tensor<'float32'>, shared: Readonly<Record<string, Tensor>>, cache: Readonly<Record<string, HeldTensor>>, features: readonly (Float32Array | undefined)[], signal?: AbortSignal): Promise<void> {
    const { layers } = this.#weights;
    let hidden = rows;
    let next = this.#weights.layer(0);
    for (let layer = 0; layer < layers; layer++) {
      const weights = await next;
      if (signal?.aborted) throw new AppError('job-cancelled');
      const computed = this.#session.run(
        { ...shared, ...weights, [textGraph.embeds]: hidden, [textGraph.pastKey(0)]: cache[textGraph.pastKey(layer)]!, [textGraph.pastValue(0)]: cache[textGraph.pastValue(layer)]! },
        { outputs: [textGraph.hidden], into: { [textGraph.presentKey(0)]: cache[textGraph.pastKey(layer)]!, [textGraph.presentValue(0)]: cache[textGraph.pastValue(layer)]! }, ...(signal ? { signal } : {}) },
      );
      const made = layer + 1 < layers ? this.#weights.layer(layer + 1) : null;
      const [ended, ready] = await Promise.allSettled([computed, made]);
      if (ended.status === 'rejected') throw ended.reason;
      if (ready.status === 'rejected') throw ready.reason;
      if (made) next = made;
      hidden = ended.value[textGraph.hidden] as Tensor<'float32'>;
      features[layer]?.forEach((value, at) => {
        hidden.data[at]! += value;
      });
    }
  }

  async close(): Promise<void> {
    this.#session.close();
    await this.#running;
    await this.#weights.close();
  }
}

/** What the package says of the layer's weights is what the graph takes. */
function requireInputs(session: Session, { graph, products, vectors }: PackageTextLayer): void {
  const wanted = [
    ...products.flatMap(({ integers, scales, rows, columns }) => [{ name: integers, dims: [columns, rows] }, { name: scales, dims: [rows] }]),
    ...vectors.map(({ name, length }) => ({ name, dims: [length] })),
  ];
  for (const { name, dims } of wanted) {
    const found = session.inputs.find((one) => one.name === name);
    if (!found || found.dims.join() !== dims.join()) throw new AppError('package-damaged', { file: graph, reason: `${name} is ${found ? found.dims.join(' × ') : 'not there'} instead of ${dims.join(' × ')}` });
  }
}
