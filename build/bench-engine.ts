// `npm run bench:engine`: random weights in the exact shape of a published model, compiled by our own compiler, loaded and run by our own
// engine, in turns with llama.cpp's Q4_0 on the same decoder (`--peer`). Figures are wall time on all cores; ratios above 1 mean that Lectern is
// faster. Says how far each figure is from what memory and cores can do.
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { usualThreads } from '../src-main/compiler/weight-threads.ts';
import { bundleForNode } from '../test/helpers/bundle.ts';
import { MeasuredProcess, type Command, type Measured } from './engine-bench/messages.ts';
import { decoderProducts, elementsOf, prefillProducts, shapeNames, shapeOf, tensorsOf, visionProducts, writeCompanions } from './engine-bench/model-shapes.ts';
import { writeCheckpoint, writeGguf } from './engine-bench/random-weights.ts';
import { Report } from './engine-bench/report.ts';

const usage = `npm run bench:engine -- [OPTIONS]
  --model NAME    ${shapeNames.join(', ')} (the first)
  --layers N      only N layers of decoder and vision tower: a quick look, not recorded
  --peer          also llama.cpp: installs node-llama-cpp in the work folder
  --folder DIR    work there, take what is there already and leave it; else a temporary folder that is removed
  --compile-only  stop after compiling
  --repeats N     of each measurement (3); the median counts
  --threads N     of both engines (all cores)
  --record        write the result to docs/benchmarks
`;
const peerVersion = '3.22.1';

const { values: given } = parseArgs({
  options: { model: { type: 'string', default: shapeNames[0]! }, layers: { type: 'string' }, peer: { type: 'boolean', default: false }, folder: { type: 'string' }, 'compile-only': { type: 'boolean', default: false }, repeats: { type: 'string', default: '3' }, threads: { type: 'string' }, record: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});
const maybe = shapeOf(given.model, given.layers === undefined ? undefined : Number(given.layers));
if (given.help || !maybe) {
  console.log(usage);
  process.exit(given.help ? 0 : 2);
}
const shape = maybe;
const root = resolve(import.meta.dirname, '..');
const fixtures = join(root, 'test/fixtures/checkpoints');
const from = process.env['INIT_CWD'] ?? process.cwd();
const work = given.folder ? resolve(from, given.folder) : mkdtempSync(join(tmpdir(), 'lectern-bench-engine-'));
const threads = given.threads === undefined ? availableParallelism() : Number(given.threads);
const repeats = Number(given.repeats);
const cpuName = cpus()[0]?.model.trim() ?? 'unknown';
const flags = existsSync('/proc/cpuinfo') ? (/^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? '').split(' ') : [];
const vnni = flags.some((flag) => flag === 'avx512_vnni' || flag === 'avx_vnni');
const report = new Report();

const mega = (bytes: number): number => bytes / 1e6;

/** Takes a file out of the page cache, so that reading it reads the disk; false where that cannot be done. */
function dropFromCache(file: string): boolean {
  return process.platform === 'linux' && spawnSync('dd', [`if=${file}`, 'iflag=nocache', 'count=0'], { stdio: 'ignore' }).status === 0;
}

/** Megabytes per second of reading the file once, from the disk where possible. */
function readingSpeed(file: string): { rate: number; cold: boolean } {
  const cold = dropFromCache(file);
  const buffer = Buffer.alloc(16 << 20);
  const handle = openSync(file, 'r');
  const started = performance.now();
  let total = 0;
  // two gigabytes tell it
  for (let read = 1; read > 0 && total < 2e9; total += read) read = readSync(handle, buffer);
  const rate = mega(total) / ((performance.now() - started) / 1000);
  closeSync(handle);
  return { rate, cold };
}

function expectRoom(): void {
  const weights = tensorsOf(shape).reduce((sum, tensor) => sum + 2 * elementsOf(tensor), 0);
  const needed = weights * 2.4 + 2e9;
  const disk = statfsSync(work);
  const free = disk.bavail * disk.bsize;
  if (free < needed) {
    console.error(`${work} has ${(free / 1e9).toFixed(1)} GB free, ${(needed / 1e9).toFixed(1)} GB are needed.`);
    process.exit(1);
  }
}

function installPeer(): string {
  const entry = join(work, 'peer/node_modules/node-llama-cpp/dist/index.js');
  if (existsSync(entry)) return entry;
  console.log(`Installing node-llama-cpp ${peerVersion} in ${work} …`);
  const done = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', join(work, 'peer'), `node-llama-cpp@${peerVersion}`], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (done.status !== 0) {
    console.error('npm could not install node-llama-cpp.');
    process.exit(1);
  }
  return entry;
}

