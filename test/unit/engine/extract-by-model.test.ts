// Fields read by a compiled model. The tiny models' weights are random: what they write says nothing, but it must have the schema's form,
// its boxes must lie on the page, and every value must be held against the text.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { extraction as extractionShape, extractionSchema } from '@contract/extraction.ts';
import type { Extraction } from '@contract/extraction.ts';
import { quietJob } from '../../../src-main/base/job.ts';
import { compileCheckpoint } from '../../../src-main/compiler/compile.ts';
import { extractCommand } from '../../../src-main/engine/commands/extract.ts';
import { extractByModel } from '../../../src-main/engine/jobs/extract-by-model.ts';
import { answerSchema, questionText, readAnswer } from '../../../src-main/engine/jobs/extraction-question.ts';
import { closeModel, modelFor } from '../../../src-main/engine/jobs/load-model.ts';
import { exactOptions } from '../../helpers/compiled-checkpoint.ts';
import { fixturePage } from '../../helpers/fixture-pages.ts';
import { checkpointsFolder, recorded } from '../../helpers/reference.ts';
import { trueReading } from '../../helpers/true-reading.ts';

const root = mkdtempSync(path.join(tmpdir(), 'lectern-extract-'));
afterAll(async () => {
  await closeModel();
  rmSync(root, { recursive: true, force: true });
});

const schema = extractionSchema.parse({
  name: 'Invoice',
  fields: [
    { name: 'seller', type: 'text' }, { name: 'total', type: 'amount', hints: ['Total due'] }, { name: 'currency', type: 'choice', choices: ['GBP', 'EUR'] },
    { name: 'lines', type: 'rows', columns: [{ name: 'description', type: 'text' }, { name: 'amount', type: 'amount' }] },
  ],
});
const reading = trueReading('en-invoice');
const file = fixturePage('en-invoice').path;
const values = ({ fields, rows, otherRows }: Extraction) => [...Object.values(fields), ...[...Object.values(rows), ...Object.values(otherRows)].flat().flatMap((row) => Object.values(row))].flatMap((value) => (value ? [value, ...(value.other ? [value.other] : [])] : []));

describe.each(recorded('qwen2-vl', 'qwen2.5-vl', 'qwen-vl-chat'))('%s', (name) => {
  it('gives the schema’s form, boxes on the page, and a check of every value', async () => {
    await compileCheckpoint(quietJob(), path.join(checkpointsFolder, name), exactOptions, { root, id: name });
    const model = { folder: path.join(root, name), provider: 'cpu' as const, threads: 1, maxImageTokens: 200 };
    const pages = [{ ...reading, source: { path: file, format: 'png' as const, pageIndex: 0 }, rotation: 0 as const }];
    const told: number[] = [];
    const found = await extractByModel({ ...quietJob(), progress: (_stage, fraction) => void told.push(fraction) }, { model, schema, pages });
    // never backwards, and further than the picture and the prompt
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(told.at(-1)).toBeGreaterThan(0.7);
    expect(extractionShape.parse(found)).toEqual(found);
    expect(found.model).toEqual({ id: name, name: expect.any(String) as string });
    expect(Object.keys(found.fields)).toEqual(['seller', 'total', 'currency']);
    const all = values(found);
    // the built-in reader's share is still there
    expect(all.some((value) => value.by.includes('reader') && value.text.includes('1,018.08'))).toBe(true);
    for (const { by, mark, places } of all) {
      if (by.includes('model')) expect(['found', 'differs', 'not-on-page', 'invalid']).toContain(mark);
      for (const [x, y] of places.flatMap((place) => place.quad)) {
        expect(x).toBeGreaterThanOrEqual(0);
        expect(y).toBeGreaterThanOrEqual(0);
        expect(Math.max(x, y)).toBeLessThanOrEqual(2400);
      }
    }
    if (name !== 'qwen2-vl') return;
    const plain = { ...schema, fields: schema.fields.filter((field) => field.type !== 'rows') };
    const unread = await extractByModel(quietJob(), { model, schema: plain, pages: pages.map((page) => ({ ...page, text: null })) });
    expect(unread.problems.map((problem) => problem.kind)).not.toContain('blank');
    expect(values(unread).every((value) => value.mark === 'unchecked' || value.mark === 'invalid')).toBe(true);
  }, 120_000);
});

