// A branch of a conversation as what an answerer is given: messages with their pages as numbered pictures, and the record of what was sent.
// Knows no engine and no window.
import { isDeepStrictEqual } from 'node:util';
import type { Answerer, MessageGrounding, SentPicture } from '@contract/conversation.ts';
import { linesOf } from '@contract/document.ts';
import type { Line, PageText } from '@contract/document.ts';
import { boundsOf } from '@contract/geometry.ts';
import type { Rect } from '@contract/geometry.ts';
import type { RecognisedPage } from '@contract/job.ts';
import type { Grounding, QuestionMessage, ShownPage } from '@contract/model.ts';
import { AppError } from '../base/errors.ts';
import type { SentAs, StoredMessage } from '../library/conversations.ts';
import type { PageWithFile } from '../library/conversation-methods.ts';
import type { PictureLimits } from './answerer-limits.ts';
import type { Library } from './library-client.ts';
import { pageTiles } from './page-tiles.ts';
import type { Passwords } from './passwords.ts';

/**
 * Lines of text lower than this many pixels in the picture that is sent are warned of. Not measured with a model: reasoned from the width of a
 * patch (docs/experiments.md, "The smallest text").
 */
const legiblePixels = 9;

/** A page, or a part of one, that is sent as one picture. */
export interface ShownPart extends PageWithFile {
  /** Which tile of its page it is, from 0; null for what is sent whole. */
  tile: number | null;
  /** Its own limit, when it was sent before. */
  maxImageTokens?: number;
}

export interface QuestionParts {
  messages: QuestionMessage[];
  /** The pictures of all messages in their order. */
  pictures: ShownPart[];
  /** The question's own pictures, as they are to be sent again in later turns. */
  sentAs: SentAs['pictures'];
}

/** What of a message an answerer is given. */
export type AskedMessage = Pick<StoredMessage, 'role' | 'text' | 'raw' | 'attachments' | 'answerer' | 'sentAs'>;

/** Who is shown the pages, and how the question's own are. */
export interface ShownAs extends PictureLimits {
  answerer: Answerer;
  /** Cut into parts whose smallest text stays readable. */
  tiles: boolean;
}

/** Answers that have nothing in them, and the questions they left open, are no part of the conversation that a model is shown. */
function answered(branch: readonly AskedMessage[]): AskedMessage[] {
  return branch.filter((message, at) => {
    if (message.role === 'assistant') return message.text !== '' || (message.raw ?? '') !== '';
    const next = branch[at + 1];
    return next === undefined || next.text !== '' || (next.raw ?? '') !== '';
  });
}

/** The pictures that an answerer was sent once more, as it was sent them: later words of the conversation speak of those. Pages that are gone are left out. */
async function sentAgain(library: Library, answer: AskedMessage, sentAs: SentAs['pictures'], by: Answerer): Promise<ShownPart[]> {
  const { shown } = await library.call('pagesToShow', { attachments: [...new Set(sentAs.map(({ pageId }) => pageId))].map((pageId) => ({ kind: 'page' as const, pageId })) });
  const pages = new Map(shown.map((part) => [part.page.id, part]));
  // How large a picture is allowed to be is each answerer's own matter.
  const isSame = isDeepStrictEqual(answer.answerer, by);
  return sentAs.flatMap(({ pageId, crop, rotation, tile, imageTokens }) => {
    const part = pages.get(pageId);
    return part ? [{ ...part, page: { ...part.page, rotation }, crop, tile, ...(isSame ? { maxImageTokens: imageTokens } : {}) }] : [];
  });
}

/** @param branch ends with the question, or with the answer that is to be gone on with. @throws page-not-found */
export async function questionParts(library: Library, passwords: Pick<Passwords, 'of'>, branch: readonly AskedMessage[], { answerer, tiles, imageTokens, picturePixels }: ShownAs): Promise<QuestionParts> {
  const messages: QuestionMessage[] = [];
  const pictures: ShownPart[] = [];
  const asked = branch.findLast((message) => message.role === 'user');
  let own: ShownPart[] = [];
  for (const message of answered(branch)) {
    const answer = message.role === 'user' ? branch[branch.indexOf(message) + 1] : undefined;
    // Most messages of a long conversation are words alone.
    const isAbout = message.attachments.length > 0;
    const again = isAbout && answer?.sentAs ? await sentAgain(library, answer, answer.sentAs.pictures, answerer) : null;
    const { shown: parts, missing } = isAbout && !again ? await library.call('pagesToShow', { attachments: message.attachments }) : { shown: [], missing: [] };
    const shown = again ?? parts.flatMap((part) => (message === asked && tiles ? inTiles(part, picturePixels) : [{ ...part, tile: null }]));
    // What an older question was about may be gone; what this one is about must be there.
    if (message === asked && missing[0] !== undefined) throw new AppError('page-not-found', { pageId: missing[0] });
    if (message === asked) own = shown;
    pictures.push(...shown);
    const sourceOf = ({ source, page }: ShownPart): ShownPart['source'] => {
      const password = passwords.of(page.documentId);
      return password === undefined ? source : { ...source, password };
    };
    messages.push({
      role: message.role,
      parts: [
        ...shown.map((part) => ({ type: 'page' as const, page: { source: sourceOf(part), rotation: part.page.rotation, ...(part.crop ? { crop: part.crop } : {}), ...(part.maxImageTokens === undefined ? {} : { maxImageTokens: part.maxImageTokens }) } })),
        { type: 'text' as const, text: message.role === 'assistant' ? (message.raw ?? message.text) : message.text },
      ],
    });
  }
  return { messages, pictures, sentAs: own.map(({ page: { id, rotation }, crop, tile, maxImageTokens = imageTokens }) => ({ pageId: id, crop, rotation, tile, imageTokens: maxImageTokens })) };
}

