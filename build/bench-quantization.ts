// `npm run bench:quantization`: what rounding costs. Every tiny test checkpoint is compiled in every form; its logits and greedy tokens, fed with
// the tokens of the exact model, are compared with the exact model's. Tiny random models have small margins: the order of the forms counts,
// not the size of their errors.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert } from '../src-main/base/errors.ts';
import { quietJob } from '../src-main/base/job.ts';
import { openPackage } from '../src-main/inference/open-package.ts';
import { TextModel } from '../src-main/inference/text-model.ts';
import { compileRecorded, exactOptions } from '../test/helpers/compiled-checkpoint.ts';
import { checkpointsFolder, loadReference, recorded } from '../test/helpers/reference.ts';
import { compileCheckpoint, usualOptions, type CompileOptions } from '../src-main/compiler/compile.ts';
import { relativeError } from '../src-main/compiler/quantize.ts';
import { weightFormat } from '../src-main/compiler/weight-formats.ts';

const int4 = (block: number, symmetric: boolean, search: boolean): CompileOptions => {
  const format = weightFormat('int4', { block, symmetric, search });
  return { ...exactOptions, text: format, head: format };
};
const forms: readonly [string, CompileOptions][] = [
  ...[32, 128].flatMap((block) => [true, false].flatMap((symmetric) => [false, true].map((search): [string, CompileOptions] =>
    [`int4 b${block} ${symmetric ? 'symmetric' : 'zero points'}, ${search ? 'searched scale' : 'nearest'}`, int4(block, symmetric, search)]))),
  ['int8 b32', { ...exactOptions, text: weightFormat('int8', { block: 32 }), head: weightFormat('int8', { block: 32 }) }],
  ['W8A8 decoder, int8 head', { ...exactOptions, text: weightFormat('w8a8'), head: weightFormat('int8', { block: 32 }) }],
  ['W8A8 vision alone', { ...exactOptions, vision: weightFormat('w8a8') }],
];

const checkpoints = recorded('qwen2-vl', 'qwen2.5-vl', 'qwen3-vl', 'qwen-vl-chat');
const steps = 16;
const errors = new Map<string, number[]>(forms.map(([name]) => [name, []]));
const shares = new Map<string, number[]>(forms.map(([name]) => [name, []]));

for (const name of checkpoints) {
  const cases = Object.entries(loadReference(name).cases).filter(([one]) => ['textOnly', 'oneImage', 'threeImages', 'oddAspect', 'twoTurns'].includes(one));
  const exact = await compileRecorded(name, exactOptions);
  const expected = [];
  for (const [, one] of cases) expected.push(await exact.run(one, one.greedyTokens.slice(0, steps)));
  await exact.close();
  for (const [form, options] of forms) {
    const compiled = await compileRecorded(name, options);
    let error = 0;
    let equal = 0;
    let tokens = 0;
    for (const [at, [, one]] of cases.entries()) {
      const run = await compiled.run(one, one.greedyTokens.slice(0, steps));
      for (const [step, logits] of run.stepLogits.entries()) {
        error += relativeError(expected[at]!.stepLogits[step]!, logits);
        equal += run.greedyTokens[step] === expected[at]!.greedyTokens[step] ? 1 : 0;
        tokens++;
      }
    }
    await compiled.close();
    errors.get(form)!.push(error / tokens);
    shares.get(form)!.push(equal / tokens);
  }
  console.log(`${name}: ${cases.length} cases`);
}

console.log(`\nRelative error of logits, and share of equal greedy tokens\n\n| | ${checkpoints.join(' | ')} | mean |\n|---|${checkpoints.map(() => '---').join('|')}|---|`);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
for (const [form] of forms) {
  const [error, share] = [errors.get(form)!, shares.get(form)!];
  console.log(`| ${form} | ${error.map((one, at) => `${one.toFixed(3)}, ${Math.round(100 * share[at]!)} %`).join(' | ')} | ${mean(error).toFixed(3)}, ${Math.round(100 * mean(share))} % |`);
}

// Long prompts with 4-bit weights run layer by layer in 8 bits (inference/layered-prefill.ts), then single tokens in 4.
const [promptRows, singles] = [300, 24];
const longForms: readonly [string, CompileOptions, { readonly layered?: boolean }][] = [
  ['int4 b32, one decoder', { ...usualOptions, text: weightFormat('int4', { block: 32 }), head: weightFormat('int4', { block: 32 }) }, { layered: false }],
  ['int4 b32, long prompt layer by layer', { ...usualOptions, text: weightFormat('int4', { block: 32 }), head: weightFormat('int4', { block: 32 }) }, {}],
  ['int4 b32, long prompt by a W8A8 decoder', { ...usualOptions, text: weightFormat('int4', { block: 32 }), head: weightFormat('int4', { block: 32 }), fast: true }, {}],
];

async function longPrompt(name: string, compiling: CompileOptions, opening: { readonly layered?: boolean }): Promise<readonly Float32Array[]> {
  const root = mkdtempSync(join(tmpdir(), 'lectern-bench-quantization-'));
  await compileCheckpoint(quietJob(), join(checkpointsFolder, name), compiling, { root, id: 'tiny' });
  const { text, table, close } = await openPackage(quietJob(), join(root, 'tiny'), { contextTokens: 512, maxImageTokens: 64, threads: 2, ...opening });
  assert(text instanceof TextModel, 'a compiled package has our decoder');
  const cache = text.newCache();
  cache.reserve(promptRows + singles);
  const logits: Float32Array[] = [];
  for (const [from, count] of [[0, promptRows], ...Array.from({ length: singles }, (_, at) => [promptRows + at, 1])] as [number, number][]) {
    const embeds = await table.lookUp(Int32Array.from({ length: count }, (_, at) => ((from + at) * 7919 + 3) % table.rows));
    const positions = Int32Array.from({ length: 3 * count }, (_, at) => from + (at % count));
    logits.push(Float32Array.from((await text.run(cache, { embeds, positions, deepstack: null, ropeAlpha: 1 }, 1)).data));
  }
  cache.close();
  await close();
  rmSync(root, { recursive: true, force: true });
  return logits;
}

console.log(`\nThe same after a prompt of ${promptRows} rows\n\n| | ${checkpoints.join(' | ')} |\n|---|${checkpoints.map(() => '---').join('|')}|`);
const exactly = new Map<string, readonly Float32Array[]>();
for (const name of checkpoints) exactly.set(name, await longPrompt(name, exactOptions, {}));
for (const [form, compiling, opening] of longForms) {
  const cells: string[] = [];
  for (const name of checkpoints) {
    const found = await longPrompt(name, compiling, opening);
    const expected = exactly.get(name)!;
    const best = (logits: Float32Array): number => logits.reduce((top, one, at) => (one > logits[top]! ? at : top), 0);
    const equal = found.filter((one, at) => best(one) === best(expected[at]!)).length;
    cells.push(`${mean(found.map((one, at) => relativeError(expected[at]!, one))).toFixed(3)}, ${Math.round((100 * equal) / found.length)} %`);
  }
  console.log(`| ${form} | ${cells.join(' | ')} |`);
}
process.exit(0);