/** Each engine in turn, so that neither always has the quieter machine; the median by wall time of each. */
async function inTurns(engines: readonly MeasuredProcess[], command: Command, times = repeats): Promise<Measured[]> {
  const all: Measured[][] = engines.map(() => []);
  for (let repeat = 0; repeat < times; repeat++) {
    const order = engines.map((_, at) => at);
    if (repeat % 2) order.reverse();
    for (const at of order) all[at]!.push(await engines[at]!.ask(command));
  }
  return all.map((results) => results.toSorted((a, b) => a.wallMs - b.wallMs)[results.length >> 1]!);
}

async function prepare(lectern: string): Promise<{ packageFolder: string; gguf: string | null }> {
  const source = join(work, shape.name);
  const weights = join(source, 'model.safetensors');
  if (!existsSync(join(source, 'config.json'))) {
    expectRoom();
    mkdirSync(source, { recursive: true });
    console.log(`Writing ${mega(writeCheckpoint(shape, source)).toFixed(0)} MB of random weights …`);
    writeCompanions(shape, source, fixtures);
  }
  const gguf = given.peer ? join(work, `${shape.name}.q4_0.gguf`) : null;
  if (gguf && !existsSync(gguf)) console.log(`Writing ${mega(writeGguf(shape, gguf, fixtures)).toFixed(0)} MB of GGUF …`);

  const packageFolder = join(work, 'packages', shape.name);
  if (!existsSync(join(packageFolder, 'package.json')) || given['compile-only']) {
    const disk = readingSpeed(weights);
    const size = mega(statSync(weights).size);
    const worker = await bundleForNode('src-main/compiler/worker.ts', 'bench-compiler-worker');
    const usual = { plain: false, fast: true, count: usualThreads() };
    for (const { plain, fast, count } of given['compile-only'] ? [{ ...usual, fast: false, count: 1 }, { ...usual, fast: false }, { ...usual, plain: true }, usual] : [usual]) {
      dropFromCache(weights);
      const compiler = new MeasuredProcess(lectern);
      const { wallMs, cpuMs, peakMb } = await compiler.ask({ do: 'compile', source, root: join(work, 'packages'), id: shape.name, plain, fast, worker, threads: count });
      await compiler.end();
      const rate = size / (wallMs / 1000);
      // no compile takes less than reading the checkpoint once, nor less than its processor time on all cores
      const floor = Math.max(size / disk.rate, cpuMs / 1000 / Math.min(count, availableParallelism()));
      report.line(`Compiling (int4${fast ? ', W8A8 copy' : ''} and W8A8 vision; ${plain ? 'plain rounding' : 'searched scales'}; ${count} thread${count === 1 ? '' : 's'}): ${(wallMs / 1000).toFixed(1)} s, ${rate.toFixed(0)} MB/s of checkpoint; the disk reads ${disk.rate.toFixed(0)} MB/s${disk.cold ? '' : ' (from the page cache)'}: ${(rate / disk.rate).toFixed(2)} (wanted: at least 0.5). Floor of disk and processor ${floor.toFixed(1)} s: ${(wallMs / 1000 / floor).toFixed(2)} times that. Processor ${(cpuMs / 1000).toFixed(1)} s, peak memory ${peakMb.toFixed(0)} MB for ${size.toFixed(0)} MB of weights.`);
    }
  }
  return { packageFolder, gguf };
}

