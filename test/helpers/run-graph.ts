// Writes a graph as a package would hold it and runs it in ONNX Runtime.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { quietJob } from '../../src-main/base/job.ts';
import type { Graph } from '../../src-main/compiler/graph.ts';
import { checkGraph } from '../../src-main/compiler/graph-check.ts';
import { writeOnnx } from '../../src-main/compiler/onnx-file.ts';
import { openHere } from '../../src-main/compiler/weight-threads.ts';
import { openSession } from '../../src-main/inference/session.ts';
import type { Tensor } from '../../src-main/inference/tensor.ts';

export async function runGraph(graph: Graph, inputs: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>> {
  checkGraph(graph);
  const folder = await mkdtemp(path.join(tmpdir(), 'lectern-graph-'));
  try {
    const file = path.join(folder, 'graph.onnx');
    const job = quietJob();
    const runner = openHere(job.signal);
    try {
      await writeOnnx(job, graph, file, runner);
    } finally {
      await runner.close();
    }
    const session = await openSession(file, { threads: 1 });
    try {
      return await session.run(inputs);
    } finally {
      session.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Numbers in [-1, 1) that are the same in every run. */
export function noise(count: number, seed = 1): Float32Array {
  let state = seed >>> 0 || 1;
  return Float32Array.from({ length: count }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) / 2 ** 31) - 1;
  });
}
