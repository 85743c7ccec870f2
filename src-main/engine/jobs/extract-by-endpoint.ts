// Fields of a document by a server and by the built-in reader: as by a model on this machine, but nobody here holds the answer to its form, so
// it is read strictly and refused where it has another one.
import type { JobInput, JobResult } from '@contract/job.ts';
import { AppError } from '../../base/errors.ts';
import { partOf, throwIfCancelled, type Job } from '../../base/job.ts';
import { complete } from '../../endpoints/chat-client.ts';
import { endpointMessages, planForEndpoint } from '../../endpoints/endpoint-messages.ts';
import { seesPictures } from '../../endpoints/sees-pictures.ts';
import type { ModelPage } from '../../reader/model-readings.ts';
import { joinedWithReader, modelPage, picturesOf, type AskedPage } from './asked-page.ts';
import { answerSchema, questionText, readForeignAnswer } from './extraction-question.ts';

type Input = JobInput<'extract-by-endpoint'>;

/** Null for an empty page. */
async function askPage(job: Job, { endpoint, schema }: Input, page: AskedPage): Promise<ModelPage | null> {
  const pictures = await picturesOf(job, page);
  if (!pictures) return null;
  const plans = pictures.map(({ picture }) => planForEndpoint(picture, endpoint, endpoint.maxImageTokens));
  const [plan] = plans, text = questionText(schema);
  const messages = await endpointMessages(endpoint, [{ role: 'user', parts: [{ type: 'page', page: { source: page.source, rotation: page.rotation } }, { type: 'text', text }] }], pictures, plans);
  const most = endpoint.notation === 'thousand' ? 1000 : Math.max(plan!.input.width, plan!.input.height);
  let raw = '';
  job.progress('prefilling', 0, endpoint.name);
  const { finish } = await complete(endpoint, { messages, maxNewTokens: endpoint.maxNewTokens, sampling: { temperature: 0 }, schema: answerSchema(schema, most) }, job.signal, (added) => {
    raw += added;
    const begun = schema.fields.filter((field) => raw.includes(JSON.stringify(field.name))).length;
    job.progress('generating', begun / (schema.fields.length + 1));
    return false;
  });
  const unreadable = (detail: string): AppError => new AppError('answer-unreadable', { endpoint: endpoint.name, model: endpoint.model, detail });
  if (finish === 'refused') throw unreadable('its own filter withheld the answer');
  if (finish === 'length') throw unreadable(`it was not done after ${endpoint.maxNewTokens} tokens`);
  const answered = readForeignAnswer(schema, raw);
  if (answered === null) throw unreadable(raw.trim() === '' ? 'it is empty' : `it begins with ${JSON.stringify(raw.trim().slice(0, 60))}`);
  return modelPage(page, answered, endpoint.notation, plan!, pictures[0]!.placement, false);
}

/**
 * @throws model-blind, answer-unreadable, what opening a page throws, endpoint-unauthorised, endpoint-busy, endpoint-failed, endpoint-refused (also
 * when the server knows no JSON Schema), endpoint-timeout, endpoint-cut, network-unavailable, job-cancelled
 */
export async function extractByEndpoint(job: Job, input: Input): Promise<JobResult<'extract-by-endpoint'>> {
  const { endpointId, endpoint, schema, pages } = input;
  if (!seesPictures(endpoint.model)) throw new AppError('model-blind', { model: endpoint.model, endpoint: endpoint.name });
  const asked: ModelPage[] = [];
  for (const [at, page] of pages.entries()) {
    throwIfCancelled(job);
    const one = await askPage(partOf(job, at / pages.length, (at + 1) / pages.length), input, page);
    if (one) asked.push(one);
  }
  return joinedWithReader(schema, pages, asked, { id: endpointId, name: `${endpoint.name} (${endpoint.model})` });
}
