// Run by session.test.ts in its own process with --expose-gc: every trap of memory shared with native code, under constant collection.
import { openSession } from '../../../src-main/inference/session.ts';
import { tensor } from '../../../src-main/inference/tensor.ts';
import { doubling, longWork } from '../../helpers/tiny-onnx.ts';

const collect = (globalThis as { gc?: () => void }).gc ?? (() => {});
const runs = 10_000;
let wrong = 0;

const session = await openSession(doubling(), { threads: 1 });

// inputs that nothing but the run refers to, of sizes on both sides of V8's 64-byte limit for arrays on its moving heap
for (let round = 0; round < 300; round++) {
  const length = 1 + ((round * 7) % 40);
  const run = session.run({ x: tensor('float32', [length], new Float32Array(length).fill(round)) });
  collect();
  const garbage = Array.from({ length: 50 }, () => new Float32Array(16).fill(-1));
  collect();
  const { y } = await run;
  if (garbage.length !== 50 || y!.data.length !== length || y!.data.some((value) => value !== 2 * round)) wrong++;
}

// a longer run with collections in its middle
const long = await openSession(longWork(40), { threads: 1 });
const timer = setInterval(collect, 3);
for (let round = 0; round < 5; round++) {
  const size = 200;
  const { y } = await long.run({ x: tensor('float32', [size, size], new Float32Array(size * size).fill(1 / size)) });
  if (y!.data.some((value) => Math.abs(Number(value) - 1 / size) > 1e-6)) wrong++;
}
clearInterval(timer);
long.close();

// sessions opened and dropped
for (let round = 0; round < 60; round++) {
  const one = await openSession(doubling(), { threads: 1 });
  const { y } = await one.run({ x: tensor('float32', [1], Float32Array.of(round)) });
  if (y!.data[0] !== 2 * round) wrong++;
  one.close();
}

for (let warm = 0; warm < 1000; warm++) await session.run({ x: tensor('float32', [2000], new Float32Array(2000)) });
collect();
const before = process.memoryUsage().rss;
for (let round = 0; round < runs; round++) {
  const { y } = await session.run({ x: tensor('float32', [2000], new Float32Array(2000).fill(round)) });
  if (y!.data[1999] !== 2 * round) wrong++;
  if (round % 1000 === 0) collect();
}
collect();
const grownMb = (process.memoryUsage().rss - before) / 1e6;
session.close();
process.stdout.write(JSON.stringify({ runs, wrong, grownMb }));
