// What asking about a page's fields has in common, whoever is asked: the picture that is shown, the answer as values with places on the page, and
// the whole joined with what the built-in reader found.
import type { Extraction, ExtractionSchema } from '@contract/extraction.ts';
import type { JobInput } from '@contract/job.ts';
import { AppError } from '../../base/errors.ts';
import type { Job } from '../../base/job.ts';
import type { SentPicture } from '../../inference/answer-question.ts';
import { placeOnPage, type CoordinateSpace, type PicturePlacement } from '../../inference/place-on-page.ts';
import type { ImagePlan } from '../../inference/vision-model.ts';
import { checkExtraction, extractFields } from '../../reader/extract-fields.ts';
import { joinExtractions, modelExtraction, type ModelPage } from '../../reader/model-readings.ts';
import type { AnsweredFields, ModelBox } from './extraction-question.ts';
import { shownPictures } from './shown-pictures.ts';

export type AskedPage = JobInput<'extract-by-model'>['pages'][number];

/** Null for an empty page. @throws what opening a page throws */
export async function picturesOf(job: Job, { source, rotation }: AskedPage): Promise<SentPicture[] | null> {
  try {
    return await shownPictures(job, [{ role: 'user', parts: [{ type: 'page', page: { source, rotation } }] }]);
  } catch (error) {
    if (error instanceof AppError && error.code === 'page-blank') return null;
    throw error;
  }
}

export function modelPage({ pageId, text }: AskedPage, { fields, rows }: AnsweredFields, space: CoordinateSpace, plan: ImagePlan, placement: PicturePlacement, isCut: boolean): ModelPage {
  const placed = (box: ModelBox | null): ModelPage['rows'][string][number]['quad'] => {
    if (!box) return null;
    const [x1, y1, x2, y2] = box;
    return placeOnPage({ kind: 'box', points: [[Math.min(x1, x2), Math.min(y1, y2)], [Math.max(x1, x2), Math.max(y1, y2)]] }, space, plan, placement);
  };
  return {
    pageId, text, isCut,
    fields: Object.fromEntries(Object.entries(fields).map(([name, one]) => [name, one && { text: one.value, quad: placed(one.bbox_2d) }])),
    rows: Object.fromEntries(Object.entries(rows).map(([name, some]) => [name, some.map((row) => ({ quad: placed(row.bbox_2d), cells: row.cells }))])),
  };
}

export function joinedWithReader(schema: ExtractionSchema, pages: readonly AskedPage[], asked: readonly ModelPage[], model: NonNullable<Extraction['model']>): Extraction {
  const texts = pages.flatMap(({ pageId, index, text }) => (text ? [{ pageId, index, text }] : []));
  // pages that are not read yet are not blank
  const read = texts.length > 0 ? extractFields(schema, texts) : checkExtraction(schema, { fields: {}, rows: {} });
  return joinExtractions(schema, read, modelExtraction(schema, asked, model));
}
