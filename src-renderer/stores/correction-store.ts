// Correcting the open page: which line is being edited, whether dragging draws boxes, and every step from the user's intent to the
// stored page. Steps are asked for one after another, so that each is made on the page as the one before left it.
import { create } from 'zustand';
import type { CorrectionByHand } from '@contract/correction.ts';
import type { PageText, RegionRole, Script } from '@contract/document.ts';
import { boundsOf, type Quad } from '@contract/geometry.ts';
import type { InstalledModel } from '@contract/installed-models.ts';
import type { CorrectedPage } from '@contract/requests.ts';
import { failureOf, request } from '../api.ts';
import { nextDoubtful, type Doubt } from '../page/doubtful-words.ts';
import { selectedLines } from '../page/selection.ts';
import { clearSelection, currentLines, currentPage, currentText, openDocument, pick, pickFigure, pickLines, useDesk } from './desk-store.ts';
import { remember } from './history-store.ts';
import { notify } from './notice-store.ts';
import { pageById, takeCorrected } from './page-store.ts';
import { reportFailure } from './report-failure.ts';
import { useSettings } from './settings-store.ts';

interface CorrectionState {
  /** The line in the editor, and which of its characters are marked at first; null: all of them. */
  editing: { pageId: string; line: number; marked: readonly [number, number] | null } | null;
  /** Dragging draws, moves and resizes boxes. */
  boxes: boolean;
  /** What a drawn box is: read as text, or a figure that is kept as a picture. */
  draws: 'text' | 'figure';
  /** The model that reads lines again now. */
  readingModel: string | null;
}

export const useCorrection = create<CorrectionState>(() => ({ editing: null, boxes: false, draws: 'text', readingModel: null }));

let tail: Promise<unknown> = Promise.resolve();
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = tail.then(work);
  tail = mine.catch(() => {});
  return mine;
}

/** Shows the page that a step belongs to. */
function show(pageId: string): void {
  const page = pageById(pageId);
  if (page) openDocument(page.documentId, page.index);
}

const takeBack = (pageId: string): Promise<boolean> => walk('correction.undo', pageId);
const doAgain = (pageId: string): Promise<boolean> => walk('correction.redo', pageId);

function walk(direction: 'correction.undo' | 'correction.redo', pageId: string): Promise<boolean> {
  return inTurn(async () => {
    const result = await request(direction, { pageId });
    if (!result) return false;
    takeCorrected(result);
    show(pageId);
    const { focus } = useDesk.getState().selection;
    const last = currentLines().lines.length - 1;
    if (focus && last >= 0) pick({ line: Math.min(focus.line, last) }, 'only', 'keys');
    else clearSelection();
    return true;
  });
}

function take(label: string, pageId: string, result: CorrectedPage): PageText {
  takeCorrected(result);
  remember({ label, undo: async () => void (await takeBack(pageId)), redo: async () => void (await doAgain(pageId)) });
  return result.text;
}

/** Makes one step on the open page and remembers it; what it made, or null when it was refused. */
function step(label: string, ask: (pageId: string, after: number) => Promise<CorrectedPage>): Promise<PageText | null> {
  const pageId = currentPage()?.id;
  if (pageId === undefined) return Promise.resolve(null);
  return inTurn(async () => {
    try {
      return take(label, pageId, await ask(pageId, pageById(pageId)?.corrections.made ?? 0));
    } catch (failure) {
      reportFailure(failure);
      return null;
    }
  });
}

export const make = (label: string, correction: CorrectionByHand): Promise<PageText | null> => step(label, (pageId, after) => request('correction.make', { pageId, after, correction }));

/** Steps of an earlier session, which the window's own history does not hold. */
export function hasStoredSteps(which: 'made' | 'undone'): boolean {
  return (currentPage()?.corrections[which] ?? 0) > 0;
}

export async function walkStoredSteps(which: 'made' | 'undone'): Promise<void> {
  const pageId = currentPage()?.id;
  if (pageId !== undefined) await (which === 'made' ? takeBack : doAgain)(pageId);
}

// ---- editing text

