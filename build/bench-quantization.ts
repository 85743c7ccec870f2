// `npm run bench:quantization`: what rounding costs. Every tiny test checkpoint is compiled in every form; its logits and greedy tokens, fed with
// the tokens of the exact model, are compared with the exact model's. Tiny random models have small margins: the order of the forms counts,
// not the size of their errors.
import { compileRecorded, exactOptions } from '../test/helpers/compiled-checkpoint.ts';
import { loadReference, recorded } from '../test/helpers/reference.ts';
import type { CompileOptions } from '../src-main/compiler/compile.ts';
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
process.exit(0);
