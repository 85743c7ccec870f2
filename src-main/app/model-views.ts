// What a model sees between the two pages of a pair: shows it both, asks what differs, has the answer held against the changes that were
// found, keeps it. Knows no window.
import { modelViewKey } from '@contract/compare.ts';
import type { KeptPair } from '@contract/compare.ts';
import type { Answerer } from '@contract/conversation.ts';
import type { JobInput, JobResult } from '@contract/job.ts';
import type { QuestionMessage } from '@contract/model.ts';
import { changeAnswerTokens, changeQuestion } from '../base/change-question.ts';
import { AppError } from '../base/errors.ts';
import { findPackage } from '../model/store.ts';
import type { EndpointStore } from './endpoint-store.ts';
import type { Engine } from './engine-process.ts';
import type { Library } from './library-client.ts';
import type { Passwords } from './passwords.ts';

export interface ModelViewsOptions {
  library: Library;
  engine: Pick<Engine, 'run'>;
  passwords: Pick<Passwords, 'of'>;
  endpoints: Pick<EndpointStore, 'reach'>;
  /** Folder of all compiled packages. */
  modelsFolder: string;
}

export interface AskedModel {
  comparisonId: string;
  position: number;
  answerer: Answerer;
}

export interface ModelViews {
  /** @throws comparison-not-found, consent-missing, what answering throws, job-cancelled */
  ask(asked: AskedModel): Promise<KeptPair>;
  stop(comparisonId: string): void;
  leave(): void;
}

type Said = Pick<JobResult<'answer'>, 'text' | 'raw' | 'groundings'> & { name: string; finish: JobResult<'answer' | 'answer-from-endpoint'>['finish'] };

export function createModelViews({ library, engine, passwords, endpoints, modelsFolder }: ModelViewsOptions): ModelViews {
  const running = new Map<AbortController, string>();

  const shown = async (pageId: string): Promise<QuestionMessage['parts'][number]> => {
    const { source, documentId } = await library.call('pagePaths', { pageId });
    const { rotation } = await library.call('pageById', { pageId });
    const password = passwords.of(documentId);
    return { type: 'page', page: { source: password === undefined ? source : { ...source, password }, rotation } };
  };

  /** The likeliest tokens: an answer that is checked need not be lively. */
  const said = async (answerer: Answerer, messages: JobInput<'answer'>['messages'], run: { messageId: string; signal: AbortSignal }): Promise<Said> => {
    const rest = { messages, sampling: { temperature: 0 }, maxNewTokens: changeAnswerTokens };
    if (answerer.kind === 'model') {
      const answer = await engine.run('answer', { model: { folder: await findPackage(modelsFolder, answerer.packageId) }, numberPictures: true, ...rest }, run);
      return { ...answer, name: answer.record.model.name };
    }
    if (answerer.kind === 'reader') throw new AppError('request-invalid', { name: 'compare.ask-model', detail: 'the built-in reader sees no pictures' });
    const { endpoint, reached } = await endpoints.reach(answerer.endpointId);
    if (!endpoint.mayReceivePages) throw new AppError('consent-missing', { endpointId: endpoint.id, endpoint: endpoint.name, host: new URL(endpoint.baseUrl).host });
    return { ...(await engine.run('answer-from-endpoint', { endpoint: reached, ...rest }, run)), name: `${endpoint.name} (${reached.model})` };
  };

  return {
    async ask({ comparisonId, position, answerer }) {
      const pair = await library.call('comparisonPair', { comparisonId, position });
      const { before, after, comparison } = pair;
      if (!before || !after || !comparison) throw new AppError('comparison-not-found', { comparisonId });
      const controller = new AbortController(), started = performance.now();
      running.set(controller, comparisonId);
      try {
        const parts = [await shown(before.pageId), await shown(after.pageId), { type: 'text' as const, text: changeQuestion }];
        const { name, text, raw, groundings, finish } = await said(answerer, [{ role: 'user', parts }], { messageId: modelViewKey(comparisonId, position), signal: controller.signal });
        const checked = await engine.run('check-changes', { text, groundings, comparison }, { signal: controller.signal });
        const isCut = finish !== 'stop' && finish !== 'stop-text';
        return await library.call('keepModelView', { comparisonId, position, view: { ...checked, answererName: name, answer: raw, isCut, totalMs: performance.now() - started } });
      } finally {
        running.delete(controller);
      }
    },
    stop(comparisonId) {
      for (const [controller, of] of running) if (of === comparisonId) controller.abort();
    },
    leave() {
      for (const controller of running.keys()) controller.abort();
    },
  };
}
