// How well reported changes tell the edits that were made. An edit is found once; what tells an edit a second time, or none, is wrong.
import type { Change, ChangeKind } from '@contract/compare.ts';
import { boundsOf, type Quad, type Rect } from '@contract/geometry.ts';

interface Places {
  readonly before: readonly Quad[] | null;
  readonly after: readonly Quad[] | null;
}
export interface KnownEdit extends Places {
  readonly kind: ChangeKind;
  readonly texts: { readonly before: readonly string[] | null; readonly after: readonly string[] | null };
  /** Places that tell the same edit as well: which of two swapped paragraphs was moved is a matter of taste. */
  readonly or: Places | null;
}
export interface PairScore {
  readonly edits: number;
  readonly found: number;
  /** Changes reported without doubt, and how many of them tell an edit. */
  readonly reported: number;
  readonly right: number;
  readonly wrong: number;
  readonly doubtful: number;
  readonly missed: readonly string[];
  readonly extra: readonly string[];
}

/** Which kinds tell an edit of a kind: a word put into a sentence changes it; a stamp is put in. */
const tells: Readonly<Record<ChangeKind, readonly ChangeKind[]>> = {
  changed: ['changed'], inserted: ['inserted'], removed: ['removed'], moved: ['moved'], picture: ['picture'],
};

function overlap(a: Rect, b: Rect): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x), height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? (width * height) / Math.max(1, Math.min(a.width * a.height, b.width * b.height)) : 0;
}

const around = (quads: readonly Quad[]): Rect => boundsOf(quads.flat());
/** A change and an edit stand in the same place if the smaller lies by half in the larger, and the larger is not the whole page. */
function isPlaced(change: Change, { before, after }: Places): boolean {
  const fits = (quads: readonly Quad[] | null, quad: Quad): boolean => {
    if (!quads) return true;
    const edit = around(quads), told = boundsOf(quad);
    return overlap(edit, told) > 0.5 && told.width * told.height < 12 * edit.width * edit.height + 4000;
  };
  return fits(before, change.before.quad) && fits(after, change.after.quad);
}

const squeeze = (text: string): string => text.normalize('NFKC').replace(/\s+/gu, '');
/** A changed value must be told with the value that now stands there. */
function isTold(change: Change, edit: KnownEdit): boolean {
  if (edit.kind !== 'changed') return true;
  const digits = (text: string): string => squeeze(text).replace(/\D/gu, '');
  return (edit.texts.after ?? []).every((text) => digits(change.after.text).includes(digits(text)));
}

const told = (change: Change): string => `${change.kind} "${change.before.text}" → "${change.after.text}" (${change.confidence.toFixed(2)}${change.doubtful ? ', doubtful' : ''})`;

export function scorePair(changes: readonly Change[], edits: readonly KnownEdit[]): PairScore {
  const sure = changes.filter((change) => !change.doubtful);
  const used = new Set<Change>();
  const missed: string[] = [];
  for (const edit of edits) {
    const match = sure.find((change) => !used.has(change) && tells[edit.kind].includes(change.kind) && (isPlaced(change, edit) || (edit.or !== null && isPlaced(change, edit.or))) && isTold(change, edit));
    if (match) used.add(match);
    else missed.push(`${edit.kind} ${JSON.stringify(edit.texts)}`);
  }
  const extra = sure.filter((change) => !used.has(change));
  return { edits: edits.length, found: edits.length - missed.length, reported: sure.length, right: used.size, wrong: extra.length, doubtful: changes.length - sure.length, missed, extra: extra.map(told) };
}

export function sumScores(scores: readonly PairScore[]): { edits: number; found: number; reported: number; right: number; doubtful: number } {
  const sum = (pick: (score: PairScore) => number): number => scores.reduce((total, score) => total + pick(score), 0);
  return { edits: sum((one) => one.edits), found: sum((one) => one.found), reported: sum((one) => one.reported), right: sum((one) => one.right), doubtful: sum((one) => one.doubtful) };
}
