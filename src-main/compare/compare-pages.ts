// Two pages, as pixels and as text, into the list of what changed between them. Holds the stages together: text against text lays the
// pages on one another (their ink, where there is little text), then text differences, then what else is drawn. Knows no files.
import type { Alignment, Change, PageComparison, PageMatrix } from '@contract/compare.ts';
import type { PageText } from '@contract/document.ts';
import { boundsOf, type Quad, type Rect } from '@contract/geometry.ts';
import { breathe, partOf, throwIfCancelled, type Job } from '../base/job.ts';
import { turnPicture, type Picture } from '../inference/image/picture.ts';
import { inkAmount, inkDifference, type InkDifference } from './ink-likeness.ts';
import { inkOf, lookThrough, viewThrough, type InkMap } from './ink-map.ts';
import { isNearlySame, isSameShape, judgeText } from './judge-text.ts';
import { matchCharacters, pointPairsOf, type CharacterMatch } from './match-characters.ts';
import { compose, identity, invert, projectQuad, scaleAt, scaling } from './matrix.ts';
import { charactersOf, type PageCharacters } from './page-characters.ts';
import { PagePosition } from './page-position.ts';
import { borderOf, markQuads, pictureChanges, type PictureChange } from './picture-changes.ts';
import { registerPictures } from './register-pictures.ts';
import { robustMap } from './robust-map.ts';
import { overlapOf, textChanges, type TextChange } from './text-changes.ts';
import { uprightMatrix, uprightText } from './upright.ts';

export interface ReadPicture {
  readonly picture: Picture;
  readonly text: PageText;
}

/** Pixels of the long side in which pictures are compared. */
const frameSide = 1500;
/** Fewer agreeing pieces of text do not say how the pages lie. */
const leastPairs = 8;

interface Side {
  readonly picture: Picture;
  readonly page: PageCharacters;
  readonly toUpright: PageMatrix;
}

const sideOf = ({ picture, text }: ReadPicture): Side => ({ picture: turnPicture(picture, text.rotation), page: charactersOf(uprightText(text)), toUpright: uprightMatrix(text) });

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

/** Brings one page to the size of the other, when nothing better is known. */
const toSameSize = ({ picture: a }: Side, { picture: b }: Side): PageMatrix => scaling(b.width / a.width, b.height / a.height);

async function align(job: Job, before: Side, after: Side): Promise<Alignment> {
  const pairs = pointPairsOf(before.page, after.page);
  const height = median(after.page.segments.map((segment) => segment.height)) || 20;
  const size = { width: before.picture.width, height: before.picture.height };
  const byText = robustMap(pairs, size, 0.35 * height, leastPairs);
  if (byText && byText.inliers.length >= 0.15 * pairs.length) return { method: 'text', matrix: byText.matrix, errorPixels: byText.errorPixels };
  throwIfCancelled(job);
  const byPicture = await registerPictures(before.picture, after.picture, null);
  if (byPicture) return { method: 'picture', matrix: byPicture.matrix, errorPixels: byPicture.errorPixels };
  return { method: 'none', matrix: toSameSize(before, after), errorPixels: 0 };
}

interface Positions {
  readonly forward: PagePosition;
  readonly backward: PagePosition;
}

/** The ink at a place of one page against that of the other, to which `onward` leads. */
function inkAt(quad: Quad, here: Side, there: Side, onward: PagePosition): InkDifference | null {
  const rect = boundsOf(quad), height = Math.min(rect.height, heightNear(here.page, rect));
  // One shift for the whole place: what stands in it must not move against itself.
  const shifted = ([dx, dy]: readonly [number, number]): InkDifference | null => inkDifference(there.picture, here.picture, quad, height, (x, y) => {
    const [u, v] = onward.mapped(x, y);
    return [u + dx, v + dy];
  });
  const shift = onward.shiftNear(rect.x + rect.width / 2, rect.y + rect.height / 2), found = shifted(shift);
  if (found && found.most < sameInk) return found;
  // In a line that was misread the neighbours may be matched wrongly, and their shift with them: the page's own place is looked at, too.
  const plain = Math.hypot(...shift) > 0.1 * height ? shifted([0, 0]) : null;
  return plain && (!found || plain.most < found.most) ? plain : found;
}

/** Less ink than this without counterpart is none. */
const sameInk = 0.012;

