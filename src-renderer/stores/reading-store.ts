// What the engine is doing: its state, and how far each running job is. Knows no words.
import { create } from 'zustand';
import type { JobStage } from '@contract/job.ts';
import type { EngineStatus } from '@contract/requests.ts';
import type { JobLine } from '../api.ts';
import { request } from '../api.ts';

export interface Progress { jobId: string; documentId: string | null; stage: JobStage; fraction: number }

interface ReadingState {
  engine: EngineStatus;
  /** Page id → how far its reading is. */
  pages: ReadonlyMap<string, Progress>;
  /** Document id → how far its preparing is. */
  documents: ReadonlyMap<string, Progress>;
}

export const useReading = create<ReadingState>(() => ({
  engine: { state: 'starting', queued: 0, paused: false, restarts: 0, error: null },
  pages: new Map(),
  documents: new Map(),
}));

export function takeEngineStatus(engine: EngineStatus): void {
  useReading.setState({ engine });
}

/** Follows a job until its port says that it is over. */
export function followJob(jobId: string, pageId: string | null, documentId: string | null, job: JobLine): void {
  const place = pageId !== null ? 'pages' : 'documents';
  const key = pageId ?? documentId;
  if (key === null) return;
  const put = (progress: Progress | null): void =>
    useReading.setState((state) => {
      const next = new Map(state[place]);
      // A later job for the same page owns the entry; the end of an older one must not take it away.
      if (progress) next.set(key, progress);
      else if (next.get(key)?.jobId === jobId) next.delete(key);
      return place === 'pages' ? { pages: next } : { documents: next };
    });
  put({ jobId, documentId, stage: 'waiting', fraction: 0 });
  job.onMoment((moment) => {
    if (moment.type === 'progress') put({ jobId, documentId, stage: moment.stage, fraction: moment.fraction });
    else if (moment.type === 'done' || moment.type === 'failed') put(null);
  });
}

/** A page that is no longer being read has no progress, even when its port closed without a word (the engine died). */
export function forgetProgress(pageIds: readonly string[]): void {
  useReading.setState(({ pages }) => {
    if (!pageIds.some((id) => pages.has(id))) return {};
    const gone = new Set(pageIds);
    return { pages: new Map([...pages].filter(([id]) => !gone.has(id))) };
  });
}

export async function setPaused(paused: boolean): Promise<void> {
  await request(paused ? 'reading.pause' : 'reading.resume', {});
}
