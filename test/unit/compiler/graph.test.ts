// The builder refuses what the table of legal forms does not allow, at the node that is wrong; the check trusts no builder; the file loads.
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Graph, GraphNode } from '../../../src-main/compiler/graph.ts';
import { GraphBuilder, float, int } from '../../../src-main/compiler/graph-builder.ts';
import { checkGraph } from '../../../src-main/compiler/graph-check.ts';
import { encodeOnnx, layOutConstants } from '../../../src-main/compiler/onnx-file.ts';
import { computedPlan } from '../../../src-main/compiler/weight-plans.ts';
import { openSession } from '../../../src-main/inference/session.ts';
import { tensor } from '../../../src-main/inference/tensor.ts';
import { storedMatrix } from '../../../src-main/model/matrix.ts';
import { FilePool } from '../../../src-main/model/stored-tensor.ts';
import { runGraph } from '../../helpers/run-graph.ts';

function small(): Graph {
  const graph = new GraphBuilder('small');
  const x = graph.input('x', 'float32', ['rows', 4]);
  const doubled = graph.node('Mul', '/double', [x, graph.scalar(2)]);
  graph.output(graph.node('Add', '/more', [doubled, graph.floats([4], Float32Array.of(1, 2, 3, 4))], { outputs: ['y'] }));
  return graph.finish();
}

describe('building', () => {
  it('computes what it says', async () => {
    const { y } = await runGraph(small(), { x: tensor('float32', [2, 4], Float32Array.of(1, 1, 1, 1, 0, 0, 0, -1)) });
    expect([...y!.data]).toEqual([3, 4, 5, 6, 1, 2, 3, 2]);
  });

  it('makes each constant once', () => {
    const graph = new GraphBuilder('g');
    expect(graph.integers([0, -1])).toBe(graph.integers([0, -1]));
    expect(graph.floats([2], Float32Array.of(1, 2))).toBe(graph.floats([2], Float32Array.of(1, 2)));
    expect(graph.floats([2], Float32Array.of(1, 2))).not.toBe(graph.floats([2], Float32Array.of(1, 3)));
  });

  it('folds shapes', () => {
    const graph = new GraphBuilder('g');
    const x = graph.input('x', 'float32', [1, 'rows', 12]);
    expect(graph.reshape('/a', x, [0, -1, 3, 4]).dims).toEqual([1, 'rows', 3, 4]);
    expect(graph.reshape('/b', x, [-1, 48]).dims).toEqual(['rows/4', 48]);
    expect(graph.split('/c', x, [4, 8]).map((one) => one.dims)).toEqual([[1, 'rows', 4], [1, 'rows', 8]]);
  });

  it.each<[string, (graph: GraphBuilder) => unknown]>([
    ['an operator outside the table', (graph) => graph.node('Einsum', '/a', [graph.input('x', 'float32', [2])])],
    ['a prototype name', (graph) => graph.node('constructor', '/a', [])],
    ['inner lengths that differ', (graph) => graph.node('MatMul', '/a', [graph.input('x', 'float32', [2, 3]), graph.input('w', 'float32', [4, 5])])],
    ['types that differ', (graph) => graph.node('Add', '/a', [graph.input('x', 'float32', [2]), graph.input('w', 'float16', [2])])],
    ['shapes that do not broadcast', (graph) => graph.node('Add', '/a', [graph.input('x', 'float32', [2]), graph.input('w', 'float32', [3])])],
    ['a missing attribute', (graph) => graph.node('QuickGelu', '/a', [graph.input('x', 'float32', [2])])],
    ['an attribute of another kind', (graph) => graph.node('QuickGelu', '/a', [graph.input('x', 'float32', [2])], { attributes: { alpha: int(1) } })],
    ['an attribute nobody knows', (graph) => graph.node('Abs', '/a', [graph.input('x', 'float32', [2])], { attributes: { alpha: float(1) } })],
    ['too many inputs', (graph) => graph.node('Abs', '/a', [graph.input('x', 'float32', [2]), graph.input('y', 'float32', [2])])],
    ['a split that does not fill', (graph) => graph.split('/a', graph.input('x', 'float32', [2, 8]), [4, 5])],
    ['a value of nowhere', (graph) => graph.node('Abs', '/a', [{ name: 'ghost', type: 'float32', dims: [2] }])],
    ['heads that attention kernels refuse', (graph) => graph.node('GroupQueryAttention', '/a', [...['q', 'k', 'v'].map((name) => graph.input(name, 'float32', [1, 's', 24])), ...['pk', 'pv'].map((name) => graph.input(name, 'float32', [1, 2, 'capacity', 12])), graph.input('l', 'int32', [1]), graph.input('t', 'int32', [])], { attributes: { num_heads: int(2), kv_num_heads: int(2) } })],
  ])('refuses %s, with the address', (_what, build) => {
    expect(() => build(new GraphBuilder('g'))).toThrow(expect.objectContaining({ code: 'graph-invalid', data: expect.objectContaining({ node: expect.stringContaining('/a') }) as unknown }));
  });
});

