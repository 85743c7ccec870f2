// Downloads a checkpoint by repository id: in segments, several at once, resumable after any interruption, every file hashed before the whole
// becomes visible. Until then it lies in a hidden folder that nothing takes for a checkpoint.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError, fileError, systemCode } from '../base/errors.ts';
import { writeFileAtomically } from '../base/atomic-file.ts';
import { type Job, throwIfCancelled } from '../base/job.ts';
import { type HubFile, type HubOptions, type HubRepository, describeRepository, fileUrl, getJson, isExport, networkError, pause, responseError, worthRetrying } from './hub.ts';
import { readModelConfig } from './model-config.ts';
import { expectExportable } from './onnx-export.ts';
import { expectDiskSpace } from './package-files.ts';
import type { PackageOutline } from './package-format.ts';

export interface DownloadOptions extends HubOptions {
  /** Connections at once. Default 4. */
  readonly parallel?: number;
  /** Bytes per request. Default 32 MiB. */
  readonly segmentBytes?: number;
  /** Attempts per segment before giving up. Default 6. */
  readonly attempts?: number;
  /** Milliseconds before the second attempt; doubled each time. Default 500. */
  readonly retryMs?: number;
}

/** What a download will take, before it starts. */
export interface DownloadForecast {
  readonly repository: HubRepository;
  readonly downloadBytes: number;
  /** An int4 package compiled from it, about; an ONNX export is its own. */
  readonly packageBytes: number;
  /** That package, about. */
  readonly outline: PackageOutline;
}

/** Where a repository's checkpoint lies once it is complete. */
export function checkpointFolder(root: string, id: string): string {
  return join(root, id.replace('/', '--'));
}

/** What people call a model in `folder`: of a downloaded one the repository's name without its owner. */
export function publishedName(folder: string): string {
  return basename(folder).replace(/^.+?--(?=.)/, '');
}

function unfinishedFolder(root: string, id: string): string {
  return join(root, `.${id.replace('/', '--')}.download`);
}

const stateFile = 'download.json';

/** What is already there: finished segments by file. Belongs to one commit and one segment size. */
interface State {
  commit: string;
  segmentBytes: number;
  done: Record<string, number[]>;
}

