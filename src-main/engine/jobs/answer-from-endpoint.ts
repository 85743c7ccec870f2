// Answers a question with a server instead of this machine: the same pictures, stream and places as a model's answer.
import type { JobInput, JobResult } from '@contract/job.ts';
import type { Grounding } from '@contract/model.ts';
import { AppError } from '../../base/errors.ts';
import type { Job } from '../../base/job.ts';
import { complete, listModels } from '../../endpoints/chat-client.ts';
import { endpointMessages, planForEndpoint } from '../../endpoints/endpoint-messages.ts';
import { seesPictures } from '../../endpoints/sees-pictures.ts';
import { GroundingParser, saidOf, type ModelGrounding } from '../../inference/grounding.ts';
import { placeAnswer } from '../../inference/place-on-page.ts';
import { repeatedCycle } from '../../inference/stopping.ts';
import { answerStream } from './answer-stream.ts';
import { shownPictures } from './shown-pictures.ts';

/** Characters between two looks for an answer that only repeats itself, and how far back a look goes. */
const lookEvery = 200;
const lookBack = 2000;

/**
 * @throws model-blind when pictures would go to a model that is known to read text only, page-blank, what decoding a page throws,
 * context-overflow, endpoint-unauthorised, endpoint-busy, endpoint-failed, endpoint-refused, endpoint-timeout, endpoint-cut, network-unavailable, job-cancelled
 */
export async function answerFromEndpoint(job: Job, input: JobInput<'answer-from-endpoint'>): Promise<JobResult<'answer-from-endpoint'>> {
  const { endpoint, messages, sampling = {} } = input;
  const hasPictures = messages.some((message) => message.parts.some((part) => part.type === 'page'));
  if (hasPictures && !seesPictures(endpoint.model)) throw new AppError('model-blind', { model: endpoint.model, endpoint: endpoint.name });
  const pictures = await shownPictures(job, messages);
  const plans = pictures.map(({ picture, maxImageTokens = input.maxImageTokens ?? Infinity }) => planForEndpoint(picture, endpoint, Math.min(endpoint.maxImageTokens, maxImageTokens)));
  const shown = pictures.map(({ placement, words }, at) => ({ placement, words, plan: plans[at]! }));
  const sent = await endpointMessages(endpoint, messages, pictures, plans);
  const started = performance.now();
  let firstTokenMs = 0;
  let raw = '';
  let looked = 0;
  let repeats = false;
  const parser = new GroundingParser();
  const stream = answerStream(job);
  const groundings: Grounding[] = [];
  const place = (found: readonly ModelGrounding[]): void => {
    for (const one of found) {
      const placed = placeAnswer(one, saidOf(one, parser.text), endpoint.notation, shown);
      if (!placed) continue;
      const { image, quad, isUnsure } = placed;
      const grounding: Grounding = { start: one.start, end: one.end, label: one.label, page: image, kind: one.shape.kind, quad, ...(isUnsure ? { isUnsure } : {}) };
      groundings.push(grounding);
      stream.place(grounding);
    }
  };
  job.progress('prefilling', 0, endpoint.name);
  const completion = await complete(endpoint, { messages: sent, maxNewTokens: input.maxNewTokens ?? endpoint.maxNewTokens, sampling }, job.signal, (text) => {
    if (firstTokenMs === 0) {
      firstTokenMs = performance.now() - started;
      job.progress('generating', 0);
    }
    raw += text;
    const { text: visible, groundings: found } = parser.push(text);
    stream.text(visible, { text: parser.text, raw });
    place(found);
    if (raw.length - looked >= lookEvery) {
      looked = raw.length;
      repeats = repeatedCycle(Array.from(raw.slice(-lookBack), (character) => character.codePointAt(0)!)) > 0;
    }
    return repeats;
  }).finally(stream.flush);
  const rest = parser.end();
  if (rest.text !== '') stream.text(rest.text, { text: parser.text, raw });
  place(rest.groundings);
  stream.flush();
  const sizeOf = ({ width, height }: { width: number; height: number }): { width: number; height: number } => ({ width, height });
  return {
    text: parser.text, raw, groundings,
    finish: repeats ? 'repetition' : completion.finish,
    record: {
      model: endpoint.model,
      pages: plans.map(({ original, padded, input: shown, tokens }) => ({ original: sizeOf(original), padded: sizeOf(padded), input: sizeOf(shown), tokens })),
      promptTokens: completion.promptTokens,
      newTokens: completion.newTokens,
      firstTokenMs,
    },
  };
}

/** Is the server there, is the key right, is the model among its models? @throws as answering */
export async function checkEndpoint(job: Job, { endpoint }: JobInput<'check-endpoint'>): Promise<JobResult<'check-endpoint'>> {
  const started = performance.now();
  const models = await listModels(endpoint, job.signal);
  const mine = models.find(({ name }) => name === endpoint.model);
  return { models: models.map(({ name }) => name), hasModel: mine !== undefined, contextTokens: mine?.contextTokens ?? null, ms: performance.now() - started };
}
