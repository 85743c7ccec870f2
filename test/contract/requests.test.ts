// The seam: every request has a handler and nothing else is reachable; inputs and results are checked on the way; errors are data.
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { events } from '@contract/events.ts';
import { jobs } from '@contract/job.ts';
import { requests } from '@contract/requests.ts';
import type { RequestName } from '@contract/requests.ts';
import { settings, settingsChange } from '@contract/settings.ts';
import { AppError } from '../../src-main/base/errors.ts';
import { answerRequest } from '../../src-main/ipc/answer-request.ts';
import { allHandlers } from '../../src-main/ipc/handlers.ts';
import type { HandlerContext, Handlers } from '../../src-main/ipc/handlers.ts';

const names = Object.keys(requests) as RequestName[];
// Making the table calls nothing of the context.
const handlers = allHandlers({} as HandlerContext);
const only = (name: RequestName, handler: (input: unknown) => unknown): Handlers => ({ ...handlers, [name]: handler }) as Handlers;

test('every request has a handler and there is no handler without a request', () => {
  expect(Object.keys(handlers).sort()).toEqual([...names].sort());
});

test('names are subject.verb, as the bridge demands', () => {
  for (const name of [...names, ...Object.keys(events)]) expect(name).toMatch(/^[a-z]+\.[a-z]+(-[a-z]+)*$/);
});

describe('refused by name', () => {
  test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty', 'document', 'document.nothing', '', 0, null, undefined, { name: 'app.info' }, ['app.info']])('%j', async (name) => {
    const called: unknown[] = [];
    const answer = await answerRequest(only('app.info', (input) => called.push(input)), name, {});
    expect(answer).toMatchObject({ ok: false, error: { code: 'request-unknown' } });
    expect(called).toEqual([]);
  });
});

test('an input against the schema never reaches the handler', async () => {
  const called: unknown[] = [];
  const table = only('document.rename', (input) => called.push(input));
  for (const input of [undefined, null, {}, { documentId: 'a' }, { documentId: 'a', title: '  ' }, { documentId: 1, title: 'x' }, 'x']) {
    expect(await answerRequest(table, 'document.rename', input)).toMatchObject({ ok: false, error: { code: 'request-invalid', data: { name: 'document.rename' } } });
  }
  expect(called).toEqual([]);
});

test('defaults are filled in, unknown keys dropped', async () => {
  const called: unknown[] = [];
  await answerRequest(
    only('library.search', (input) => {
      called.push(input);
      return [];
    }),
    'library.search',
    { text: 'a', extra: 1 },
  );
  expect(called).toEqual([{ text: 'a', limit: 200 }]);
});

test('a result against the schema is a bug of ours, told as one', async () => {
  expect(await answerRequest(only('document.list', () => [{ id: '' }]), 'document.list', {})).toMatchObject({ ok: false, error: { code: 'internal' } });
});

test('code and data of an error survive, its stack and cause stay home', async () => {
  const failing = only('document.list', () => {
    throw new AppError('disk-full', { file: 'a.png' }, new Error('secret path'));
  });
  const answer = await answerRequest(failing, 'document.list', {});
  expect(answer).toMatchObject({ ok: false, error: { code: 'disk-full', data: { file: 'a.png' } } });
  expect(JSON.stringify(answer)).not.toMatch(/secret|stack/);
});

test('what crosses a process is plain data: every schema survives a structured clone and JSON where it must', () => {
  const defaults = settings.parse({});
  expect(settings.parse(structuredClone(defaults))).toEqual(defaults);
  expect(settings.parse(JSON.parse(JSON.stringify(defaults)))).toEqual(defaults);
  const text = {
    width: 10, height: 20, rotation: 90, notes: [{ kind: 'blank' }], readMs: 1,
    regions: [{ role: 'paragraph', quad: [[0, 0], [1, 0], [1, 1], [0, 1]], lines: [{ text: '한', quad: [[0, 0], [1, 0], [1, 1], [0, 1]], confidence: 1, words: [], script: 'korean', vertical: true }] }],
  };
  expect(jobs['read-page'].result.parse(structuredClone(text))).toEqual(text);
  // Coordinates that are no numbers would poison every drawing and export after.
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const broken = structuredClone(text);
    broken.regions[0]!.quad[0]![0] = bad;
    expect(jobs['read-page'].result.safeParse(broken).success).toBe(false);
  }
});

test('every schema of the seam is data all the way down', () => {
  for (const schema of [...Object.values(requests).flatMap((one) => [one.input, one.result]), ...Object.values(events), ...Object.values(jobs).flatMap((one) => [one.input, one.result])]) {
    // Bytes are the one thing JSON Schema has no word for.
    expect(() => z.toJSONSchema(schema, { unrepresentable: 'any' })).not.toThrow();
  }
});

test('a change of one setting says nothing about the others', () => {
  // Defaults in the change would put every other setting back with each click.
  expect(settingsChange.parse({ theme: 'dark' })).toEqual({ theme: 'dark' });
});