/** Words that both pages share, looked at to learn how the pictures differ by themselves. */
const sharedWords = 16;

/** How much the ink of words differs that are the same on both pages: what another camera or scanner alone makes of them. */
function usualDifference(before: Side, after: Side, match: CharacterMatch, { backward }: Positions): number {
  const same = after.page.units.filter(({ from, to }) => {
    const first = match.backward[from]!;
    if (to - from < 2 || first < 0) return false;
    for (let at = from; at < to; at++) if (match.backward[at] !== first + at - from) return false;
    return true;
  });
  const step = Math.max(1, same.length / sharedWords), found: number[] = [];
  for (let at = 0; at < same.length; at += step) {
    const ink = inkAt(same[Math.floor(at)]!.quad, after, before, backward);
    if (ink) found.push(ink.most);
  }
  if (found.length < 5) return 0;
  return found.sort((a, b) => a - b)[Math.floor(0.8 * found.length)]!;
}

/** So much of the ink stands on the other page, too, and no reading of it. */
const unreadShare = 0.4;

/** Whether something stands at the place on the other page of which its reader made nothing: then it was not read, which is not to say that it is gone. */
function isUnread(quad: Quad, here: Side, there: Side, onward: PagePosition): boolean {
  const rect = boundsOf(quad), height = Math.min(rect.height, heightNear(here.page, rect));
  const [dx, dy] = onward.shiftNear(rect.x + rect.width / 2, rect.y + rect.height / 2);
  const across = (x: number, y: number): readonly [number, number] => {
    const [u, v] = onward.mapped(x, y);
    return [u + dx, v + dy];
  };
  const read = there.page.units.map((unit) => grown(boundsOf(unit.quad), 0.15 * height));
  const own = inkAmount(here.picture, quad, height, (x, y) => [x, y], []), other = inkAmount(there.picture, quad, height, across, read);
  return own !== null && other !== null && other > unreadShare * own;
}

/** Pages of which so many words were read nearly, but not quite, the same were read poorly. */
const poorShare = 0.12;

/** The text differences with what their ink says of them. */
function judged(changes: readonly TextChange[], before: Side, after: Side, match: CharacterMatch, positions: Positions | null): Change[] {
  const usual = positions && changes.some(({ kind }) => kind !== 'moved') ? usualDifference(before, after, match, positions) : 0;
  const words = Math.max(before.page.units.length, after.page.units.length);
  const isPoor = changes.filter((change) => change.kind === 'changed' && isNearlySame(change)).length > poorShare * words;
  return changes.flatMap((change) => {
    let ink = null;
    // Looked at from the page on which it stands.
    if (positions && change.kind !== 'moved') ink = change.kind === 'removed' ? inkAt(change.before.quad, before, after, positions.forward) : inkAt(change.after.quad, after, before, positions.backward);
    const { doubtful, confidence } = judgeText(change, ink, usual, isPoor);
    if (doubtful && ink && change.kind === 'changed' && isSameShape(change)) return [];
    const unread = !doubtful && positions && ((change.kind === 'removed' && isUnread(change.before.quad, before, after, positions.forward)) || (change.kind === 'inserted' && isUnread(change.after.quad, after, before, positions.backward)));
    return { kind: change.kind, before: change.before, after: change.after, confidence: unread ? 0.6 * confidence : confidence, doubtful: doubtful || unread === true, cell: change.cell };
  });
}

/** How high the text of the segment is that lies nearest to a place. */
function heightNear(page: PageCharacters, { x, y, width, height }: Rect): number {
  let best = height, least = Infinity;
  for (const segment of page.segments) {
    const [a, , c] = segment.quad;
    const away = Math.abs((a[1] + c[1]) / 2 - y - height / 2) + 0.2 * Math.abs((a[0] + c[0]) / 2 - x - width / 2);
    if (away < least) {
      least = away;
      best = segment.height;
    }
  }
  return best;
}

/** `weight`: pixels of ink for every pixel of the outline: a frame around text has little, a stamp or a drawing much. */
type DrawnChange = Change & { readonly weight: number };
/** Less is the lines of a table or under a heading. */
const drawnWeight = 1.5;

