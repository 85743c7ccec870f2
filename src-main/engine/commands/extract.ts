// `lectern extract`: named fields and rows of many documents, by a schema. A file that fails is named and does not stop the others.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { Extraction, ExtractionProblem, ExtractionSchema } from '@contract/extraction.ts';
import { parseExtractionSchema, toJsonSchema } from '@contract/extraction-json-schema.ts';
import type { JobInput } from '@contract/job.ts';
import { writeFileAtomically } from '../../base/atomic-file.ts';
import { AppError, fileError, isCancellation } from '../../base/errors.ts';
import type { Job } from '../../base/job.ts';
import { logFor } from '../../base/log.ts';
import { extractionsAsCsv, extractionsAsJson, extractionsAsXlsx } from '../../exporters/extraction-grid.ts';
import { bundledSchemas } from '../../base/bundled-schemas.ts';
import { extractFields } from '../../reader/extract-fields.ts';
import { extractByModel } from '../jobs/extract-by-model.ts';
import { closeModel } from '../jobs/load-model.ts';
import { countPages } from '../jobs/page-pictures.ts';
import { closeReader, readPage } from '../jobs/read-page.ts';
import { refuse, type Command } from './command.ts';
import { sentenceFor } from './error-sentences.ts';
import { packageFolder } from './models-folder.ts';
import { progressLine } from './progress-line.ts';
import { exists } from './read-output.ts';
import { formatOf, wantedOf } from './wanted-files.ts';

const formats = ['json', 'csv', 'xlsx'] as const;

const usage = `Usage: lectern extract --schema SCHEMA FILE... [--format json|csv|xlsx] [--output FILE] [--rows NAME]
                       [--model MODEL | --reader]

Takes named fields and rows out of documents, one result per FILE. The built-in reader finds them by their labels, their
places and how they are written; what is not there stays empty. Where a model is installed it reads the pages too, held to
the schema; its values are checked against the recognised text, and where the two disagree both are given ("by", "other").
FILE.pdf#3 takes the third page alone.

  --schema SCHEMA       ${Object.keys(bundledSchemas).join(', ')},
                        or a JSON file: {name, fields: [{name, type, hints?, required?, pattern?, ...}], sums?} or a JSON Schema
  --model MODEL         a package's folder or its name; may be left out when there is only one
  --reader              the built-in reader alone, also when there is a model
  --format FORMAT       json (values with their places and marks), csv or xlsx (a row per document); json when left out
  --rows NAME           with csv: the rows of this field, instead of a row per document
  --output FILE         write into FILE, which must not exist; xlsx needs it
  --show-schema         print SCHEMA as JSON Schema and stop

What is missing, does not fit its field or does not add up goes to stderr, and into the JSON. The exit code is 1 when any file
failed.
`;

/** @throws schema-invalid, and what reading the file throws */
async function schemaNamed(name: string): Promise<ExtractionSchema> {
  try {
    if (Object.hasOwn(bundledSchemas, name)) return parseExtractionSchema(bundledSchemas[name]);
    return parseExtractionSchema(JSON.parse(await readFile(resolve(name), 'utf8')));
  } catch (error) {
    if (error instanceof z.ZodError) throw new AppError('schema-invalid', { file: name, reasons: error.issues.map((issue) => `${issue.message}${issue.path.length ? ` (${issue.path.join('.')})` : ''}`) }, error);
    if (error instanceof SyntaxError) throw new AppError('schema-invalid', { file: name, reasons: [`it is no JSON: ${error.message}`] }, error);
    const failure = fileError(error, name);
    if (failure.code === 'file-not-found') throw new AppError('schema-invalid', { file: name, reasons: [`it is neither a file nor one of ${Object.keys(bundledSchemas).join(', ')}`] }, error);
    throw failure;
  }
}

const problemWords: Readonly<Record<ExtractionProblem['kind'], (problem: ExtractionProblem) => string>> = {
  missing: ({ field }) => `${field} is missing`,
  pattern: ({ field, detail }) => `${field} is "${detail}", which does not match its pattern`,
  range: ({ field, detail }) => `${field} is ${detail}, which is out of its range`,
  choice: ({ field, detail }) => `${field} is "${detail}", which is none of its choices`,
  currency: ({ field, detail }) => `${field} is in ${detail}, which is not its currency`,
  unfounded: ({ field, detail }) => `${field} is "${detail}" by the model, which does not stand there on the page`,
  sum: ({ field, detail }) => `${field} does not hold: ${detail}`,
  blank: () => 'there is no text on it',
  cut: () => "the model's answer had to be ended before its last field",
};

const isEmpty = ({ fields, rows }: Extraction): boolean => Object.values(fields).every((value) => value === null) && Object.values(rows).every((some) => some.length === 0);

