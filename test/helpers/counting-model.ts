// A decoder whose next token is the last one plus one, as a graph with the inputs and outputs of every compiled decoder: the loop around
// a model is tested with tokens that are known beforehand.
import { textGraph, type PackageTextConfig } from '../../src-main/model/package-format.ts';
import { tinyOnnx, type TinyValue } from './tiny-onnx.ts';

export const countingVocabulary = 64;

export const countingConfig: PackageTextConfig = {
  hiddenSize: countingVocabulary, layers: 1, heads: 2, kvHeads: 1, headDim: 32, intermediateSize: 64, vocabSize: countingVocabulary, normEpsilon: 1e-6, ropeTheta: 10000,
  mropeSection: null, mropeInterleaved: false, tiedEmbeddings: true, maxPositions: 4096, trainedLength: null, dynamicNtk: false, lognAttention: false,
};

/**
 * logits = 8 * (embedding of the token shifted by one) + a trace of attention over all cached rows: GroupQueryAttention really reads
 * and writes the cache, with a weight too small to change the token, so that a wrong cache shows in the logits.
 */
export function countingModel(): Uint8Array {
  const size = countingVocabulary;
  const shift = new Float32Array(size * size);
  for (let token = 0; token < size; token++) shift[token * size + ((token + 1) % size)] = 8;
  const project = Float32Array.from({ length: size * size }, (_, at) => Math.sin(at * 0.37) * 0.2);
  const keyProject = Float32Array.from({ length: size * 32 }, (_, at) => Math.cos(at * 0.11) * 0.2);
  const small = Float32Array.of(0.01);
  const cache = (name: string): TinyValue => ({ name, type: 'float32', dims: [1, 1, 'capacity', 32] });
  return tinyOnnx({
    nodes: [
      { op: 'MatMul', inputs: [textGraph.embeds, 'project'], outputs: ['q'] },
      { op: 'MatMul', inputs: [textGraph.embeds, 'keyProject'], outputs: ['k'] },
      { op: 'RotaryEmbedding', domain: 'com.microsoft', inputs: ['q', textGraph.positions, textGraph.ropeCos, textGraph.ropeSin], outputs: ['qr'], ints: { num_heads: 2, rotary_embedding_dim: 0 } },
      { op: 'RotaryEmbedding', domain: 'com.microsoft', inputs: ['k', textGraph.positions, textGraph.ropeCos, textGraph.ropeSin], outputs: ['kr'], ints: { num_heads: 1, rotary_embedding_dim: 0 } },
      { op: 'GroupQueryAttention', domain: 'com.microsoft', inputs: ['qr', 'kr', 'k', textGraph.pastKey(0), textGraph.pastValue(0), textGraph.lastIndex, textGraph.totalLength], outputs: ['attended', textGraph.presentKey(0), textGraph.presentValue(0)], ints: { num_heads: 2, kv_num_heads: 1 } },
      { op: 'Mul', inputs: ['attended', 'small'], outputs: ['trace'] },
      { op: 'MatMul', inputs: [textGraph.embeds, 'shift'], outputs: ['next'] },
      { op: 'Add', inputs: ['next', 'trace'], outputs: ['all'] },
      { op: 'Neg', inputs: [textGraph.keep], outputs: ['from'] },
      { op: 'Slice', inputs: ['all', 'from', 'end', 'axis'], outputs: [textGraph.logits] },
    ],
    initializers: [
      { name: 'shift', type: 'float32', dims: [size, size], data: shift },
      { name: 'project', type: 'float32', dims: [size, size], data: project },
      { name: 'keyProject', type: 'float32', dims: [size, 32], data: keyProject },
      { name: 'small', type: 'float32', dims: [1], data: small },
      { name: 'end', type: 'int64', dims: [1], data: BigInt64Array.of(2n ** 40n) },
      { name: 'axis', type: 'int64', dims: [1], data: BigInt64Array.of(1n) },
    ],
    inputs: [
      { name: textGraph.embeds, type: 'float32', dims: [1, 'rows', size] },
      { name: textGraph.ropeCos, type: 'float32', dims: ['rows', 16] },
      { name: textGraph.ropeSin, type: 'float32', dims: ['rows', 16] },
      { name: textGraph.positions, type: 'int64', dims: [1, 'rows'] },
      { name: textGraph.lastIndex, type: 'int32', dims: [1] },
      { name: textGraph.totalLength, type: 'int32', dims: [] },
      { name: textGraph.keep, type: 'int64', dims: [1] },
      cache(textGraph.pastKey(0)),
      cache(textGraph.pastValue(0)),
    ],
    outputs: [{ name: textGraph.logits, type: 'float32', dims: [1, 'kept', size] }, cache(textGraph.presentKey(0)), cache(textGraph.presentValue(0))],
  });
}

/** One-hot rows, as an embedding table on disk. */
export function countingEmbeddings(): Float32Array {
  const table = new Float32Array(countingVocabulary * countingVocabulary);
  for (let token = 0; token < countingVocabulary; token++) table[token * countingVocabulary + token] = 1;
  return table;
}