describe('lectern extract --model', () => {
  it('prints both readings with who gave them', async () => {
    const written = { out: '', err: '' };
    const spies = [vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((written.out += String(text)), true)), vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((written.err += String(text)), true))];
    let code: number;
    try {
      writeFileSync(path.join(root, 'card.json'), JSON.stringify({ name: 'Card', fields: [{ name: 'name', type: 'text' }, { name: 'email', type: 'email' }] }));
      code = await extractCommand.run(['--schema', path.join(root, 'card.json'), '--model', path.join(root, 'qwen2-vl'), fixturePage('en-card').path], new AbortController().signal);
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
    expect(code, written.err).toBe(0);
    const [document] = JSON.parse(written.out) as [Extraction];
    expect(document.model?.id).toBe('qwen2-vl');
    expect(new Set(values(extractionShape.parse(document)).flatMap((value) => value.by))).toContain('reader');
  }, 120_000);
  it('refuses a model and the reader alone at once', async () => {
    const spy = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
    expect(await extractCommand.run(['--schema', 'receipt', '--model', 'x', '--reader', 'x.png'], new AbortController().signal)).toBe(2);
    spy.mockRestore();
  });
});

// Catches: an answer cut in the middle of a string by its last token, or by the end of the context.
it('an answer of a few tokens is whole all the same, and says what of it counts', async () => {
  const { answerer } = await modelFor(quietJob(), { folder: path.join(root, 'qwen2-vl'), provider: 'cpu', threads: 1 });
  const judge = z.fromJSONSchema(answerSchema(schema, 1000) as Parameters<typeof z.fromJSONSchema>[0]);
  for (const maxNewTokens of [60, 90, 150, 300]) {
    const answer = await answerer.answer(quietJob(), { messages: [{ role: 'user', parts: [{ type: 'text', text: questionText(schema) }] }], pictures: [], maxNewTokens, sampling: { temperature: 1, seed: maxNewTokens }, schema: answerSchema(schema, 1000) });
    expect(answer.tokens.length).toBeLessThanOrEqual(maxNewTokens);
    expect(judge.safeParse(JSON.parse(answer.raw)).error?.message).toBeUndefined();
    expect(answer.ownLength === null).toBe(answer.finish === 'stop');
    expect(Object.keys(readAnswer(schema, answer.raw, answer.ownLength).fields)).toEqual(['seller', 'total', 'currency']);
  }
}, 60_000);

describe('question and answer', () => {
  it('names every field, and the answer’s form has all of them', () => {
    for (const part of ['seller (text)', 'total (amount, printed beside "Total due")', 'currency (one of GBP, EUR)', 'lines: every row']) expect(questionText(schema)).toContain(part);
    expect(answerSchema(schema, 1000)).toMatchObject({ required: ['seller', 'total', 'currency', 'lines'] });
  });
  const raw = '{"seller": {"value": "A, \\"B\\"}", "bbox_2d": [1, 2, 3, 4]}, "total": null, "currency": null, "lines": [{"description": "x}", "amount": "1", "row bbox_2d": [1, 2, 3, 4]}, {"description": "y", "amount": null, "row bbox_2d": null}]}';
  it('reads it back', () => {
    const { fields, rows } = readAnswer(schema, raw, null);
    expect(fields['seller']).toEqual({ value: 'A, "B"}', bbox_2d: [1, 2, 3, 4] });
    expect(rows['lines']).toEqual([{ bbox_2d: [1, 2, 3, 4], cells: { description: 'x}', amount: '1' } }, { bbox_2d: null, cells: { description: 'y', amount: null } }]);
  });
  // Catches: an empty string or a nought that only closes the JSON, taken for a reading.
  it.each([[10, 0, 0], [raw.indexOf('"total"'), 1, 0], [raw.indexOf('{"description": "y"'), 1, 1], [raw.indexOf('"amount": null'), 1, 1]])('of an answer ended after %i characters only whole values count', (length, fields, rows) => {
    const read = readAnswer(schema, raw, length);
    expect(Object.values(read.fields).filter((value) => value !== null)).toHaveLength(fields);
    expect(read.rows['lines']).toHaveLength(rows);
  });
});