async function measure(lectern: string, packageFolder: string, gguf: string | null): Promise<void> {
  const prober = new MeasuredProcess(lectern);
  const { bandwidth = 0, floatProducts = 0, byteProducts = 0 } = (await prober.ask({ do: 'peaks' })).values;
  await prober.end();
  report.line(`Machine: memory reads ${(bandwidth / 1e9).toFixed(1)} GB/s; products ${(floatProducts / 1e9).toFixed(0)} G multiply-adds/s in float32, ${(byteProducts / 1e9).toFixed(0)} in 8 bits.`);

  const ours = new MeasuredProcess(lectern);
  const peer = gguf ? new MeasuredProcess(await bundleForNode('build/engine-bench/llama-child.ts', 'bench-llama'), [installPeer()]) : null;
  const both = peer ? [ours, peer] : [ours];
  const limits = { threads, contextTokens: 2048 };
  const loaded = await ours.ask({ do: 'load', path: packageFolder, fast: false, ...limits });
  const theirs = peer && gguf ? await peer.ask({ do: 'load', path: gguf, fast: false, ...limits }) : null;
  const weightBytes = loaded.values['weightBytes'] ?? 0;
  report.head();
  report.row('load', loaded.wallMs, theirs?.wallMs);
  await inTurns(both, { do: 'prefill', rows: 256 }, 1);

  const prefillRow = (name: string, rows: number, measured: Measured, other: Measured | undefined, peak: number): void =>
    report.row(name, measured.wallMs, other?.wallMs, { floorMs: (prefillProducts(shape, rows) / peak) * 1000, cpu: [measured.cpuMs, other?.cpuMs], perSecond: rows / (measured.wallMs / 1000), wanted: name.includes('W8A8') ? 2.2 : 1.3 });
  const llamaPrefill = new Map<number, Measured>();
  for (const rows of [256, 1024]) {
    const [mine, other] = await inTurns(both, { do: 'prefill', rows });
    if (other) llamaPrefill.set(rows, other);
    prefillRow(`prefill ${rows}, int4`, rows, mine!, other, byteProducts);
  }
  const tokens = 24;
  const kvBytes = 2 * 4 * shape.layers * shape.kvHeads * shape.headDim;
  for (const context of [256, 1024]) {
    const [mine, other] = await inTurns(both, { do: 'decode', context, tokens });
    const perToken = (one: Measured | undefined): number | undefined => (one ? one.wallMs / tokens : undefined);
    report.row(`decode at ${context}, a token`, perToken(mine)!, perToken(other), { floorMs: ((weightBytes + context * kvBytes) / bandwidth) * 1000, cpu: [mine!.cpuMs / tokens, other ? other.cpuMs / tokens : undefined], perSecond: tokens / (mine!.wallMs / 1000), wanted: 1 });
  }
  const [memory, memoryOther] = await inTurns(both, { do: 'prefill', rows: 256 }, 1);
  report.memory('memory after loading and prefilling', memory!.rssMb, memoryOther?.rssMb, 0.7);
  report.memory('most memory so far', memory!.peakMb, memoryOther?.peakMb, 0.7);
  await peer?.end();
  await ours.end();

  const fast = new MeasuredProcess(lectern);
  await fast.ask({ do: 'load', path: packageFolder, fast: true, ...limits });
  await fast.ask({ do: 'prefill', rows: 256 });
  for (const rows of [256, 1024]) {
    const [mine] = await inTurns([fast], { do: 'prefill', rows });
    prefillRow(`prefill ${rows}, W8A8`, rows, mine!, llamaPrefill.get(rows), byteProducts);
  }
  for (const patches of [1024, 4096]) {
    const one = await inTurns([fast], { do: 'vision', patches }, patches > 1024 ? 1 : repeats);
    report.row(`vision tower, ${patches} patches`, one[0]!.wallMs, undefined, { floorMs: (visionProducts(shape, patches) / byteProducts) * 1000, cpu: [one[0]!.cpuMs, undefined] });
  }
  const { values: asked, peakMb } = await fast.ask({ do: 'questions', patches: 1024 });
  report.line(`A page of 1024 patches: first token of the first question after ${((asked['firstMs'] ?? 0) / 1000).toFixed(2)} s, of a second one after ${((asked['secondMs'] ?? 0) / 1000).toFixed(2)} s: ${((100 * (asked['secondMs'] ?? 0)) / (asked['firstMs'] ?? 1)).toFixed(1)} % (wanted: at most 5 %).`);
  report.line(`Most memory with the W8A8 copy and the vision tower: ${peakMb.toFixed(0)} MB.`);
  await fast.end();
}

function record(): void {
  const folder = join(root, 'docs/benchmarks');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${cpuName.toLowerCase().replace(/\(r\)|\(tm\)/g, '').replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')}.md`);
  const title = `## ${shape.name}`;
  const before = existsSync(file) ? readFileSync(file, 'utf8') : `# ${cpuName}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GB\n`;
  const sections = before.split(/^(?=## )/m).filter((section) => !section.startsWith(`${title}\n`));
  writeFileSync(file, `${sections.join('').trimEnd()}\n\n${title}\n\n${report.text}\n`);
  console.log(`Recorded in ${file}`);
}

mkdirSync(work, { recursive: true });
try {
  const { layers, head } = decoderProducts(shape);
  report.line(`${new Date().toISOString().slice(0, 10)}, ${shape.name}: ${((layers + head) / 1e9).toFixed(2)} G weights read per token; ${cpuName}, ${threads} threads, ${vnni ? 'VNNI' : `no VNNI${flags.includes('avx2') ? ' (AVX2)' : ''}: 8-bit products are slower here than on newer processors, to both engines`}; Node ${process.versions.node}${given.peer ? `; node-llama-cpp ${peerVersion}, Q4_0` : ''}. Median of ${repeats}, engines in turns.`);
  const lectern = await bundleForNode('build/engine-bench/lectern-child.ts', 'bench-lectern');
  const { packageFolder, gguf } = await prepare(lectern);
  if (!given['compile-only']) await measure(lectern, packageFolder, gguf);
  if (given.record && given.layers === undefined) record();
} finally {
  if (!given.folder) rmSync(work, { recursive: true, force: true });
}
process.exit(0);
