// The engine process starts here: takes jobs over one rpc method, runs them, posts their moments over each job's own port.
import type { JobControl, JobInput, JobKind, JobMoment, JobResult } from '@contract/job.ts';
import { jobControl, jobs } from '@contract/job.ts';
import { AppError, toWireError } from '../base/errors.ts';
import type { Job } from '../base/job.ts';
import { configureLog, logFor } from '../base/log.ts';
import { serveRpc } from '../base/rpc.ts';
import { createScheduler } from './scheduler.ts';

/** The little of Electron's utility process that is used; typed here because the engine does not import electron. */
interface MessagePortLike {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  start(): void;
  close(): void;
}
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown; ports: MessagePortLike[] }) => void): void;
}

/** Loaded when first needed: an engine that only waits costs no model runtime. */
const table: { readonly [K in JobKind]: () => Promise<(job: Job, input: JobInput<K>) => Promise<JobResult<K>>> } = {
  'prepare-document': async () => (await import('./jobs/prepare-document.ts')).prepareDocument,
  'draw-page': async () => (await import('./jobs/draw-page.ts')).drawPage,
  'read-page': async () => (await import('./jobs/read-page.ts')).readPage,
  'write-pdf': async () => (await import('./jobs/write-pdf.ts')).writePdf,
  'match-pages': async () => (await import('./jobs/match-pages.ts')).matchPages,
  'crop-page': async () => (await import('./jobs/crop-page.ts')).cropPage,
  'compare-pages': async () => (await import('./jobs/compare-pages.ts')).comparePages,
  'check-changes': async () => (await import('./jobs/compare-pages.ts')).checkChanges,
  'read-region': async () => (await import('./jobs/read-page.ts')).readRegion,
  'compile-model': async () => (await import('./jobs/compile-model.ts')).compileModel,
  'download-model': async () => (await import('./jobs/download-model.ts')).downloadModel,
  'load-model': async () => (await import('./jobs/load-model.ts')).loadModel,
  'forecast-model': async () => (await import('./jobs/describe-models.ts')).forecastModel,
  'describe-models': async () => (await import('./jobs/describe-models.ts')).describeModels,
  'unload-model': async () => (await import('./jobs/load-model.ts')).unloadModel,
  'answer-from-endpoint': async () => (await import('./jobs/answer-from-endpoint.ts')).answerFromEndpoint,
  'extract-by-endpoint': async () => (await import('./jobs/extract-by-endpoint.ts')).extractByEndpoint,
  'check-endpoint': async () => (await import('./jobs/answer-from-endpoint.ts')).checkEndpoint,
  'draw-answer': async () => (await import('./jobs/draw-answer.ts')).drawAnswer,
  'answer-from-text': async () => (await import('./jobs/answer-from-text.ts')).answerFromText,
  'check-answer': async () => (await import('./jobs/answer-from-text.ts')).checkAnswer,
  'extract-fields': async () => (await import('./jobs/extract-fields.ts')).extractFields,
  'extract-by-model': async () => (await import('./jobs/extract-by-model.ts')).extractByModel,
  'guess-field': async () => (await import('./jobs/extract-fields.ts')).guessField,
  'change-extraction': async () => (await import('./jobs/extract-fields.ts')).changeExtraction,
  'plan-question': async () => (await import('./jobs/plan-question.ts')).planQuestion,
  answer: async () => (await import('./jobs/answer.ts')).answer,
};

configureLog('engine');
const log = logFor('engine');

// A failure that escaped its job leaves the process in an unknown state: say what it was and let main start a new one.
process.on('uncaughtException', (error) => {
  log('error', 'uncaught', error);
  process.exit(70);
});
process.on('unhandledRejection', (reason) => {
  log('error', 'unhandled rejection', reason);
  process.exit(71);
});

const scheduler = createScheduler();

function isJobKind(kind: unknown): kind is JobKind {
  return typeof kind === 'string' && Object.hasOwn(jobs, kind);
}

/** Out of memory in native code arrives as a RangeError or with this in its message. */
function named(error: unknown): unknown {
  if (error instanceof RangeError && /alloc|array buffer/i.test(error.message)) return new AppError('out-of-memory', {}, error);
  return error;
}

/** Work that outlives what the window shows: main keeps how far it is. */
const mainWatches: ReadonlySet<JobKind> = new Set<JobKind>(['compile-model', 'download-model']);
const tellMainEveryMs = 250;

async function runJob<K extends JobKind>(kind: K, jobId: string, input: unknown, signal: AbortSignal, port: MessagePortLike | undefined): Promise<JobResult<K>> {
  const controller = new AbortController();
  signal.addEventListener('abort', () => controller.abort(signal.reason), { once: true });
  const post = (moment: JobMoment): void => port?.postMessage(moment);
  port?.on('message', ({ data }) => {
    const control = jobControl.safeParse(data);
    if (control.success) obey(control.data);
  });
  port?.start();
  const obey = (control: JobControl): void => {
    if (control.type === 'cancel') controller.abort(new AppError('job-cancelled'));
  };
  let told = 0;
  const job: Job = {
    signal: controller.signal,
    progress: (stage, fraction, detail) => {
      if (mainWatches.has(kind) && performance.now() - told > tellMainEveryMs) {
        told = performance.now();
        notify('progress', { jobId, fraction: Math.min(1, Math.max(0, fraction)), detail: detail ?? '' });
      }
      post({ type: 'progress', stage, fraction: Math.min(1, Math.max(0, fraction)), ...(detail === undefined ? {} : { detail }) });
    },
    log: logFor(kind),
    post,
    keep: (kept) => notify('kept', { jobId, ...kept }),
  };
  try {
    const parsed = jobs[kind].input.safeParse(input);
    if (!parsed.success) throw new AppError('request-invalid', { name: kind, detail: parsed.error.message.slice(0, 300) });
    job.progress('waiting', 0);
    const result = await scheduler.run(kind, controller.signal, async () => {
      const work = await table[kind]();
      return await work(job, parsed.data as JobInput<K>);
    });
    post({ type: 'done' });
    return result;
  } catch (error) {
    const wire = toWireError(named(error));
    if (wire.code === 'internal') log('error', `${kind} failed`, error);
    post({ type: 'failed', error: wire });
    throw named(error);
  } finally {
    port?.close();
  }
}

const { parentPort } = process as unknown as { parentPort?: ParentPort };
if (!parentPort) {
  process.stderr.write('The engine is started by the application; use the command line to run it alone.\n');
  process.exit(64);
}

const { notify } = serveRpc<MessagePortLike>(
  {
    post: (message) => parentPort.postMessage(message),
    onMessage: (listener) => parentPort.on('message', ({ data, ports }) => listener(data, ports)),
  },
  {
    run: async ({ jobId, kind, input }: { jobId: string; kind: unknown; input: unknown }, { signal, ports }) => {
      if (!isJobKind(kind)) throw new AppError('request-unknown', { name: String(kind) });
      return await runJob(kind, jobId, input, signal, ports[0]);
    },
  },
);
notify('ready', null);
