// "What differs?" from the request to what is kept, with the real library, a server that says what it is told to, and a compiled tiny
// checkpoint that really looks at both pictures (and says nonsense, which must come out as nothing confirmed).
import { copyFileSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JobMoment } from '@contract/job.ts';
import { modelViewKey } from '@contract/compare.ts';
import { createEndpointStore } from '../../../src-main/app/endpoint-store.ts';
import type { EndpointStore } from '../../../src-main/app/endpoint-store.ts';
import { createModelViews } from '../../../src-main/app/model-views.ts';
import type { ModelViews } from '../../../src-main/app/model-views.ts';
import { quietJob } from '../../../src-main/base/job.ts';
import { compileCheckpoint } from '../../../src-main/compiler/compile.ts';
import { closeModel } from '../../../src-main/engine/jobs/load-model.ts';
import { decodeImage } from '../../../src-main/inference/image/decode-image.ts';
import { startChatServer } from '../../helpers/chat-server.ts';
import type { ChatServer } from '../../helpers/chat-server.ts';
import { exactOptions } from '../../helpers/compiled-checkpoint.ts';
import { engineHere } from '../../helpers/engine-here.ts';
import { addReadDocument, boxQuad, openTestLibrary, temporaryFolder } from '../../helpers/library.ts';
import type { TestLibrary } from '../../helpers/library.ts';
import { clientOf } from '../../helpers/library-client.ts';
import { checkpointsFolder } from '../../helpers/reference.ts';

const folder = temporaryFolder();
const models = join(folder.path, 'models');
const fixtures = resolve(import.meta.dirname, '../../fixtures/pairs');
let library: TestLibrary;
let server: ChatServer;
let endpoints: EndpointStore;
let views: ModelViews;
let asked: { comparisonId: string; position: number };
let heard: [string | null, JobMoment][];

beforeAll(async () => {
  mkdirSync(join(folder.path, 'library'));
  library = openTestLibrary(join(folder.path, 'library'));
  const side = async (name: string) => {
    const file = join(folder.path, `${name}.png`);
    copyFileSync(join(fixtures, `en-receipt-amounts-${name}.png`), file);
    return await addReadDocument(library, file, [name]);
  };
  const before = await side('before'), after = await side('after');
  const { comparison } = library.methods.createComparison({ before: { documentId: before.documentId, pageId: null }, after: { documentId: after.documentId, pageId: null } });
  library.methods.addComparisonPairs({ comparisonId: comparison.id, pairs: [{ before: { pageId: before.pageId, pageIndex: 0 }, after: { pageId: after.pageId, pageIndex: 0 }, moved: false }] });
  asked = { comparisonId: comparison.id, position: 0 };
  const quad = boxQuad(340, 380, 50, 20);
  library.methods.saveComparisonPair({
    ...asked, error: null,
    result: { alignment: { method: 'text', matrix: [1, 0, 0, 0, 1, 0, 0, 0, 1], errorPixels: 0.1 }, changes: [{ kind: 'changed', before: { quad, text: '8.95' }, after: { quad, text: '8.35' }, confidence: 0.95, doubtful: false, cell: false }] },
  });
  server = await startChatServer();
  endpoints = createEndpointStore({ library: clientOf(library), vault: { canSeal: () => false, seal: (key) => key, open: (key) => key } });
  await compileCheckpoint(quietJob(), join(checkpointsFolder, 'qwen2-vl'), exactOptions, { root: models, id: 'tiny' });
  views = createModelViews({ library: clientOf(library), engine: engineHere((messageId, moment) => heard.push([messageId, moment])), passwords: { of: () => undefined }, endpoints, modelsFolder: models });
  heard = [];
});
afterAll(async () => {
  await closeModel();
  await server.close();
  library.database.close();
  folder.remove();
});

const addServer = () => endpoints.save({ name: 'Max', kind: 'vllm', baseUrl: server.baseUrl, model: 'qwen-vl-max', notation: 'thousand', tokenSide: 28, maxImageTokens: 1280, maxNewTokens: 512, concurrency: 2, timeoutSeconds: 10 });

test('a server is asked only with consent; its boxes come to lie on both pages and are checked', async () => {
  const { id } = await addServer();
  const answerer = { kind: 'endpoint', endpointId: id } as const;
  await expect(views.ask({ ...asked, answerer })).rejects.toMatchObject({ code: 'consent-missing' });
  expect(server.requests).toEqual([]);
  await endpoints.allow(id, true);
  const { width, height } = await decodeImage(join(fixtures, 'en-receipt-amounts-before.png'));
  const thousand = (x: number, y: number): number[] => [Math.round((x / width) * 1000), Math.round((y / height) * 1000)];
  const box = [...thousand(338, 378), ...thousand(392, 402)];
  server.pieces = ['[{"change": "the cake is cheaper", "before": {"image": 1, "text": "8.95", "bbox_2d": ', JSON.stringify(box), '}, "after": {"image": 2, "text": "8.35", "bbox_2d": ', JSON.stringify(box), '}}, {"change": "another shop", "before": {"image": 1, "text": "Bakery", "bbox_2d": [1, 1, 90, 20]}, "after": {"image": 2, "text": "Butcher", "bbox_2d": [1, 1, 90, 20]}}]'];
  const { modelView } = await views.ask({ ...asked, answerer });
  expect(modelView).toMatchObject({ answererName: 'Max (qwen-vl-max)', isCut: false, unnamed: [] });
  expect(modelView!.named.map(({ text, confirmedBy }) => [text, confirmedBy])).toEqual([['the cake is cheaper', [0]], ['another shop', []]]);
  for (const side of ['before', 'after'] as const) {
    const [[left, top]] = modelView!.named[0]![side].quad!;
    expect(Math.hypot(left - 338, top - 378)).toBeLessThan(3);
  }
  const content = server.requests[0]!.messages[0]!.content as { type: string; text?: string }[];
  expect(content.filter(({ type }) => type === 'image_url')).toHaveLength(2);
  expect(content.flatMap(({ text }) => text ?? []).slice(0, 2)).toEqual(['Picture 1: ', 'Picture 2: ']);
  expect(library.methods.comparisonPair(asked).modelView).toEqual(modelView);
});

test('a model on this machine sees both pages; what it says is streamed, kept, and not taken for true', async () => {
  const { modelView } = await views.ask({ ...asked, answerer: { kind: 'model', packageId: 'tiny' } });
  expect(modelView!.answer.length).toBeGreaterThan(0);
  expect(modelView!.named.every(({ confirmedBy }) => confirmedBy.length === 0)).toBe(true);
  expect(modelView!.unnamed).toEqual([0]);
  expect(heard.some(([key, moment]) => key === modelViewKey(asked.comparisonId, 0) && moment.type === 'text')).toBe(true);
});

test('stopping ends the question and keeps what was known', async () => {
  const { id } = await addServer();
  await endpoints.allow(id, true);
  const known = library.methods.comparisonPair(asked).modelView;
  server.trouble = { hangAfter: 1 };
  const waiting = views.ask({ ...asked, answerer: { kind: 'endpoint', endpointId: id } });
  setTimeout(() => views.stop(asked.comparisonId), 150);
  await expect(waiting).rejects.toMatchObject({ code: 'job-cancelled' });
  expect(library.methods.comparisonPair(asked).modelView).toEqual(known);
});
