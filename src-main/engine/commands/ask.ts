// `lectern ask`: a question about pictures and PDFs, the answer as the model writes it. Only the answer goes to stdout.
import { parseArgs } from 'node:util';
import type { JobInput, PageSource } from '@contract/job.ts';
import { provider as providers } from '@contract/model.ts';
import { isCancellation } from '../../base/errors.ts';
import { logFor } from '../../base/log.ts';
import { answer } from '../jobs/answer.ts';
import { closeModel } from '../jobs/load-model.ts';
import { countPages } from '../jobs/page-pictures.ts';
import { askReader } from './ask-reader.ts';
import { refuse, type Command } from './command.ts';
import { packageFolder } from './models-folder.ts';
import { sentenceFor } from './error-sentences.ts';
import { progressLine } from './progress-line.ts';
import { formatOf, wantedOf } from './wanted-files.ts';

const usage = `Usage: lectern ask [FILE...] --question TEXT [--model MODEL | --reader] [--json] [--seed N]

Asks a compiled Qwen-VL model and prints its answer while it is written. FILE.pdf#3 shows the third page alone. Where no
model is installed, the built-in reader answers from recognised text: values by their keys, cells of tables, places, fields.

  --question TEXT       what to ask; pages come before it in the prompt
  --model MODEL         a package's folder or its name; may be left out when there is only one
  --reader              let the built-in reader answer, also when there is a model
  --system TEXT         a system message
  --json                print one object: {text, raw, groundings: [{label, page, quad, ...}], finish, record};
                        of the built-in reader {answeredBy, text, found, kind, explanation, groundings: [{label, page, quad, ...}]}
  --seed N              draw the same tokens again
  --temperature T       0 always takes the likeliest token; the model's own when left out
  --max-tokens N        length of the answer at most
  --max-image-tokens N  tokens per page at most (768): more sees smaller print and takes longer
  --context N           tokens of prompt and answer together (8192)
  --provider NAME       cpu, cuda, dml, coreml or webgpu; the best that works when left out
  --threads N           processor threads

What was sent and how long it took goes to stderr. The exit code is 1 when there is no answer.
`;

const whole = (text: string | undefined): number | undefined => (text === undefined ? undefined : /^\d+$/.test(text) ? Number(text) : NaN);

/** An object without the keys that have no value. */
function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

export const askCommand: Command = {
  usage,
  async run(args, signal) {
    let parsed;
    const option = { type: 'string' } as const;
    try {
      parsed = parseArgs({
        args: [...args],
        allowPositionals: true,
        options: {
          question: option, model: option, system: option, seed: option, temperature: option, 'max-tokens': option, 'max-image-tokens': option, context: option, provider: option, threads: option,
          json: { type: 'boolean', default: false }, reader: { type: 'boolean', default: false },
        },
      });
    } catch (error) {
      return refuse(askCommand, error instanceof Error ? error.message : String(error));
    }
    const { values, positionals } = parsed;
    if (!values.question) return refuse(askCommand, 'What is the question?');
    const numbers = { seed: whole(values.seed), temperature: values.temperature === undefined ? undefined : Number(values.temperature), maxTokens: whole(values['max-tokens']), maxImageTokens: whole(values['max-image-tokens']), context: whole(values.context), threads: whole(values.threads) };
    for (const [name, value] of Object.entries(numbers)) if (Number.isNaN(value)) return refuse(askCommand, `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} wants a number.`);
    const provider = values.provider === undefined ? undefined : providers.safeParse(values.provider).data;
    if (values.provider !== undefined && provider === undefined) return refuse(askCommand, `There is no provider "${values.provider}".`);

    if (values.reader && values.model !== undefined) return refuse(askCommand, 'Either --model or --reader.');
    let folder: string | null = null;
    try {
      folder = values.reader ? null : packageFolder(values.model);
    } catch (error) {
      process.stderr.write(`${sentenceFor(error)}\n`);
      return 1;
    }

    const pages: (PageSource & { name: string })[] = [];
    for (const argument of positionals) {
      try {
        const wanted = await wantedOf(argument);
        const format = await formatOf(wanted.path);
        const indexes = wanted.page === null ? Array.from({ length: await countPages(wanted.path, format) }, (_, at) => at) : [wanted.page];
        for (const pageIndex of indexes) pages.push({ path: wanted.path, format, pageIndex, name: indexes.length > 1 || wanted.page !== null ? `${wanted.name}#${pageIndex + 1}` : wanted.name });
      } catch (error) {
        if (isCancellation(error)) throw error;
        process.stderr.write(`${argument}: ${sentenceFor(error)}\n`);
        return 1;
      }
    }
    if (folder === null) return askReader(values.question, pages, values.json, signal);
    const parts: JobInput<'answer'>['messages'][number]['parts'] = pages.map(({ path, format, pageIndex }) => ({ type: 'page', page: { source: { path, format, pageIndex }, rotation: 0 } }));
    parts.push({ type: 'text', text: values.question });
    const system = values.system === undefined ? [] : [{ role: 'system' as const, parts: [{ type: 'text' as const, text: values.system }] }];
    const progress = progressLine('ask');
    try {
      const result = await answer(
        {
          signal,
          log: logFor('ask'),
          progress: (stage, fraction) => (stage === 'generating' ? progress.clear() : progress.show(stage, fraction)),
          post: (moment) => !values.json && moment.type === 'text' && process.stdout.write(moment.text),
        },
        {
          model: { folder, ...given({ provider, threads: numbers.threads, contextTokens: numbers.context, maxImageTokens: numbers.maxImageTokens }) },
          messages: [...system, { role: 'user', parts }],
          sampling: given({ seed: numbers.seed, temperature: numbers.temperature }),
          ...given({ maxNewTokens: numbers.maxTokens }),
          ...(parts.length > 2 ? { numberPictures: true } : {}),
        },
      );
      progress.clear();
      process.stdout.write(values.json ? `${JSON.stringify(result, null, 2)}\n` : '\n');
      const { record } = result;
      const sent = record.pages.map((page) => `${page.input.width} × ${page.input.height} (${page.tokens} tokens)`).join(', ');
      process.stderr.write(
        `${record.model.name} on ${record.model.provider}; ${record.promptTokens} tokens in${sent === '' ? '' : `, pages as ${sent}`}; ${record.newTokens} out, finished by ${result.finish}; ` +
          `pictures ${seconds(record.visionMs)}, prompt ${seconds(record.prefillMs)}, answer ${seconds(record.decodeMs)}; seed ${record.sampling.seed}\n`,
      );
      return 0;
    } catch (error) {
      progress.clear();
      if (isCancellation(error)) throw error;
      process.stderr.write(`${sentenceFor(error)}\n`);
      return 1;
    } finally {
      await closeModel();
    }
  },
};
