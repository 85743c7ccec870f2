// Reads the text of one page: pixels (and a PDF's own text) from the file, then the built-in reader. Keeps the reader's networks open between pages.
import type { JobInput, JobResult } from '@contract/job.ts';
import { partOf, throwIfCancelled, type Job } from '../../base/job.ts';
import { PageReader } from '../../ocr/read-picture.ts';
import { decodePage } from './page-pictures.ts';

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

/** @throws every code that opening the file or reading throws, and job-cancelled */
export async function readPage(job: Job, input: JobInput<'read-page'>): Promise<JobResult<'read-page'>> {
  if (closing) clearTimeout(closing);
  closing = null;
  const started = performance.now();
  try {
    job.progress('decoding', 0);
    const { picture, notes, layer } = await decodePage(input.source);
    throwIfCancelled(job);
    reader ??= new PageReader();
    const text = await reader.read(partOf(job, 0.05, 1), picture, input.rotation, notes, layer);
    return { ...text, readMs: performance.now() - started };
  } finally {
    closing = setTimeout(() => void closeReader(), keepOpenMs);
    closing.unref();
  }
}
