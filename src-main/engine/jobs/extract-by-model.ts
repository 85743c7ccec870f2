// Fields of a document by a model and by the built-in reader: each page is asked about by itself, so that every box has its page, and the
// answer is held to the schema while it is written.
import type { JobInput, JobResult } from '@contract/job.ts';
import { AppError } from '../../base/errors.ts';
import { partOf, throwIfCancelled, type Job } from '../../base/job.ts';
import type { Answerer } from '../../inference/answer-question.ts';
import { coordinateSpaceOf, placeOnPage } from '../../inference/place-on-page.ts';
import { checkExtraction, extractFields } from '../../reader/extract-fields.ts';
import { joinExtractions, modelExtraction, type ModelPage } from '../../reader/model-readings.ts';
import { answerSchema, questionText, readAnswer, type ModelBox } from './extraction-question.ts';
import { modelFor } from './load-model.ts';
import { shownPictures } from './shown-pictures.ts';

type Page = JobInput<'extract-by-model'>['pages'][number];

/** Longer answers are ended; 30 rows of four cells take about 2000. */
const maxNewTokens = 4096;
/** How much of a page's time the picture and the prompt are taken to need. */
const lookingShare = 0.3;

/** Null for an empty page. */
async function askPage(job: Job, answerer: Answerer, schema: JobInput<'extract-by-model'>['schema'], { pageId, source, rotation, text }: Page): Promise<ModelPage | null> {
  let pictures;
  try {
    pictures = await shownPictures(job, [{ role: 'user', parts: [{ type: 'page', page: { source, rotation } }] }]);
  } catch (error) {
    if (error instanceof AppError && error.code === 'page-blank') return null;
    throw error;
  }
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
  const { fields, rows } = readAnswer(schema, raw, ownLength);
  const placed = (box: ModelBox | null): ModelPage['rows'][string][number]['quad'] => {
    if (!box) return null;
    const [x1, y1, x2, y2] = box;
    return placeOnPage({ kind: 'box', points: [[Math.min(x1, x2), Math.min(y1, y2)], [Math.max(x1, x2), Math.max(y1, y2)]] }, space, plan!, pictures[0]!.placement);
  };
  return {
    pageId, text, isCut: ownLength !== null,
    fields: Object.fromEntries(Object.entries(fields).map(([name, one]) => [name, one && { text: one.value, quad: placed(one.bbox_2d) }])),
    rows: Object.fromEntries(Object.entries(rows).map(([name, some]) => [name, some.map((row) => ({ quad: placed(row.bbox_2d), cells: row.cells }))])),
  };
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
  const texts = pages.flatMap(({ pageId, index, text }) => (text ? [{ pageId, index, text }] : []));
  // pages that are not read yet are not blank
  const read = texts.length > 0 ? extractFields(schema, texts) : checkExtraction(schema, { fields: {}, rows: {} });
  const { id, name } = answerer.model.manifest;
  return joinExtractions(schema, read, modelExtraction(schema, asked, { id, name }));
}