interface Segment {
  readonly file: HubFile;
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Looks a repository up and says what it will take. Refuses other architectures from its config.json alone.
 * @throws download-not-found, download-forbidden, download-failed, network-unavailable, checkpoint-unsupported, quantization-unsupported, job-cancelled
 */
export async function forecastDownload(job: Job, id: string, options: DownloadOptions): Promise<DownloadForecast> {
  const repository = await describeRepository(id, options, job.signal);
  const config = readModelConfig(await getJson(fileUrl(repository, 'config.json'), options, job.signal, id), 'config.json');
  const { text, vision, quantization } = config;
  const downloadBytes = repository.files.reduce((sum, file) => sum + file.sizeBytes, 0);
  if (isExport(repository)) {
    expectExportable(config, id);
    return { repository, downloadBytes, packageBytes: downloadBytes, outline: outlined({ text, vision }, downloadBytes, { graph: 'embed_tokens.onnx', rows: text.vocabSize, columns: text.hiddenSize }) };
  }
  const weights = downloadBytes / (quantization ? 0.7 : 2);
  const embeddings = text.vocabSize * text.hiddenSize * 2;
  const packageBytes = Math.round(weights * 0.56 + embeddings);
  return { repository, downloadBytes, packageBytes, outline: outlined({ text, vision }, Math.round(weights * 0.6), { file: '', offset: 0, type: 'bfloat16', rows: text.vocabSize, columns: text.hiddenSize, block: null, scales: null }) };
}

/** A package of 4-bit weights that take so many bytes. */
function outlined(config: PackageOutline['config'], weightBytes: number, embeddings: PackageOutline['embeddings']): PackageOutline {
  return {
    config, embeddings, kvType: 'float32',
    quantization: { text: 'int4', lmHead: 'int4', vision: 'w8a8', block: null, symmetric: true },
    graphs: { text: 'text.onnx', textFast: null, vision: 'vision.onnx', textLayer: null },
    files: [{ name: 'text.onnx', sizeBytes: weightBytes }],
  };
}

async function readState(folder: string, commit: string, segmentBytes: number): Promise<State> {
  try {
    const state = JSON.parse(await readFile(join(folder, stateFile), 'utf8')) as State;
    if (state.commit === commit && state.segmentBytes === segmentBytes && typeof state.done === 'object') return state;
  } catch {
    // None yet, or half written: everything is fetched again.
  }
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  return { commit, segmentBytes, done: {} };
}

function segmentsOf(files: readonly HubFile[], segmentBytes: number, state: State): Segment[] {
  return files.flatMap((file) => Array.from({ length: Math.ceil(file.sizeBytes / segmentBytes) }, (_, index) => ({ file, index, start: index * segmentBytes, end: Math.min(file.sizeBytes, (index + 1) * segmentBytes) })))
    .filter(({ file, index }) => !state.done[file.name]?.includes(index));
}

/** Fetches one segment into its place. A server that ignores ranges sends the whole file; its part is taken. */
async function fetchSegment(url: string, segment: Segment, handle: FileHandle, signal: AbortSignal, token: string | undefined, onBytes: (bytes: number) => void): Promise<void> {
  const { start, end, file } = segment;
  const response = await fetch(url, { signal, headers: { range: `bytes=${start}-${end - 1}`, ...(token ? { authorization: `Bearer ${token}` } : {}) } });
  if (response.status !== 206 && response.status !== 200) throw responseError(url, response.status, file.name);
  if (response.status === 206) {
    const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
    if (range && (Number(range[1]) !== start || (range[3] !== '*' && Number(range[3]) !== file.sizeBytes))) throw new AppError('download-corrupt', { file: file.name, reason: 'the server sends another range than asked for' });
  }
  if (!response.body) throw new AppError('download-failed', { url, what: file.name, reason: 'no content' });
  let at = response.status === 200 ? 0 : start;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    const from = Math.max(0, start - at);
    const to = Math.min(chunk.byteLength, end - at);
    if (to > from) {
      await handle.write(chunk, from, to - from, at + from);
      onBytes(to - from);
    }
    at += chunk.byteLength;
    if (at >= end) break;
  }
  if (at < end) throw new AppError('download-failed', { url, what: file.name, reason: 'the connection ended early' });
}

/** A failure of writing, not of the network. */
function ofDisk(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EACCES', 'EROFS', 'EPERM', 'EIO'].includes(systemCode(error) ?? '');
}

async function verifyFile(folder: string, file: HubFile): Promise<boolean> {
  const hash = createHash(file.hash.kind === 'sha256' ? 'sha256' : 'sha1');
  if (file.hash.kind === 'git-sha1') hash.update(`blob ${file.sizeBytes}\0`);
  for await (const chunk of createReadStream(join(folder, file.name), { highWaterMark: 4 << 20 })) hash.update(chunk as Uint8Array);
  return hash.digest('hex') === file.hash.value;
}

/**
 * Downloads repository `id` below `root` and returns its folder. Called again after an interruption, it goes on where it stopped.
 * @throws download-not-found, download-forbidden, download-failed, download-corrupt, network-unavailable, disk-insufficient, disk-full,
 * checkpoint-unsupported, quantization-unsupported, job-cancelled
 */
