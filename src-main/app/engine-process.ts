// Keeps the engine process alive: starts it, gives it jobs with their ports, names its crashes, starts it again. Knows no job's meaning.
import { MessageChannelMain, utilityProcess } from 'electron';
import type { MessagePortMain, UtilityProcess } from 'electron';
import { randomUUID } from 'node:crypto';
import type { WriteStream } from 'node:fs';
import type { WireError } from '@contract/errors.ts';
import { jobs } from '@contract/job.ts';
import type { JobInput, JobKind, JobResult, JobStarted } from '@contract/job.ts';
import { AppError, toWireError } from '../base/errors.ts';
import type { KeptAnswer } from '../base/job.ts';
import { logFor } from '../base/log.ts';
import { connectRpc } from '../base/rpc.ts';
import type { RpcClient } from '../base/rpc.ts';
import { openLogFile } from './log-file.ts';

const log = logFor('engine-process');

/** Waits before a restart, by how many crashes came one after another; the last one is kept to. */
const restartDelaysMs = [100, 1000, 4000, 15_000, 60_000] as const;
/** An engine that lived this long was healthy: the next crash counts as the first. */
const healthyMs = 60_000;
const readyTimeoutMs = 30_000;

export interface EngineState {
  state: 'starting' | 'ready' | 'stopped';
  restarts: number;
  error: WireError | null;
}

export interface JobOptions {
  documentId?: string | null;
  pageId?: string | null;
  messageId?: string | null;
  /** Of an answer: the pages that its places number, and which section of it the job writes. */
  pageIds?: readonly string[];
  section?: JobStarted['section'];
  signal?: AbortSignal;
  /** Hears what an answer has written so far. */
  onKept?: (kept: KeptAnswer) => void;
  /** Hears how far the job is, a few times a second. */
  onProgress?: (fraction: number, detail: string) => void;
}

export interface Engine {
  /** Starts the process; jobs given before it is ready wait for it. */
  start(): void;
  /** Throws what the job throws, or engine-stopped when the process died under it. */
  run<K extends JobKind>(kind: K, input: JobInput<K>, options?: JobOptions): Promise<JobResult<K>>;
  readonly state: EngineState;
  stop(): Promise<void>;
}

export interface EngineOptions {
  script: string;
  logFolder: string;
  /** Hands the window its end of a job's port. */
  sendJob(started: JobStarted, port: MessagePortMain): void;
  onChange(state: EngineState): void;
}

/** A promise with its handles; rejecting it when nobody waits is no error. */
function awaited<T>(): { promise: Promise<T>; resolve(value: T): void; reject(reason: AppError): void } {
  let resolve!: (value: T) => void;
  let reject!: (reason: AppError) => void;
  const promise = new Promise<T>((onDone, onFail) => {
    resolve = onDone;
    reject = onFail;
  });
  promise.catch(() => {});
  return { promise, resolve, reject };
}

interface Running {
  child: UtilityProcess;
  rpc: RpcClient<MessagePortMain>;
}

export function superviseEngine(options: EngineOptions): Engine {
  let state: EngineState = { state: 'starting', restarts: 0, error: null };
  let ready = awaited<Running>();
  let child: UtilityProcess | null = null;
  let timer: NodeJS.Timeout | null = null;
  let stopping = false;
  const watchers = new Map<string, (fraction: number, detail: string) => void>();
  const keepers = new Map<string, (kept: KeptAnswer) => void>();
  let crashesInARow = 0;
  let output: WriteStream | null = null;

  const change = (next: Partial<EngineState>): void => {
    state = { ...state, ...next };
    options.onChange(state);
  };

  const spawn = (): void => {
    timer = null;
    const startedAt = Date.now();
    output ??= openLogFile(options.logFolder, 'engine');
    const process_ = utilityProcess.fork(options.script, [], {
      serviceName: 'Lectern engine',
      stdio: ['ignore', 'pipe', 'pipe'],
      // ONNX Runtime reports home unless this is set before its library is loaded.
      env: { ...process.env, ORT_DISABLE_TELEMETRY: '1' } as Record<string, string>,
    });
    child = process_;
    let lastWords = '';
    const hear = (chunk: Buffer): void => {
      output?.write(chunk);
      lastWords = (lastWords + chunk.toString('utf8')).slice(-2000);
      if (process.env['LECTERN_LOG']) process.stderr.write(chunk);
    };
    process_.stdout?.on('data', hear);
    process_.stderr?.on('data', hear);
    const rpc = connectRpc<MessagePortMain>(
      {
        post: (message, transfer) => process_.postMessage(message, transfer as MessagePortMain[] | undefined),
        onMessage: (listener) => void process_.on('message', (message: unknown) => listener(message, [])),
      },
      (topic, payload) => {
        if (topic === 'kept') {
          const { jobId, ...kept } = payload as KeptAnswer & { jobId: string };
          keepers.get(jobId)?.(kept);
        }
        if (topic === 'progress') {
          const { jobId, fraction, detail } = payload as { jobId: string; fraction: number; detail: string };
          watchers.get(jobId)?.(fraction, detail);
        }
        if (topic !== 'ready') return;
        clearTimeout(late);
        ready.resolve({ child: process_, rpc });
        change({ state: 'ready', error: null });
      },
    );
    const late = setTimeout(() => {
      log('error', 'the engine did not become ready');
      process_.kill();
    }, readyTimeoutMs);
    process_.once('exit', (exitCode) => {
      clearTimeout(late);
      if (child === process_) child = null;
      const reason = new AppError('engine-stopped', { exitCode, lastWords: lastWords.trim().split('\n').slice(-3).join('\n') });
      rpc.close(reason);
      if (stopping) {
        ready.reject(reason);
        return;
      }
      log('error', `the engine ended (${exitCode})`, { lastWords: lastWords.slice(-500) });
      crashesInARow = Date.now() - startedAt > healthyMs ? 1 : crashesInARow + 1;
      // Jobs that still wait for the first readiness keep waiting; later ones wait for the next.
      if (state.state === 'ready') ready = awaited();
      const delay = restartDelaysMs[Math.min(crashesInARow, restartDelaysMs.length) - 1] ?? 0;
      change({ state: crashesInARow > 2 ? 'stopped' : 'starting', restarts: state.restarts + 1, error: toWireError(reason) });
      timer = setTimeout(spawn, delay);
    });
  };

  return {
    get state() {
      return state;
    },
    start() {
      if (!child && !timer && !stopping) spawn();
    },
    async run(kind, input, { documentId = null, pageId = null, messageId = null, pageIds = [], section = null, signal, onKept, onProgress } = {}) {
      const { rpc } = await ready.promise;
      const jobId = randomUUID();
      const { port1, port2 } = new MessageChannelMain();
      options.sendJob({ jobId, kind, documentId, pageId, messageId, pageIds: [...pageIds], section }, port2);
      if (onKept) keepers.set(jobId, onKept);
      if (onProgress) watchers.set(jobId, onProgress);
      const result = await rpc.call('run', { jobId, kind, input }, { transfer: [port1], ...(signal ? { signal } : {}) }).finally(() => {
        keepers.delete(jobId);
        watchers.delete(jobId);
      });
      // What another process says is checked where it comes in.
      return jobs[kind].result.parse(result) as never;
    },
    async stop() {
      stopping = true;
      if (timer) clearTimeout(timer);
      const last = child;
      if (last) {
        const ended = new Promise<void>((resolve) => last.once('exit', () => resolve()));
        last.kill();
        await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 1000))]);
      }
      output?.end();
    },
  };
}
