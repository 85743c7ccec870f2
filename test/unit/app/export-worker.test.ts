// Formats made in a worker of their own, through the same messages as in the application. Would catch: pages that arrive out of order or
// twice, errors that lose their name between threads, a worker that dies without anybody hearing of it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startExporting } from '../../../src-main/app/export-worker.ts';
import type { ExportPage } from '../../../src-main/exporters/export-page.ts';
import { bundleForNode } from '../../helpers/bundle.ts';
import { lineAt, pageWith, regionOf, temporaryFolder } from '../../helpers/library.ts';

const folder = temporaryFolder();
let script: string;
beforeAll(async () => {
  script = await bundleForNode('src-main/exporters/worker.ts', 'export-worker');
}, 60_000);
afterAll(() => folder.remove());

const page = (pageIndex: number): ExportPage => ({ file: 'book.pdf', pageIndex, pageCount: 3, text: pageWith([regionOf('paragraph', [lineAt(`this is page ${pageIndex + 1}`, 100, 100)])]) });

test('pages come in one by one, the file holds them in their order, and the next export begins anew', async () => {
  const worker = startExporting(script);
  try {
    for (const index of [0, 1, 2]) await worker.add(page(index));
    await worker.make('txt');
    const file = join(folder.path, 'book.txt');
    await worker.write(file, false);
    expect(readFileSync(file, 'utf8')).toBe('this is page 1\n\nthis is page 2\n\nthis is page 3\n');
    await worker.add(page(0));
    expect(await worker.text('md')).toBe('this is page 1\n');
    await worker.add(page(1));
    await worker.make('docx');
    await worker.write(join(folder.path, 'book.docx'), false);
    expect(readFileSync(join(folder.path, 'book.docx')).subarray(0, 2).toString()).toBe('PK');
  } finally {
    await worker.close();
  }
});

test('errors keep their names, and nothing is overwritten unasked', async () => {
  const worker = startExporting(script);
  const there = join(folder.path, 'there.txt');
  writeFileSync(there, 'mine');
  try {
    await worker.add(page(0));
    await expect(worker.make('csv')).rejects.toMatchObject({ code: 'table-missing', data: { file: 'book.pdf' } });
    await worker.add(page(0));
    await worker.make('txt');
    await expect(worker.write(there, false)).rejects.toMatchObject({ code: 'file-exists' });
    expect(readFileSync(there, 'utf8')).toBe('mine');
  } finally {
    await worker.close();
  }
});

test('closed in the middle of its work, it says so and leaves no file', async () => {
  const worker = startExporting(script);
  for (let index = 0; index < 40; index++) await worker.add(page(index));
  const making = worker.make('docx').then(() => worker.write(join(folder.path, 'never.docx'), false));
  await Promise.all([worker.close(), expect(making).rejects.toMatchObject({ code: 'internal' })]);
  expect(existsSync(join(folder.path, 'never.docx'))).toBe(false);
});
