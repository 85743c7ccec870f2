// Fields of a document by a model and by the built-in reader: each page is asked about by itself, so that every box has its page, and the
// answer is held to the schema while it is written.
import type { JobInput, JobResult } from '@contract/job.ts';
import { partOf, throwIfCancelled, type Job } from '../../base/job.ts';
import type { Answerer } from '../../inference/answer-question.ts';
import { coordinateSpaceOf } from '../../inference/place-on-page.ts';
import type { ModelPage } from '../../reader/model-readings.ts';
import { joinedWithReader, modelPage, picturesOf, type AskedPage } from './asked-page.ts';
import { answerSchema, questionText, readAnswer } from './extraction-question.ts';
import { modelFor } from './load-model.ts';

/** Longer answers are ended; 30 rows of four cells take about 2000. */
const maxNewTokens = 4096;
/** How much of a page's time the picture and the prompt are taken to need. */
const lookingShare = 0.3;

/** Null for an empty page. */
async function askPage(job: Job, answerer: Answerer, schema: JobInput<'extract-by-model'>['schema'], page: AskedPage): Promise<ModelPage | null> {
  const pictures = await picturesOf(job, page);
  if (!pictures) return null;
  const messages = [{ role: 'user' as const, parts: [{ type: 'image' as const }, { type: 'text' as const, text: questionText(schema) }] }];
  const [plan] = answerer.plan({ messages, pictures });
  const space = coordinateSpaceOf(answerer.model.manifest.architecture);
  const most = space === 'thousand' ? 1000 : Math.max(plan!.input.width, plan!.input.height);
  // the likeliest reading, and no penalty for what a form repeats
  const sampling = { temperature: 0, repetitionPenalty: 1, presencePenalty: 0 };
  const looking: Job = { ...job, progress: (stage, fraction, detail) => void (stage !== 'generating' && job.progress(stage, lookingShare * fraction, detail)) };
  const question = { messages, pictures, sampling, maxNewTokens, schema: answerSchema(schema, most) };
  const { raw, ownLength } = await answerer.answer(looking, question, {
    onText: (_added, { raw: sofar }) => {
      const begun = schema.fields.filter((field) => sofar.includes(`${JSON.stringify(field.name)}: `)).length;
      job.progress('generating', lookingShare + ((1 - lookingShare) * begun) / (schema.fields.length + 1));
    },
    onGrounding: () => {},
  });
  return modelPage(page, readAnswer(schema, raw, ownLength), space, plan!, pictures[0]!.placement, ownLength !== null);
}

/**
 * @throws what opening a package or a page throws, context-overflow (also when the schema has more fields than the context has room for),
 * image-empty, template-invalid, out-of-memory, logits-not-finite, job-cancelled
 */
export async function extractByModel(job: Job, { model, schema, pages }: JobInput<'extract-by-model'>): Promise<JobResult<'extract-by-model'>> {
  const { answerer } = await modelFor(partOf(job, 0, 0.1), model);
  const asked: ModelPage[] = [];
  for (const [at, page] of pages.entries()) {
    throwIfCancelled(job);
    const one = await askPage(partOf(job, 0.1 + (0.9 * at) / pages.length, 0.1 + (0.9 * (at + 1)) / pages.length), answerer, schema, page);
    if (one) asked.push(one);
  }
  const { id, name } = answerer.model.manifest;
  return joinedWithReader(schema, pages, asked, { id, name });
}