async function drawnChanges(job: Job, before: Side, after: Side, alignment: Alignment, match: CharacterMatch): Promise<DrawnChange[]> {
  const { picture: target } = after;
  const scale = Math.min(1, frameSide / Math.max(target.width, target.height));
  const matrix = alignment.matrix;
  const grow = scaleAt(matrix, before.picture.width / 2, before.picture.height / 2);
  const [from, to] = [await inkOf(before.picture, Math.min(1, scale * grow)), await inkOf(target, scale)];
  await breathe(job);
  const { width, height } = to;
  const backward = new PagePosition(invert(matrix), after.page, before.page, match.backward);
  // The shift of the text around is looked up once for every small square.
  const step = 24, columns = Math.ceil(width / step);
  const shifts = Array.from({ length: columns * Math.ceil(height / step) }, (_, at) => {
    const x = ((at % columns) + 0.5) * step / to.scale, y = (Math.floor(at / columns) + 0.5) * step / to.scale;
    const [u, v] = backward.mapped(x, y), [a, b] = backward.place(x, y);
    return [a - u, b - v] as const;
  });
  const scaled = (quad: Quad, by: number): Quad => quad.map(([x, y]) => [x * by, y * by]) as Quad;
  const text = new Uint8Array(width * height);
  markQuads(text, width, height, after.page.units.map((unit) => scaled(unit.quad, to.scale)), 3);
  // The text of the page before is left out where it is seen, which may not be where it belongs.
  const textBefore = new Uint8Array(from.width * from.height);
  markQuads(textBefore, from.width, from.height, before.page.units.map((unit) => scaled(unit.quad, from.scale)), 3);
  const border = borderOf(width, height), borderBefore = borderOf(from.width, from.height).map((one) => one * 255);
  const ink = Int16Array.from(to.data), margin = Math.round(0.008 * Math.max(from.width, from.height));
  /** What differs where the page before is seen with `shiftAt`. */
  const lookAgain = (shiftAt: (x: number, y: number) => readonly [number, number]): PictureChange[] => {
    const view = viewThrough((x, y) => {
      const [u, v] = backward.mapped(x / to.scale, y / to.scale), [dx, dy] = shiftAt(x, y);
      return [u + dx, v + dy];
    }, width, height);
    const look = (map: InkMap): Int16Array => lookThrough(map, view, margin);
    const either = (own: Uint8Array, seen: Int16Array): Uint8Array => own.map((one, at) => (seen[at]! > 0 ? 1 : one));
    return pictureChanges({
      width, height, before: look(from), after: ink,
      text: either(text, look({ ...from, data: textBefore.map((one) => one * 255) })), border: either(border, look({ ...from, data: borderBefore })),
    });
  };
  const corners = ({ x, y, width: across, height: down }: Rect): Quad => scaled([[x, y], [x + across, y], [x + across, y + down], [x, y + down]], 1 / to.scale);
  const seen = lookAgain((x, y) => shifts[Math.min(shifts.length - 1, Math.floor(y / step) * columns + Math.floor(x / step))]!);
  job.progress('comparing', 0.7);
  await breathe(job);
  // A rule beside a line that was taken out does not move with the text around it: what is the same without that shift is the same.
  const unshifted = seen.length === 0 ? [] : lookAgain(() => [0, 0]).map(({ bounds }) => [bounds, boundsOf(projectQuad(invert(matrix), corners(bounds)))] as const);
  const found = seen.map((one) => ({ ...one, quad: corners(one.bounds) })).map((one) => ({ ...one, quadBefore: backward.placeQuad(one.quad) }))
    .filter(({ bounds, quadBefore }) => unshifted.some(([here, there]) => overlapOf(here, bounds) > 0 || overlapOf(there, boundsOf(quadBefore)) > 0));
  return found.map(({ bounds, onlyBefore, onlyAfter, quad, quadBefore }) => {
    const amount = onlyBefore + onlyAfter;
    const edge = 2 * (bounds.width + bounds.height);
    return { weight: amount / edge, kind: 'picture', before: { quad: quadBefore, text: '' }, after: { quad, text: '' }, confidence: Math.min(1, 0.6 + amount / 1500), doubtful: false, cell: false };
  });
}

const grown = ({ x, y, width, height }: Rect, by: number): Rect => ({ x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by });
const areaOf = (quad: Quad): number => {
  const { width, height } = boundsOf(quad);
  return width * height;
};

