// Reads the text of one page, or of boxes on it: pixels (and a PDF's own text) from the file, then the built-in reader. Keeps the reader's networks open between pages.
import type { JobInput, JobResult, PageSource } from '@contract/job.ts';
import { partOf, throwIfCancelled, type Job } from '../../base/job.ts';
import { PageReader } from '../../ocr/read-picture.ts';
import { decodePage, type DecodedPage } from './page-pictures.ts';

let reader: PageReader | null = null;
let closing: NodeJS.Timeout | null = null;
/** Networks nobody uses any more give their memory back after this. */
const keepOpenMs = 120_000;

/** Frees the reader's networks. */
export async function closeReader(): Promise<void> {
  if (closing) clearTimeout(closing);
  closing = null;
  const one = reader;
  reader = null;
  await one?.close();
}

/** Opens the page and gives `work` the reader for it, which stays open a while afterwards. */
async function withReader<T>(job: Job, source: PageSource, work: (reader: PageReader, page: DecodedPage) => Promise<T>): Promise<T> {
  if (closing) clearTimeout(closing);
  closing = null;
  try {
    job.progress('decoding', 0);
    const page = await decodePage(source);
    throwIfCancelled(job);
    reader ??= new PageReader();
    return await work(reader, page);
  } finally {
    closing = setTimeout(() => void closeReader(), keepOpenMs);
    closing.unref();
  }
}

/** @throws every code that opening the file or reading throws, and job-cancelled */
export async function readPage(job: Job, input: JobInput<'read-page'>): Promise<JobResult<'read-page'>> {
  const started = performance.now();
  return withReader(job, input.source, async (open, { picture, notes, layer }) => {
    const text = await open.read(partOf(job, 0.05, 1), picture, input.rotation, notes, layer);
    return { ...text, readMs: performance.now() - started };
  });
}

/** @throws the same */
export async function readRegion(job: Job, { source, quads, rotation, script, split }: JobInput<'read-region'>): Promise<JobResult<'read-region'>> {
  return withReader(job, source, async (open, { picture }) => ({ lines: await open.readBoxes(job, picture, quads, { rotation, script, split }) }));
}