export function editLine(line: number, marked: readonly [number, number] | null = null): void {
  const page = currentPage();
  if (!page || !currentLines().lines[line]) return;
  pick({ line }, 'only', 'keys');
  useCorrection.setState({ editing: { pageId: page.id, line, marked } });
}

/** The focused line, with the focused word marked. */
export function editFocused(): void {
  const { focus } = useDesk.getState().selection;
  if (!focus) return;
  const line = currentLines().lines[focus.line]?.line;
  const word = focus.word === undefined ? undefined : line?.words[focus.word];
  const start = word && line ? line.text.indexOf(word.text) : -1;
  editLine(focus.line, word && start >= 0 ? [start, start + word.text.length] : null);
}

export function stopEditing(): void {
  useCorrection.setState({ editing: null });
  document.getElementById('page-canvas')?.focus();
}

/** Keeps what was typed. The same text again says that it was right; nothing at all deletes the line. */
export async function keepText(line: number, typed: string): Promise<void> {
  const before = currentLines().lines[line]?.line;
  const text = typed.trim();
  if (!before) return;
  if (text === '') await make('Delete line', { kind: 'delete', lines: [line] });
  else if (text !== before.text || before.confidence < 1 || before.words.some((word) => word.confidence < 1)) await make('Edit text', { kind: 'set-text', line, text });
}

/** Opens the editor on the next (or previous) doubtful place of the page after this one, or closes it when there is none. */
export function editDoubtful(from: Doubt, direction: 1 | -1): void {
  const found = nextDoubtful(currentLines().lines, useSettings.getState().settings.lowConfidence, from, direction);
  if (found) return editLine(found.line, found.marked);
  stopEditing();
  notify('Nothing uncertain is left on this page.', { tone: 'good' });
}

export async function splitLine(line: number, at: number): Promise<void> {
  const text = currentLines().lines[line]?.line.text ?? '';
  if (text.slice(0, at).trim() === '' || text.slice(at).trim() === '') return void notify('Put the cursor where the line shall be split.');
  if (await make('Split line', { kind: 'split', line, at })) pick({ line: line + 1 }, 'only', 'keys');
}

// ---- lines and boxes

export const selected = (): number[] => selectedLines(useDesk.getState().selection);

export async function mergeSelected(): Promise<void> {
  const lines = selected();
  if (lines.length >= 2 && (await make('Merge lines', { kind: 'merge', lines }))) pick({ line: lines[0]! }, 'only', 'keys');
}

export async function deleteSelected(): Promise<void> {
  const lines = selected();
  if (lines.length === 0 || !(await make(lines.length === 1 ? 'Delete line' : `Delete ${lines.length} lines`, { kind: 'delete', lines }))) return;
  const left = currentLines().lines.length;
  if (left > 0) pick({ line: Math.min(lines[0]!, left - 1) }, 'only', 'keys');
  else clearSelection();
}

export async function setRole(role: RegionRole): Promise<void> {
  const lines = selected();
  if (lines.length > 0 && (await make('Change role', { kind: 'set-role', lines, role }))) pickLines(lines, useDesk.getState().selection);
}

/** Reading order: lines go before that one, null at the end; they stay selected. */
export async function moveLines(lines: readonly number[], before: number | null): Promise<void> {
  if (!(await make('Change reading order', { kind: 'move', lines: [...lines], before }))) return;
  const count = currentLines().lines.length;
  const first = before === null ? count - lines.length : before - lines.filter((line) => line < before).length;
  clearSelection();
  pickLines(lines.map((_, at) => first + at), useDesk.getState().selection);
}

export async function moveSelected(direction: 1 | -1): Promise<void> {
  const lines = selected();
  const count = currentLines().lines.length;
  const first = lines[0], last = lines.at(-1);
  if (first === undefined || last === undefined || (direction < 0 ? first === 0 : last === count - 1)) return;
  await moveLines(lines, direction < 0 ? first - 1 : last + 2 < count ? last + 2 : null);
}

export async function placeLine(line: number, quad: Quad): Promise<void> {
  if (await make('Move box', { kind: 'place', line, quad })) pick({ line }, 'only', 'page');
}

