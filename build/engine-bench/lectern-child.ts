// The measured process of Lectern's engine: compiles, loads, prefills, decodes, looks at pictures and answers, by the product's own code.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { quietJob } from '../../src-main/base/job.ts';
import { compileCheckpoint, usualOptions } from '../../src-main/compiler/compile.ts';
import { Answerer } from '../../src-main/inference/answer-question.ts';
import { measureQuestions, ModelMeasurement } from '../../src-main/inference/measure-model.ts';
import { openPackage, type OpenPackage } from '../../src-main/inference/open-package.ts';
import { openSession } from '../../src-main/inference/session.ts';
import { tensor } from '../../src-main/inference/tensor.ts';
import { tinyOnnx } from '../../test/helpers/tiny-onnx.ts';
import { answerCommands, type Command } from './messages.ts';

const threads = availableParallelism();
let model: OpenPackage | null = null;
let measurement: ModelMeasurement | null = null;

function loaded(): { model: OpenPackage; measurement: ModelMeasurement } {
  if (!model || !measurement) throw new Error('no model is loaded');
  return { model, measurement };
}

/** Bytes per second that all cores read together. */
async function memoryBandwidth(): Promise<number> {
  const script = `
    const { parentPort } = require('node:worker_threads');
    const a = Buffer.alloc(192 << 20, 1), b = Buffer.alloc(192 << 20, 1);
    parentPort.on('message', () => { for (let i = 0; i < 4; i++) a.equals(b); parentPort.postMessage(0); });`;
  const workers = Array.from({ length: threads }, () => new Worker(script, { eval: true }));
  const round = (): Promise<unknown> => Promise.all(workers.map((worker) => new Promise((resolve) => {
    worker.once('message', resolve);
    worker.postMessage(0);
  })));
  await round();
  let best = 0;
  for (let repeat = 0; repeat < 3; repeat++) {
    const started = performance.now();
    await round();
    best = Math.max(best, (threads * 4 * 2 * (192 << 20)) / ((performance.now() - started) / 1000));
  }
  await Promise.all(workers.map((worker) => worker.terminate()));
  return best;
}

/** Multiply-adds per second of a large product on all cores, in float32 and in 8 bits. */
async function productPeaks(): Promise<{ float: number; bytes: number }> {
  const size = 1536;
  const dims = [size, size];
  const best = async (graph: Uint8Array, inputs: Record<string, ReturnType<typeof tensor>>): Promise<number> => {
    const session = await openSession(graph, { spin: true });
    let most = 0;
    for (let repeat = 0; repeat < 6; repeat++) {
      const started = performance.now();
      await session.run(inputs);
      most = Math.max(most, size ** 3 / ((performance.now() - started) / 1000));
    }
    session.close();
    return most;
  };
  const float = await best(
    tinyOnnx({ nodes: [{ op: 'MatMul', inputs: ['a', 'b'], outputs: ['y'] }], inputs: [{ name: 'a', type: 'float32', dims }, { name: 'b', type: 'float32', dims }], outputs: [{ name: 'y', type: 'float32', dims }] }),
    { a: tensor('float32', dims, new Float32Array(size * size).fill(0.5)), b: tensor('float32', dims, new Float32Array(size * size).fill(0.5)) },
  );
  const bytes = await best(
    tinyOnnx({ nodes: [{ op: 'MatMulInteger', inputs: ['a', 'b'], outputs: ['y'] }], inputs: [{ name: 'a', type: 'uint8', dims }, { name: 'b', type: 'int8', dims }], outputs: [{ name: 'y', type: 'int32', dims }] }),
    { a: tensor('uint8', dims, new Uint8Array(size * size).fill(3)), b: tensor('int8', dims, new Int8Array(size * size).fill(3)) },
  );
  return { float, bytes };
}

async function work(command: Command): Promise<Record<string, number>> {
  switch (command.do) {
    case 'peaks': {
      const { float, bytes } = await productPeaks();
      return { bandwidth: await memoryBandwidth(), floatProducts: float, byteProducts: bytes };
    }
    case 'compile': {
      const text = command.plain ? { ...usualOptions.text, search: false } : usualOptions.text;
      const threads = { script: command.worker, count: command.threads };
      await compileCheckpoint(quietJob(), command.source, { ...usualOptions, text, head: text, fast: command.fast }, { root: command.root, id: command.id, overwrite: true, threads });
      return {};
    }
    case 'load': {
      const started = performance.now();
      model = await openPackage(quietJob(), command.path, { provider: 'cpu', threads: command.threads, contextTokens: command.contextTokens, maxImageTokens: 1024, fast: command.fast });
      measurement = new ModelMeasurement(model);
      const wallMs = performance.now() - started;
      const { text } = model.manifest.graphs;
      const weights = model.manifest.files.find(({ name }) => name === `${text}.data`)?.sizeBytes ?? 0;
      return { wallMs, weightBytes: weights };
    }
    case 'prefill':
      return { ...(await loaded().measurement.prefill(command.rows)) };
    case 'decode':
      return { ...(await loaded().measurement.decode(command.context, command.tokens)) };
    case 'vision':
      return { ...(await loaded().measurement.look(command.patches)) };
    case 'questions':
      return { ...(await measureQuestions(new Answerer(loaded().model), command.patches)) };
  }
}

answerCommands(work);
