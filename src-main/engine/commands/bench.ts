// `lectern bench`: how fast an installed model is on this machine. The comparison with other engines is `npm run bench:engine`.
import { parseArgs } from 'node:util';
import { provider as providers } from '@contract/model.ts';
import { AppError, isCancellation } from '../../base/errors.ts';
import { throwIfCancelled } from '../../base/job.ts';
import { logFor } from '../../base/log.ts';
import { Answerer } from '../../inference/answer-question.ts';
import { measureQuestions, ModelMeasurement } from '../../inference/measure-model.ts';
import { openPackage } from '../../inference/open-package.ts';
import { refuse, type Command } from './command.ts';
import { sentenceFor } from './error-sentences.ts';
import { packageFolder } from './models-folder.ts';
import { progressLine } from './progress-line.ts';

const usage = `Usage: lectern bench [--model MODEL] [--provider NAME] [--threads N] [--no-fast] [--json]

Measures an installed model on this machine: loading, prompts of 256 and 1024 tokens, an answer's tokens, a picture of 1024 patches,
and the first token of a first and of a second question about a page. Takes a minute or more.

  --model MODEL    a package's folder or its name; may be left out when there is only one
  --provider NAME  cpu, cuda, dml, coreml or webgpu; the best that works when left out
  --threads N      processor threads
  --no-fast        without the second decoder with 8-bit activations
`;

const tokens = 16;

export const benchCommand: Command = {
  usage,
  async run(args, signal) {
    let parsed;
    try {
      parsed = parseArgs({ args: [...args], options: { model: { type: 'string' }, provider: { type: 'string' }, threads: { type: 'string' }, 'no-fast': { type: 'boolean', default: false }, json: { type: 'boolean', default: false } } });
    } catch (error) {
      return refuse(benchCommand, error instanceof Error ? error.message : String(error));
    }
    const { values } = parsed;
    const provider = values.provider === undefined ? undefined : providers.safeParse(values.provider).data;
    if (values.provider !== undefined && provider === undefined) return refuse(benchCommand, `There is no provider "${values.provider}".`);
    if (values.threads !== undefined && !/^[1-9]\d*$/.test(values.threads)) return refuse(benchCommand, '--threads wants a number.');
    const line = progressLine('bench');
    const job = { signal, log: logFor('bench'), progress: (stage: string, fraction: number) => line.show(stage, fraction) };
    try {
      const folder = packageFolder(values.model);
      if (folder === null) throw new AppError('model-not-found', { name: '', known: [] });
      const started = performance.now();
      const model = await openPackage(job, folder, { contextTokens: 2048, maxImageTokens: 1024, fast: !values['no-fast'], ...(provider ? { provider } : {}), ...(values.threads ? { threads: Number(values.threads) } : {}) });
      const loadMs = performance.now() - started;
      const answerer = new Answerer(model);
      const measurement = new ModelMeasurement(model);
      const steps: readonly [string, () => Promise<number>][] = [
        ['prefill256Ms', async () => (await measurement.prefill(256)).wallMs],
        ['prefill1024Ms', async () => (await measurement.prefill(1024)).wallMs],
        ['decodeAt1024Ms', async () => (await measurement.decode(1024, tokens)).wallMs / tokens],
        ['decodeAt256Ms', async () => (await measurement.decode(256, tokens)).wallMs / tokens],
        ['vision1024PatchesMs', async () => (await measurement.look(1024)).wallMs],
      ];
      const found: Record<string, number> = { loadMs };
      try {
        await measurement.prefill(64);
        for (const [at, [name, measure]] of steps.entries()) {
          throwIfCancelled(job);
          line.show(name, at / steps.length);
          found[name] = await measure();
        }
        measurement.close();
        const { firstMs, secondMs } = await measureQuestions(answerer, 1024);
        Object.assign(found, { firstQuestionMs: firstMs, secondQuestionMs: secondMs, memoryMb: process.resourceUsage().maxRSS / 1e3 });
      } finally {
        await answerer.close();
      }
      line.clear();
      const { manifest, choice } = model;
      if (values.json) process.stdout.write(`${JSON.stringify({ model: manifest.id, provider: choice.provider, quantization: manifest.quantization, ...found }, null, 2)}\n`);
      else {
        const ms = (name: string): string => `${(found[name] ?? 0).toFixed(0)} ms`;
        process.stdout.write([
          `${manifest.name} (${manifest.quantization.text}) on ${choice.provider}`,
          `  loading                         ${ms('loadMs')}`,
          `  prompt of 256 tokens            ${ms('prefill256Ms')}, ${(256_000 / found['prefill256Ms']!).toFixed(0)} tokens a second`,
          `  prompt of 1024 tokens           ${ms('prefill1024Ms')}, ${(1_024_000 / found['prefill1024Ms']!).toFixed(0)} tokens a second`,
          `  answer behind 256 tokens        ${ms('decodeAt256Ms')} a token, ${(1000 / found['decodeAt256Ms']!).toFixed(1)} a second`,
          `  answer behind 1024 tokens       ${ms('decodeAt1024Ms')} a token, ${(1000 / found['decodeAt1024Ms']!).toFixed(1)} a second`,
          `  picture of 1024 patches         ${ms('vision1024PatchesMs')}`,
          `  first token, first question     ${ms('firstQuestionMs')}`,
          `  first token, second question    ${ms('secondQuestionMs')} (${((100 * found['secondQuestionMs']!) / found['firstQuestionMs']!).toFixed(1)} %)`,
          `  most memory                     ${found['memoryMb']!.toFixed(0)} MB`,
          '',
        ].join('\n'));
      }
      return 0;
    } catch (error) {
      line.clear();
      if (isCancellation(error)) throw error;
      process.stderr.write(`${sentenceFor(error)}\n`);
      return 1;
    }
  },
};
