// The engine as main sees it, with its real jobs run in this thread: what is tested in main meets what the engine really says.
import type { JobInput, JobKind, JobMoment, JobResult } from '@contract/job.ts';
import { jobs } from '@contract/job.ts';
import type { Engine } from '../../src-main/app/engine-process.ts';
import { fromWireError, toWireError } from '../../src-main/base/errors.ts';
import type { Job } from '../../src-main/base/job.ts';
import { answer } from '../../src-main/engine/jobs/answer.ts';
import { checkChanges, comparePages } from '../../src-main/engine/jobs/compare-pages.ts';
import { answerFromText, checkAnswer } from '../../src-main/engine/jobs/answer-from-text.ts';
import { answerFromEndpoint, checkEndpoint } from '../../src-main/engine/jobs/answer-from-endpoint.ts';
import { compileModel } from '../../src-main/engine/jobs/compile-model.ts';
import { describeModels, forecastModel } from '../../src-main/engine/jobs/describe-models.ts';
import { downloadModel } from '../../src-main/engine/jobs/download-model.ts';
import { loadModel, unloadModel } from '../../src-main/engine/jobs/load-model.ts';
import { planQuestion } from '../../src-main/engine/jobs/plan-question.ts';

type Work = { readonly [K in JobKind]?: (job: Job, input: JobInput<K>) => Promise<JobResult<K>> };
const work: Work = {
  answer, 'check-changes': checkChanges, 'check-endpoint': checkEndpoint, 'compare-pages': comparePages, 'answer-from-endpoint': answerFromEndpoint, 'answer-from-text': answerFromText, 'check-answer': checkAnswer, 'compile-model': compileModel, 'describe-models': describeModels, 'download-model': downloadModel, 'forecast-model': forecastModel, 'load-model': loadModel, 'plan-question': planQuestion, 'unload-model': unloadModel,
};

/** `onMoment` hears what the window would. `more` are jobs that few tests want. */
export function engineHere(onMoment: (messageId: string | null, moment: JobMoment) => void = () => {}, more: Work = {}): Pick<Engine, 'run'> {
  return {
    async run(kind, input, { signal = new AbortController().signal, onKept, onProgress, messageId = null } = {}) {
      const job: Job = { signal, progress: (_stage, fraction, detail) => onProgress?.(fraction, detail ?? ''), log: () => {}, post: (moment) => onMoment(messageId, moment), ...(onKept ? { keep: onKept } : {}) };
      const run = (more[kind] ?? work[kind]) as ((job: Job, input: unknown) => Promise<unknown>) | undefined;
      try {
        // As between processes: parsed, cloned, errors as data.
        return structuredClone(jobs[kind].result.parse(await run!(job, jobs[kind].input.parse(structuredClone(input))))) as never;
      } catch (error) {
        throw fromWireError(toWireError(error));
      }
    },
  };
}