/** A drawn box is read at once; the editor opens where nothing could be read. */
export async function addBox(quad: Quad): Promise<void> {
  const after = lineBefore(quad);
  const before = new Set(currentLines().lines.map(({ line }) => line));
  const text = await step('Add box', (pageId, made) => request('correction.read', { pageId, after: made, target: { kind: 'box', quad, after }, script: null }));
  if (!text) return;
  const known = new Set([...before].map((line) => JSON.stringify(line.quad)));
  const added = currentLines().lines.filter(({ line }) => !known.has(JSON.stringify(line.quad)));
  const [first] = added;
  if (!first) return;
  pickLines(added.map(({ index }) => index), { lines: new Map(), anchor: null, focus: null });
  if (added.length === 1 && first.line.text === '') editLine(first.index);
}

/** The line after which a box at this place is read: the last one that stands above it, or beside it to the left. */
function lineBefore(quad: Quad): number | null {
  const box = boundsOf(quad), middle = box.y + box.height / 2;
  const above = currentLines().lines.filter(({ bounds }) => bounds.y + bounds.height <= middle || (bounds.y < middle && bounds.x + bounds.width <= box.x + 2));
  if (above.length === 0) return null;
  const distance = ({ bounds }: (typeof above)[number]): number => Math.max(0, box.y - bounds.y - bounds.height) * 4 + Math.max(0, bounds.x - box.x - box.width, box.x - bounds.x - bounds.width);
  return above.reduce((best, one) => (distance(one) <= distance(best) ? one : best)).index;
}

// ---- figures

const sameQuad = (a: Quad, b: Quad): boolean => JSON.stringify(a) === JSON.stringify(b);

export async function addFigure(quad: Quad): Promise<void> {
  const text = await make('Draw figure', { kind: 'add-figure', quad, after: lineBefore(quad) });
  const made = text?.regions.findIndex((region) => region.role === 'figure' && sameQuad(region.quad, quad)) ?? -1;
  if (made >= 0) pickFigure(made, 'page');
}

export async function placeFigure(region: number, quad: Quad): Promise<void> {
  const text = await make('Move figure', { kind: 'place-figure', region, quad });
  const placed = text?.regions.findIndex((one) => one.role === 'figure' && sameQuad(one.quad, quad)) ?? -1;
  if (placed >= 0) pickFigure(placed, 'page');
}

export async function deleteFigure(): Promise<void> {
  const { figure } = useDesk.getState();
  if (figure !== null && (await make('Delete figure', { kind: 'delete-figure', region: figure }))) clearSelection();
}

/** Earlier or later in reading order, past one region. */
export async function moveFigure(direction: 1 | -1): Promise<void> {
  const { figure } = useDesk.getState();
  const to = (figure ?? 0) + direction;
  if (figure === null || to < 0 || to >= (currentText()?.regions.length ?? 0)) return;
  if (await make('Change reading order', { kind: 'move-figure', region: figure, to })) pickFigure(to, 'keys');
}

export async function readSelectedAs(script: Script | null): Promise<void> {
  const lines = selected();
  if (lines.length === 0) return;
  await step('Read again', (pageId, after) => request('correction.read', { pageId, after, target: { kind: 'lines', lines }, script }));
}

/** A model takes its time: other steps need not wait for it, and when one was made meanwhile, what it read is refused. */
export async function readSelectedBy(model: Pick<InstalledModel, 'id' | 'name'>): Promise<void> {
  const lines = selected();
  const page = currentPage();
  if (!page || lines.length === 0 || useCorrection.getState().readingModel !== null) return;
  useCorrection.setState({ readingModel: model.name });
  try {
    take('Read again', page.id, await request('correction.read-by-model', { pageId: page.id, after: page.corrections.made, lines, modelId: model.id }));
    notify('Where both readings differ, words are marked as uncertain. F8 goes through them.');
  } catch (failure) {
    if (failureOf(failure).code !== 'job-cancelled') reportFailure(failure);
  } finally {
    useCorrection.setState({ readingModel: null });
  }
}

export function stopReading(): void {
  void request('correction.stop-reading', {}).catch(reportFailure);
}