/** Writing inside a stamp is part of the stamp, what stands under it cannot be read for sure; lines around an inserted row belong to the row. */
function mergeDrawn(texts: readonly Change[], drawn: readonly DrawnChange[]): Change[] {
  const touch = (text: Change, picture: Change, share: number): boolean => (['before', 'after'] as const).some((side) => text[side].text !== '' && overlapOf(boundsOf(text[side].quad), boundsOf(picture[side].quad)) > share);
  // Under a stamp nothing is compared as drawing where text stands: its edge may lie a line away.
  const touches = (text: Change, picture: Change): boolean => (['before', 'after'] as const).some((side) => text[side].text !== '' && overlapOf(grown(boundsOf(picture[side].quad), 0.6 * boundsOf(text[side].quad).height), boundsOf(text[side].quad)) > 0.1);
  const isFrame = (text: Change, picture: DrawnChange): boolean => picture.weight < drawnWeight && touch(text, picture, 0.3);
  const pictures = drawn.filter((one) => !texts.some((text) => isFrame(text, one))).map(({ kind, before, after, confidence, doubtful, cell }) => ({ kind, before: { ...before }, after: { ...after }, confidence, doubtful, cell }));
  const kept: Change[] = [];
  for (const change of texts) {
    const inside = pictures.find((one) => (change.kind === 'inserted' || change.kind === 'removed') && touch(change, one, 0.5) && areaOf(change[change.kind === 'inserted' ? 'after' : 'before'].quad) < 1.3 * areaOf(one.after.quad));
    if (inside) {
      const side = change.kind === 'inserted' ? 'after' : 'before';
      inside[side].text = [inside[side].text, change[side].text].filter(Boolean).join(' ');
    } else kept.push(change.kind !== 'moved' && pictures.some((one) => touches(change, one)) ? { ...change, doubtful: true } : change);
  }
  return [...kept, ...pictures];
}

/** Pages that are read from the top: changes in the order of their places on the page after. */
function inOrder(changes: readonly Change[]): Change[] {
  const place = ({ after }: Change): number => {
    const { x, y } = boundsOf(after.quad);
    return y + 0.05 * x;
  };
  return [...changes].sort((a, b) => place(a) - place(b));
}

const rounded = (quad: Quad): Quad => quad.map(([x, y]) => [Math.round(x * 10) / 10, Math.round(y * 10) / 10]) as Quad;

/** Pages drawn from documents are often the same to the pixel. */
function isSamePicture({ picture: a, text: { rotation } }: ReadPicture, { picture: b, text }: ReadPicture): boolean {
  return a.width === b.width && a.height === b.height && rotation === text.rotation && Buffer.compare(a.data, b.data) === 0;
}

/** @throws job-cancelled, out-of-memory */
export async function comparePages(job: Job, one: ReadPicture, other: ReadPicture): Promise<PageComparison> {
  throwIfCancelled(job);
  if (isSamePicture(one, other)) return { alignment: { method: 'picture', matrix: [...identity], errorPixels: 0 }, changes: [] };
  const before = sideOf(one), after = sideOf(other);
  job.progress('comparing', 0.05);
  const alignment = await align(partOf(job, 0.05, 0.4), before, after);
  await breathe(job);
  const isAligned = alignment.method !== 'none';
  const matrix = isAligned ? alignment.matrix : null;
  const match = matchCharacters(before.page, after.page, matrix);
  job.progress('comparing', 0.5);
  await breathe(job);
  const positions = matrix && { forward: new PagePosition(matrix, before.page, after.page, match.forward), backward: new PagePosition(invert(matrix), after.page, before.page, match.backward) };
  const texts = judged(textChanges(before.page, after.page, match, matrix, alignment.matrix), before, after, match, positions);
  await breathe(job);
  const drawn = isAligned ? await drawnChanges(partOf(job, 0.6, 1), before, after, alignment, match) : [];
  // Back to the pages as they are stored.
  const [fromBefore, fromAfter] = [invert(before.toUpright), invert(after.toUpright)];
  const changes = inOrder(mergeDrawn(texts, drawn)).map((change) => ({
    ...change,
    before: { ...change.before, quad: rounded(projectQuad(fromBefore, change.before.quad)) },
    after: { ...change.after, quad: rounded(projectQuad(fromAfter, change.after.quad)) },
  }));
  const stored = compose(compose(fromAfter, alignment.matrix), before.toUpright);
  return { alignment: { ...alignment, matrix: stored.map((value) => value / stored[8]!) }, changes };
}