async function pagesOf(argument: string, signal: AbortSignal): Promise<JobInput<'extract-by-model'>['pages']> {
  const wanted = await wantedOf(argument);
  const format = await formatOf(wanted.path);
  const count = await countPages(wanted.path, format);
  const indexes = wanted.page === null ? Array.from({ length: count }, (_, at) => at) : [wanted.page];
  const pages: JobInput<'extract-by-model'>['pages'] = [];
  for (const index of indexes) {
    const pageId = indexes.length > 1 || wanted.page !== null ? `${wanted.name}#${index + 1}` : wanted.name;
    const source = { path: wanted.path, format, pageIndex: index };
    const text = await withProgress(pageId, (progress) => readPage({ signal, log: logFor('extract'), progress }, { source, rotation: null }));
    pages.push({ pageId, index, source, rotation: text.rotation, text });
  }
  return pages;
}

async function withProgress<T>(name: string, work: (progress: Job['progress']) => Promise<T>): Promise<T> {
  const line = progressLine(name);
  try {
    return await work(line.show);
  } finally {
    line.clear();
  }
}

/** @param model folder of the package that reads the pages too */
async function extractionOf(schema: ExtractionSchema, argument: string, model: string | null, signal: AbortSignal): Promise<Extraction> {
  const pages = await pagesOf(argument, signal);
  if (model === null) return extractFields(schema, pages.flatMap(({ pageId, index, text }) => (text ? [{ pageId, index, text }] : [])));
  return await withProgress(argument, (progress) => extractByModel({ signal, log: logFor('extract'), progress }, { model: { folder: model }, schema, pages }));
}

export const extractCommand: Command = {
  usage,
  async run(args, signal) {
    let parsed;
    const option = { type: 'string' } as const;
    try {
      parsed = parseArgs({ args: [...args], allowPositionals: true, options: { schema: option, format: { type: 'string', default: 'json' }, output: option, rows: option, model: option, reader: { type: 'boolean', default: false }, 'show-schema': { type: 'boolean', default: false } } });
    } catch (error) {
      return refuse(extractCommand, error instanceof Error ? error.message : String(error));
    }
    const { values, positionals } = parsed;
    const format = formats.find((one) => one === values.format);
    if (!values.schema) return refuse(extractCommand, 'Which schema?');
    if (!format) return refuse(extractCommand, `There is no format "${values.format}".`);
    if (format === 'xlsx' && values.output === undefined && !values['show-schema']) return refuse(extractCommand, 'A workbook needs --output FILE.');
    if (positionals.length === 0 && !values['show-schema']) return refuse(extractCommand, 'Which files?');
    let schema: ExtractionSchema;
    try {
      schema = await schemaNamed(values.schema);
    } catch (error) {
      process.stderr.write(`${values.schema}: ${sentenceFor(error)}\n`);
      return 1;
    }
    if (values['show-schema']) {
      process.stdout.write(`${JSON.stringify(toJsonSchema(schema), null, 2)}\n`);
      return 0;
    }
    const tables = schema.fields.flatMap((field) => (field.type === 'rows' ? [field.name] : []));
    if (values.rows !== undefined && !(format === 'csv' && tables.includes(values.rows))) return refuse(extractCommand, `--rows goes with csv and names ${tables.length ? tables.join(' or ') : 'rows, which this schema has none of'}.`);

    if (values.reader && values.model !== undefined) return refuse(extractCommand, 'Either --model or --reader.');
    let model: string | null;
    try {
      model = values.reader ? null : packageFolder(values.model);
    } catch (error) {
      process.stderr.write(`${sentenceFor(error)}\n`);
      return 1;
    }

    if (values.output !== undefined && await exists(resolve(values.output))) {
      process.stderr.write(`${values.output}: ${sentenceFor(new AppError('file-exists', { file: values.output }))}\n`);
      return 1;
    }

    let failed = false;
    const documents: { file: string; extraction: Extraction }[] = [];
    try {
      for (const argument of positionals) {
        try {
          const extraction = await extractionOf(schema, argument, model, signal);
          documents.push({ file: argument, extraction });
          if (isEmpty(extraction) && extraction.problems[0]?.kind !== 'blank') process.stderr.write(`${argument}: none of the fields is on it\n`);
          for (const problem of extraction.problems) process.stderr.write(`${argument}: ${problemWords[problem.kind](problem)}\n`);
        } catch (error) {
          if (isCancellation(error)) throw error;
          failed = true;
          process.stderr.write(`${argument}: ${sentenceFor(error)}\n`);
        }
      }
    } finally {
      await closeReader();
      await closeModel();
    }
    const bytes = format === 'json' ? extractionsAsJson(documents) : format === 'csv' ? extractionsAsCsv(schema, documents, values.rows ?? null) : await extractionsAsXlsx(schema, documents);
    if (values.output === undefined) process.stdout.write(bytes);
    else {
      try {
        await writeFileAtomically(resolve(values.output), bytes, { overwrite: false });
        process.stderr.write(`written to ${resolve(values.output)}\n`);
      } catch (error) {
        process.stderr.write(`${values.output}: ${sentenceFor(fileError(error, values.output, 'write-failed'))}\n`);
        return 1;
      }
    }
    return failed ? 1 : 0;
  },
};
