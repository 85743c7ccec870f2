// Pages of a question as the pictures that are sent: decoded, cut to the part that is asked about, turned upright; and where each lies on
// its page. Knows no model.
import type { Rect, Rotation } from '@contract/geometry.ts';
import type { QuestionMessage, ShownPage } from '@contract/model.ts';
import { AppError } from '../../base/errors.ts';
import { throwIfCancelled, type Job } from '../../base/job.ts';
import type { SentPicture } from '../../inference/answer-question.ts';
import { isBlank } from '../../inference/image/blank-picture.ts';
import { cutPicture, turnPicture } from '../../inference/image/picture.ts';
import type { PicturePlacement } from '../../inference/place-on-page.ts';
import { decodePage } from './page-pictures.ts';

/** The part in whole pixels within the page, at least one each way. */
function wholePixels(part: Rect, width: number, height: number): { left: number; top: number; width: number; height: number } {
  const left = Math.min(width - 1, Math.max(0, Math.floor(part.x)));
  const top = Math.min(height - 1, Math.max(0, Math.floor(part.y)));
  return { left, top, width: Math.max(1, Math.min(width, Math.ceil(part.x + part.width)) - left), height: Math.max(1, Math.min(height, Math.ceil(part.y + part.height)) - top) };
}

/** How large a page (or its part) is once it is cut and turned: the size of the picture that is resized. */
export function shownSize(stored: { width: number; height: number }, { rotation, crop }: Pick<ShownPage, 'rotation' | 'crop'>): { width: number; height: number } {
  const { width, height } = crop ? wholePixels(crop, stored.width, stored.height) : stored;
  return rotation === 90 || rotation === 270 ? { width: height, height: width } : { width, height };
}

/** Where a part of the stored page lies once the page is turned. */
export function placementOf(page: { width: number; height: number }, part: { left: number; top: number; width: number; height: number }, rotation: Rotation): PicturePlacement {
  const right = page.width - part.left - part.width;
  const below = page.height - part.top - part.height;
  const [left, top] = ({ 0: [part.left, part.top], 90: [below, part.left], 180: [right, below], 270: [part.top, right] } as const)[rotation];
  return { pageWidth: page.width, pageHeight: page.height, rotation, left, top };
}

async function shownPicture({ source, rotation, crop, maxImageTokens, words }: ShownPage): Promise<SentPicture> {
  const { picture } = await decodePage(source);
  const part = crop ? wholePixels(crop, picture.width, picture.height) : { left: 0, top: 0, width: picture.width, height: picture.height };
  const cut = crop ? cutPicture(picture, part.left, part.top, part.width, part.height) : picture;
  return { picture: turnPicture(cut, rotation), placement: placementOf(picture, part, rotation), maxImageTokens, words };
}

/**
 * The pages of all messages in their order.
 * @throws page-blank when the last question shows pages and every one of them is empty; what decoding throws; job-cancelled
 */
export async function shownPictures(job: Job, messages: readonly QuestionMessage[]): Promise<SentPicture[]> {
  const pages = messages.flatMap((message) => message.parts.flatMap((part) => (part.type === 'page' ? [{ page: part.page, message }] : [])));
  const asked = messages.findLast((message) => message.role === 'user');
  const pictures: SentPicture[] = [];
  for (const [at, { page }] of pages.entries()) {
    throwIfCancelled(job);
    job.progress('decoding', at / pages.length);
    pictures.push(await shownPicture(page));
  }
  const latest = pictures.filter((_, at) => pages[at]!.message === asked);
  if (latest.length > 0 && latest.every(({ picture }) => isBlank(picture))) throw new AppError('page-blank');
  return pictures;
}