export async function downloadCheckpoint(job: Job, root: string, id: string, options: DownloadOptions = {}, forecast?: DownloadForecast): Promise<string> {
  const finished = checkpointFolder(root, id);
  if (await stat(finished).then(() => true, () => false)) return finished;
  const { repository } = forecast ?? (await forecastDownload(job, id, options));
  const folder = unfinishedFolder(root, id);
  const segmentBytes = options.segmentBytes ?? 32 << 20;
  try {
    await mkdir(root, { recursive: true });
    const state = await readState(folder, repository.commit, segmentBytes);
    const waiting = segmentsOf(repository.files, segmentBytes, state);
    const total = repository.files.reduce((sum, file) => sum + file.sizeBytes, 0) || 1;
    const missing = waiting.reduce((sum, one) => sum + one.end - one.start, 0);
    await expectDiskSpace(root, missing);
    await fetchAll(job, repository, folder, state, waiting, options, total);
    for (const file of repository.files) {
      throwIfCancelled(job);
      job.progress('writing', 0.99, file.name);
      if (file.sizeBytes === 0) await (await open(join(folder, file.name), 'w')).close();
      if (await verifyFile(folder, file)) continue;
      // Only this file is fetched again by the next attempt.
      delete state.done[file.name];
      await writeFileAtomically(join(folder, stateFile), JSON.stringify(state));
      throw new AppError('download-corrupt', { file: file.name, what: id });
    }
    await rm(join(folder, stateFile));
    await rename(folder, finished);
    return finished;
  } catch (error) {
    if (job.signal.aborted) throw new AppError('job-cancelled', {}, error);
    throw systemCode(error) ? fileError(error, id, 'write-failed') : error;
  }
}

async function fetchAll(job: Job, repository: HubRepository, folder: string, state: State, waiting: Segment[], options: DownloadOptions, total: number): Promise<void> {
  const handles = new Map<string, FileHandle>();
  const stop = new AbortController();
  const signal = AbortSignal.any([job.signal, stop.signal]);
  let received = total - waiting.reduce((sum, one) => sum + one.end - one.start, 0);
  try {
    for (const { file } of waiting) {
      // Kept when it is there: parts of it may be finished.
      if (handles.has(file.name)) continue;
      await mkdir(dirname(join(folder, file.name)), { recursive: true });
      handles.set(file.name, await open(join(folder, file.name), 'r+').catch(() => open(join(folder, file.name), 'w+')));
    }
    const work = async (): Promise<void> => {
      for (let segment = waiting.shift(); segment; segment = waiting.shift()) {
        await fetchWithRetries(segment);
        (state.done[segment.file.name] ??= []).push(segment.index);
        // Data before the note that it is there.
        await handles.get(segment.file.name)!.sync();
        await saveState();
      }
    };
    let saving: Promise<void> = Promise.resolve();
    const saveState = (): Promise<void> => (saving = saving.then(() => writeFileAtomically(join(folder, stateFile), JSON.stringify(state))));
    const fetchWithRetries = async (segment: Segment): Promise<void> => {
      const url = fileUrl(repository, segment.file.name);
      let start = segment.start;
      for (let attempt = 1; ; attempt++) {
        const began = start;
        try {
          await fetchSegment(url, { ...segment, start }, handles.get(segment.file.name)!, signal, options.token, (bytes) => {
            start += bytes;
            received += bytes;
            job.progress('downloading', Math.min(1, received / total), segment.file.name);
          });
          return;
        } catch (error) {
          // What has come is kept; only attempts that bring nothing are counted.
          if (start > began) attempt = 1;
          const named = ofDisk(error) ? error : networkError(url, error, signal);
          throwIfCancelled(job);
          if (signal.aborted || attempt >= (options.attempts ?? 6) || !worthRetrying(named)) throw named;
          job.log('info', `${segment.file.name} segment ${segment.index}: attempt ${attempt} failed`, { reason: named instanceof Error ? named.message : '' });
          await pause((options.retryMs ?? 500) * 2 ** (attempt - 1), signal);
        }
      }
    };
    // The first failure is the reason; the others stop because of it.
    let failure: { readonly reason: unknown } | null = null;
    await Promise.all(Array.from({ length: options.parallel ?? 4 }, () => work().catch((reason: unknown) => {
      failure ??= { reason };
      stop.abort();
    })));
    if (failure) throw (failure as { readonly reason: unknown }).reason;
    throwIfCancelled(job);
  } finally {
    await Promise.allSettled([...handles.values()].map((handle) => handle.close()));
  }
}