/**
 * The same messages; with the pictures that are shown together last goes what was recognised on their pages, so that a place for which an answer names
 * no picture can be told.
 */
export async function withWords(library: Library, { messages, pictures }: QuestionParts): Promise<QuestionMessage[]> {
  const latest = messages.findLastIndex(({ parts }) => parts.some((part) => part.type === 'page'));
  const count = messages[latest]?.parts.filter((part) => part.type === 'page').length ?? 0;
  if (count < 2) return messages;
  const before = messages.slice(0, latest).reduce((sum, { parts }) => sum + parts.filter((part) => part.type === 'page').length, 0);
  const pageIds = pictures.slice(before, before + count).map(({ page }) => page.id);
  const words = new Map<string, ShownPage['words']>();
  for (const pageId of new Set(pageIds)) {
    const text = await library.call('pageText', { pageId });
    const lines = text ? linesOf(text) : [];
    words.set(pageId, lines.flatMap((line) => (line.words.length > 0 ? line.words : [line]).map(({ text: word, quad }) => ({ text: word, quad }))));
  }
  let at = 0;
  const parts = messages[latest]!.parts.map((part) => (part.type === 'page' ? { ...part, page: { ...part.page, words: words.get(pageIds[at++]!) ?? [] } } : part));
  return messages.with(latest, { ...messages[latest]!, parts });
}

/** What was recognised on the pages, each once. Of pages of which only parts are asked about, the lines in those parts. */
export async function recognisedPages(library: Library, pictures: readonly ShownPart[]): Promise<(RecognisedPage & { index: number })[]> {
  const pages = new Map(pictures.map(({ page }) => [page.id, page]));
  const recognised: (RecognisedPage & { index: number })[] = [];
  for (const [pageId, { index }] of pages) {
    const text = await library.call('pageText', { pageId });
    const crops = pictures.flatMap(({ page, crop }) => (page.id === pageId ? [crop] : []));
    recognised.push({ pageId, index, text: text && (crops.includes(null) ? text : linesWithin(text, crops.filter((crop) => crop !== null))) });
  }
  return recognised;
}

function linesWithin(text: PageText, parts: readonly Rect[]): PageText {
  const isWithin = (line: Line): boolean => {
    const { x, y, width, height } = boundsOf(line.quad);
    const [middleX, middleY] = [x + width / 2, y + height / 2];
    return parts.some((part) => middleX >= part.x && middleX <= part.x + part.width && middleY >= part.y && middleY <= part.y + part.height);
  };
  return { ...text, regions: text.regions.map((region) => ({ ...region, lines: region.lines.filter(isWithin) })).filter((region) => region.lines.length > 0) };
}

/** A page as the tiles that it is sent in; a part that was asked about stays one picture. */
function inTiles(part: PageWithFile, picturePixels: number): ShownPart[] {
  const tiles = part.crop ? [] : pageTiles(part.page, part.smallestText, picturePixels);
  return tiles.length > 1 ? tiles.map((crop, tile) => ({ ...part, crop, tile })) : [{ ...part, tile: null }];
}

interface SentSize {
  original: { width: number; height: number };
  padded: { width: number; height: number };
  input: { width: number; height: number };
  tokens: number | null;
}

/** What was really sent of each picture, and whether its text could be read at that size. */
export function sentPictures(pictures: readonly ShownPart[], sizes: readonly SentSize[]): SentPicture[] {
  // a model whose window is full leaves the oldest turns out
  const skipped = Math.max(0, pictures.length - sizes.length);
  return sizes.flatMap(({ original, padded, input, tokens }, at) => {
    const part = pictures[skipped + at];
    if (!part) return [];
    const scale = Math.min(input.width / padded.width, input.height / padded.height);
    const smallestText = part.smallestText === null ? null : part.smallestText * scale;
    return [{ pageId: part.page.id, crop: part.crop, original, sent: input, tokens, smallestText, tooSmall: smallestText !== null && smallestText < legiblePixels }];
  });
}

/** Places with the page instead of its number. */
export function onPages(pictures: readonly Pick<ShownPart, 'page'>[], groundings: readonly Grounding[]): MessageGrounding[] {
  return groundings.flatMap(({ page, ...rest }) => {
    const part = pictures[page];
    return part ? [{ ...rest, pageId: part.page.id, source: 'answer' as const, check: { state: 'unchecked' as const } }] : [];
  });
}
