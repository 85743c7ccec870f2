// The measured process of Lectern's engine: compiles, loads, prefills, decodes, looks at pictures and answers, by the product's own code.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { quietJob } from '../../src-main/base/job.ts';
import { compileCheckpoint, usualOptions } from '../../src-main/compiler/compile.ts';
import { Answerer, type Question } from '../../src-main/inference/answer-question.ts';
import { usualChunkRows } from '../../src-main/inference/generate.ts';
import { picture, type Picture } from '../../src-main/inference/image/picture.ts';
import { KvCache, kvShapeOf } from '../../src-main/inference/kv-cache.ts';
import { openPackage, type OpenPackage } from '../../src-main/inference/open-package.ts';
import { greedy } from '../../src-main/inference/sampler.ts';
import { openSession } from '../../src-main/inference/session.ts';
import { tensor } from '../../src-main/inference/tensor.ts';
import { planImage } from '../../src-main/inference/vision-model.ts';
import { tinyOnnx } from '../../test/helpers/tiny-onnx.ts';
import { answerCommands, type Command } from './messages.ts';

const threads = availableParallelism();
let model: OpenPackage | null = null;
let cache: KvCache | null = null;

function loaded(): { model: OpenPackage; cache: KvCache } {
  if (!model || !cache) throw new Error('no model is loaded');
  return { model, cache };
}

/** Grey noise with as many patches of 14 × 14 as wanted, square. */
function pictureOf(patches: number): Picture {
  const side = Math.sqrt(patches) * 14;
  return picture(side, side, Uint8Array.from({ length: side * side * 3 }, (_, at) => (at * 2654435761) >>> 24));
}

/** Token numbers of no meaning, the same each time. */
const idsOf = (count: number): number[] => Array.from({ length: count }, (_, at) => 10 + ((at * 7919) % 1000));

async function prefill(rows: number): Promise<void> {
  const { model: open, cache: keys } = loaded();
  keys.rewind(0);
  keys.reserve(rows + 64);
  const ids = idsOf(rows);
  for (let start = 0; start < rows; start += usualChunkRows) {
    const some = ids.slice(start, start + usualChunkRows);
    const positions = Int32Array.from({ length: 3 * some.length }, (_, at) => start + (at % some.length));
    await open.text.run(keys, { embeds: await open.table.lookUp(some), positions, deepstack: null, ropeAlpha: 1 }, 1);
  }
}

function largest(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}

async function decode(context: number, tokens: number): Promise<Record<string, number>> {
  const { model: open, cache: keys } = loaded();
  if (keys.length !== context) await prefill(context);
  keys.reserve(context + tokens + 1);
  let token = 10;
  const step = async (): Promise<void> => {
    const position = keys.length;
    const { data } = await open.text.run(keys, { embeds: await open.table.lookUp([token]), positions: Int32Array.of(position, position, position), deepstack: null, ropeAlpha: 1 }, 1);
    token = largest(data) % open.table.rows;
  };
  await step();
  const cpu = process.cpuUsage();
  const started = performance.now();
  for (let at = 0; at < tokens; at++) await step();
  const wallMs = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  keys.rewind(context);
  return { wallMs, cpuMs: (user + system) / 1000 };
}

/** A page's first question, and a second one about the same page: time to the first token. */
async function questions(patches: number): Promise<Record<string, number>> {
  const { model: open } = loaded();
  const answerer = new Answerer(open);
  const page = pictureOf(patches);
  const ask = async (text: string): Promise<number> => {
    const question: Question = {
      messages: [{ role: 'user', parts: [{ type: 'image' }, { type: 'text', text }] }],
      pictures: [{ picture: page, placement: { pageWidth: page.width, pageHeight: page.height, rotation: 0, left: 0, top: 0 } }],
      sampling: greedy, maxNewTokens: 2, ignoreStopTokens: true, maxImagePixels: page.width * page.height,
    };
    return (await answerer.answer(quietJob(), question)).timing.firstTokenMs;
  };
  const first = await ask('What is the total of this receipt?');
  const second = await ask('And on which day was it written?');
  return { first, second };
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
      await compileCheckpoint(quietJob(), command.source, { ...usualOptions, text, head: text, fast: true }, { root: command.root, id: command.id, overwrite: true });
      return {};
    }
    case 'load': {
      const started = performance.now();
      model = await openPackage(quietJob(), command.path, { provider: 'cpu', threads: command.threads, contextTokens: command.contextTokens, maxImageTokens: 1024, fast: command.fast });
      cache = new KvCache(model.text.session, kvShapeOf(model.manifest.config.text, model.manifest.kvType));
      const wallMs = performance.now() - started;
      const { text } = model.manifest.graphs;
      const weights = model.manifest.files.find(({ name }) => name === `${text}.data`)?.sizeBytes ?? 0;
      return { wallMs, weightBytes: weights };
    }
    case 'prefill':
      await prefill(command.rows);
      return {};
    case 'decode':
      return await decode(command.context, command.tokens);
    case 'vision': {
      const { model: open } = loaded();
      const vision = await open.vision();
      const page = pictureOf(command.patches);
      const plan = planImage(page, vision.config, vision.processor, { maxPixels: page.width * page.height });
      const cpu = process.cpuUsage();
      const started = performance.now();
      await vision.encode(page, plan);
      const wallMs = performance.now() - started;
      const { user, system } = process.cpuUsage(cpu);
      return { wallMs, cpuMs: (user + system) / 1000, patches: 4 * plan.tokens };
    }
    case 'questions':
      return await questions(command.patches);
    case 'unload':
      cache?.close();
      await model?.close();
      [model, cache] = [null, null];
      return {};
  }
}

answerCommands(work);