describe('checking a finished graph', () => {
  const good = small();
  const change = (values: Partial<Graph>): Graph => ({ ...good, ...values });
  const [mul, add] = good.nodes as [GraphNode, GraphNode];

  it('accepts a good one', () => expect(() => checkGraph(good)).not.toThrow());

  it.each<[string, Graph]>([
    ['an order in which it cannot run', change({ nodes: [add, mul] })],
    ['two nodes of one name', change({ nodes: [mul, { ...add, name: mul.name }] })],
    ['a value defined twice', change({ nodes: [mul, { ...add, outputs: mul.outputs }] })],
    ['an output that nothing makes', change({ outputs: [{ name: 'z', type: 'float32', dims: [1] }] })],
    ['an output of another shape', change({ outputs: [{ name: 'y', type: 'float32', dims: ['rows', 5] }] })],
    ['an output of another type', change({ outputs: [{ name: 'y', type: 'float16', dims: ['rows', 4] }] })],
    ['an input that nothing uses', change({ inputs: [...good.inputs, { name: 'idle', type: 'float32', dims: [1] }] })],
    ['a constant of another length', change({ constants: new Map([...good.constants].map(([name, one]) => [name, { ...one, byteLength: one.byteLength + 4 }])) })],
    ['a constant without data', change({ constants: new Map([...good.constants].map(([name, one]) => [name, { ...one, data: null }])) })],
    ['a fill of a stranger', change({ fills: [{ constants: [{ name: 'w', type: 'float32', dims: [1], byteLength: 4, data: null }], readBytes: 0, fill: async () => {} }] })],
  ])('refuses %s', (_what, graph) => {
    expect(() => checkGraph(graph)).toThrow(expect.objectContaining({ code: 'graph-invalid' }));
  });
});

describe('places in the data file', () => {
  const large = (name: string, gigabytes: number) => ({ name, type: 'float32' as const, dims: [gigabytes * 2 ** 28], byteLength: gigabytes * 2 ** 30, data: null });

  it('are multiples of 4096 beyond 4 GB', () => {
    // 32-bit arithmetic would send the third constant back to the file's start.
    const constants = new Map([large('a', 3), { ...large('b', 0), dims: [3], byteLength: 12 }, large('c', 2)].map((one) => [one.name, one]));
    const layout = layOutConstants({ ...small(), constants });
    expect([...layout.places.values()].map(({ offset }) => offset)).toEqual([0, 3 * 2 ** 30, 3 * 2 ** 30 + 4096]);
    expect(layout.byteLength).toBe(5 * 2 ** 30 + 4096);
    const text = Buffer.from(encodeOnnx({ ...small(), constants }, layout, 'x.data')).toString('latin1');
    expect(text).toContain(String(3 * 2 ** 30 + 4096));
  });

  // Catches: a 32-bit number on the way from the writer to the runtime, or from a checkpoint's header to its bytes.
  it('are read where they are, beyond 4 GB', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'lectern-far-'));
    const files = new FilePool();
    try {
      const values = Float32Array.from({ length: 512 }, (_, at) => at / 7);
      const far = 5 * 2 ** 30 + 4096;
      const data = path.join(folder, 'far.data');
      const handle = openSync(data, 'w');
      writeSync(handle, values, 0, values.byteLength, far);
      closeSync(handle);
      const builder = new GraphBuilder('far');
      const [weight] = builder.weights(computedPlan('w', [512], async () => values));
      builder.output(builder.node('Add', '/far', [builder.input('x', 'float32', [512]), weight!]));
      const bytes = encodeOnnx(builder.finish(), { places: new Map([['w', { offset: far, byteLength: values.byteLength }]]), byteLength: far + values.byteLength }, 'far.data');
      writeFileSync(path.join(folder, 'far.onnx'), bytes);
      const session = await openSession(path.join(folder, 'far.onnx'));
      const outputs = await session.run({ x: tensor('float32', [512], new Float32Array(512)) });
      session.close();
      expect([...(Object.values(outputs)[0]!.data as Float32Array)]).toEqual([...values]);
      const tensorAt = { name: 'w', type: 'f32', dims: [512], file: data, offset: far, byteLength: values.byteLength } as const;
      expect([...(await storedMatrix(files, tensorAt).readRows(3, 2))]).toEqual([...values.subarray(3, 5)]);
    } finally {
      await files.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('leave small constants in the graph file, which loads alone', async () => {
    const graph = small();
    const layout = layOutConstants(graph);
    expect(layout.byteLength).toBe(0);
    (await openSession(encodeOnnx(graph, layout, 'none'))).close();
  });
});
