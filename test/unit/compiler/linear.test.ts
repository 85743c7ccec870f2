// x · Wᵀ + b through ONNX Runtime in every stored form, against float64 arithmetic in TypeScript: a wrong nibble order, a transposed scale
// or a bias on the wrong module changes these numbers.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { linear } from '../../../src-main/compiler/blocks/linear.ts';
import type { BlockContext } from '../../../src-main/compiler/blocks/context.ts';
import type { Vector } from '../../../src-main/compiler/checkpoint-weights.ts';
import { GraphBuilder } from '../../../src-main/compiler/graph-builder.ts';
import { type WeightFormat, weightFormat } from '../../../src-main/compiler/weight-formats.ts';
import { tensor } from '../../../src-main/inference/tensor.ts';
import type { Matrix } from '../../../src-main/model/matrix.ts';
import { packedMatrix, type PackedTensors } from '../../../src-main/model/packed-matrix.ts';
import { FilePool, type StoredTensor } from '../../../src-main/model/stored-tensor.ts';
import { noise, runGraph } from '../../helpers/run-graph.ts';
import { relativeError } from '../../helpers/reference.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'lectern-linear-'));
const files = new FilePool();
afterAll(async () => {
  await files.close();
  rmSync(folder, { recursive: true, force: true });
});

function matrixOf(rows: number, columns: number, data: Float32Array, label = 'w'): Matrix {
  return { label, rows, columns, type: 'f32', readBytes: data.byteLength, readRows: async (start, count) => data.slice(start * columns, (start + count) * columns) };
}

const vectorOf = (data: Float32Array): Vector => ({ label: 'b', length: data.length, read: async () => data });

function multiply(x: Float32Array, rows: number, weight: Float32Array, outputs: number, inputs: number, bias: Float32Array | null): Float32Array {
  const out = new Float32Array(rows * outputs);
  for (let row = 0; row < rows; row++) {
    for (let o = 0; o < outputs; o++) {
      let sum = bias?.[o] ?? 0;
      for (let i = 0; i < inputs; i++) sum += x[row * inputs + i]! * weight[o * inputs + i]!;
      out[row * outputs + o] = sum;
    }
  }
  return out;
}

async function run(x: Float32Array, inputs: number, modules: readonly Matrix[], biases: readonly (Vector | null)[], format: WeightFormat) {
  const graph = new GraphBuilder('linear');
  const context = { graph, compute: 'float32' } as BlockContext;
  const value = graph.input('x', 'float32', [1, 'rows', inputs]);
  graph.output(linear(context, '/linear', value, { modules, biases }, format));
  const built = graph.finish();
  const outputs = await runGraph(built, { x: tensor('float32', [1, x.length / inputs, inputs], x) });
  return { data: Object.values(outputs)[0]!.data as Float32Array, built };
}

describe('linear', () => {
  // 68 inputs: no whole number of blocks, as the 3420 of Qwen2.5-VL's vision MLP.
  const [rows, inputs, first, second] = [5, 68, 24, 8];
  const x = noise(rows * inputs, 3);
  const weights = [noise(first * inputs, 5), noise(second * inputs, 7)];
  const bias = noise(second, 9);
  const modules = [matrixOf(first, inputs, weights[0]!), matrixOf(second, inputs, weights[1]!)];
  const joined = new Float32Array([...weights[0]!, ...weights[1]!]);
  const expected = multiply(x, rows, joined, first + second, inputs, new Float32Array([...new Float32Array(first), ...bias]));

  it.each([
    ['fp32', weightFormat('fp32'), 1e-6],
    ['fp16', weightFormat('fp16'), 1e-3],
    ['int8 in blocks of 32', weightFormat('int8', { block: 32 }), 0.02],
    ['int4 in blocks of 16', weightFormat('int4', { block: 16 }), 0.12],
    ['int4 in blocks of 32', weightFormat('int4', { block: 32 }), 0.12],
    ['int4 with zero points', weightFormat('int4', { block: 32, symmetric: false }), 0.12],
    ['int8 with zero points', weightFormat('int8', { block: 32, symmetric: false }), 0.02],
    ['w8a8', weightFormat('w8a8'), 0.02],
  ])('%s: two modules as one, one of them with a bias', async (_name, format, tolerance) => {
    const { data } = await run(x, inputs, modules, [null, vectorOf(bias)], format);
    expect(relativeError(data, expected)).toBeLessThan(tolerance);
    // A bias on the wrong module, or two modules exchanged, is an error of order one; so is no rounding at all where some is meant.
    if (format.type !== 'fp32' && format.type !== 'fp16') expect(relativeError(data, expected)).toBeGreaterThan(1e-5);
  });

  it('w8a8 keeps small rows beside large ones, and zero rows zero', async () => {
    const mixed = Float32Array.from(x, (value, i) => value * (i < inputs ? 1e-4 : i < 2 * inputs ? 0 : 1000));
    const { data } = await run(mixed, inputs, [modules[0]!], [null], weightFormat('w8a8'));
    const exact = multiply(mixed, rows, weights[0]!, first, inputs, null);
    for (let row = 0; row < rows; row++) {
      if (row === 1) expect([...data.subarray(first, 2 * first)]).toEqual(Array.from({ length: first }, () => 0));
      else expect(relativeError(data.subarray(row * first, (row + 1) * first), exact.subarray(row * first, (row + 1) * first))).toBeLessThan(0.02);
    }
  });
});

describe('packed weights keep their integers', () => {
  interface Stored { qweight: number[][]; qzeros: number[][]; scales: number[][]; g_idx?: number[]; weight: number[][] }
  const vectors = JSON.parse(readFileSync('test/fixtures/vectors/int4-storage.json', 'utf8')) as Record<string, Stored>;
  const [inputs, outputs, rows] = [32, 8, 3];
  const x = noise(rows * inputs, 11);

  function store(name: string, type: 'i32' | 'f32', dims: number[], values: readonly number[]): StoredTensor {
    const file = path.join(folder, `${name}.${Math.random()}.raw`);
    writeFileSync(file, new Uint8Array((type === 'i32' ? Int32Array.from(values) : Float32Array.from(values)).buffer));
    return { name, type, dims, file, offset: 0, byteLength: values.length * 4 };
  }

  function packed(kind: string, change: Partial<PackedTensors> = {}) {
    const one = vectors[kind]!;
    const method = kind === 'awq' ? 'awq' : 'gptq';
    return packedMatrix(files, {
      label: kind, method, bits: 4, groupSize: 16, symmetric: kind === 'gptqSymmetric', activationOrder: kind === 'gptqActivationOrder',
      qweight: store('qweight', 'i32', [one.qweight.length, one.qweight[0]!.length], one.qweight.flat()),
      qzeros: store('qzeros', 'i32', [one.qzeros.length, one.qzeros[0]!.length], one.qzeros.flat()),
      scales: store('scales', 'f32', [one.scales.length, one.scales[0]!.length], one.scales.flat()),
      groupIndex: one.g_idx ? store('g_idx', 'i32', [one.g_idx.length], one.g_idx) : null,
      ...change,
    });
  }

  const kinds = ['gptqSymmetric', 'gptqAsymmetric', 'gptqActivationOrder', 'awq'] as const;

  it.each(kinds)('%s: the values are the reference\'s', async (kind) => {
    const values = await packed(kind).readRows(0, outputs);
    expect([...values]).toEqual(vectors[kind]!.weight.flat());
  });

  it.each(kinds)('%s: the graph computes with them', async (kind) => {
    const weight = Float32Array.from(vectors[kind]!.weight.flat());
    const { data, built } = await run(x, inputs, [packed(kind)], [null], weightFormat('int4'));
    // Only the rounding of activations to 8 bits is left.
    expect(relativeError(data, multiply(x, rows, weight, outputs, inputs, null))).toBeLessThan(0.01);
    expect(built.nodes.some((node) => node.op === 'MatMulNBits')).toBe(true);
    expect(built.nodes.some((node) => node.op === 'Gather')).toBe(kind === 'gptqActivationOrder');
  });

  it('joins modules of different column orders behind their products', async () => {
    const { data } = await run(x, inputs, [packed('gptqActivationOrder'), packed('gptqActivationOrder')], [null, vectorOf(noise(outputs, 2))], weightFormat('int4'));
    const weight = Float32Array.from(vectors['gptqActivationOrder']!.weight.flat());
    const one = multiply(x, rows, weight, outputs, inputs, null);
    const two = multiply(x, rows, weight, outputs, inputs, noise(outputs, 2));
    for (let row = 0; row < rows; row++) {
      expect(relativeError(data.subarray(row * 16, row * 16 + 8), one.subarray(row * 8, row * 8 + 8))).toBeLessThan(0.02);
      expect(relativeError(data.subarray(row * 16 + 8, row * 16 + 16), two.subarray(row * 8, row * 8 + 8))).toBeLessThan(0.02);
    }
  });

  it('refuses what its configuration denies', async () => {
    await expect(packed('gptqAsymmetric', { symmetric: true }).readRows(0, 1)).rejects.toMatchObject({ code: 'quantization-unsupported' });
    await expect(packed('gptqActivationOrder', { activationOrder: false }).readRows(0, 1)).rejects.toMatchObject({ code: 'quantization-unsupported' });
    const uneven = store('g_idx', 'i32', [32], Array.from({ length: 32 }, (_, i) => (i < 20 ? 0 : 1)));
    await expect(packed('gptqActivationOrder', { groupIndex: uneven }).readRows(0, 1)).rejects.toMatchObject({ code: 'quantization-unsupported' });
    expect(() => packed('gptqSymmetric', { groupSize: 8 })).toThrow(expect.objectContaining({ code: 'quantization-unsupported' }));
  });
});
