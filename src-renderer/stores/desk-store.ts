// What lies open: which document and page, its selection and hover, and the camera over it. Pure state and the steps that change it; draws nothing.
import { create } from 'zustand';
import type { Page, PageText, Region } from '@contract/document.ts';
import { boundsOf, type Rect } from '@contract/geometry.ts';
import { noLines, pageLinesOf, type PageLines } from '../page/page-lines.ts';
import * as select from '../page/selection.ts';
import type { Selection, Target } from '../page/selection.ts';
import { fittedCamera, keptInsideView, nextZoomStep, pageMatrix, revealing, uprightSize, viewBounds, zoomedAt, type Camera, type FitMode, type PageFrame, type Size } from '../page/view-transform.ts';
import { pagesOf, usePages } from './page-store.ts';

interface DeskState {
  documentId: string | null;
  pageIndex: number;
  selection: Selection;
  /** The selected figure, by its region's number; then no line is selected. */
  figure: number | null;
  /** Line under the pointer, on the page or in the text. */
  hovered: number | null;
  camera: Camera;
  fitMode: FitMode;
  viewport: Size;
  /** Counts up whenever the text panel should bring the focused line into view. */
  revealInText: number;
}

export const useDesk = create<DeskState>(() => ({
  documentId: null,
  pageIndex: 0,
  selection: select.nothingSelected,
  figure: null,
  hovered: null,
  camera: { scale: 1, x: 0, y: 0 },
  fitMode: 'fit',
  viewport: { width: 0, height: 0 },
  revealInText: 0,
}));

export function openDocument(documentId: string | null, pageIndex = 0): void {
  const now = useDesk.getState();
  if (now.documentId === documentId && now.pageIndex === pageIndex) return;
  useDesk.setState({ documentId, pageIndex, selection: select.nothingSelected, figure: null, hovered: null, fitMode: now.fitMode === 'free' ? 'fit' : now.fitMode });
  refit();
}

export function openPage(pageIndex: number): void {
  const { documentId } = useDesk.getState();
  const count = pagesOf(documentId).length;
  openDocument(documentId, Math.max(0, Math.min(count - 1, pageIndex)));
}

export function currentPage(): Page | null {
  const { documentId, pageIndex } = useDesk.getState();
  return pagesOf(documentId)[pageIndex] ?? null;
}

export function currentText(): PageText | null {
  const page = currentPage();
  return (page && usePages.getState().texts.get(page.id)) ?? null;
}

export function currentLines(): PageLines {
  const text = currentText();
  return text ? pageLinesOf(text) : noLines;
}

function currentFrame(): PageFrame | null {
  const page = currentPage();
  return page && { width: page.width, height: page.height, rotation: page.rotation };
}

// ---- camera

export function setViewport(viewport: Size): void {
  const now = useDesk.getState().viewport;
  if (now.width === viewport.width && now.height === viewport.height) return;
  useDesk.setState({ viewport });
  refit();
}

/** Fits again when the view or the page changed and the user has not chosen a zoom of his own. */
export function refit(): void {
  const { fitMode, viewport, camera } = useDesk.getState();
  const frame = currentFrame();
  if (!frame || viewport.width === 0) return;
  useDesk.setState({ camera: fitMode === 'free' ? keptInsideView(camera, frame, viewport) : fittedCamera(frame, viewport, fitMode) });
}

export function setFitMode(fitMode: 'fit' | 'width'): void {
  useDesk.setState({ fitMode });
  refit();
}

export function setCamera(camera: Camera): void {
  const frame = currentFrame();
  if (frame) useDesk.setState({ camera: keptInsideView(camera, frame, useDesk.getState().viewport), fitMode: 'free' });
}

export function moveBy(dx: number, dy: number): void {
  const { camera } = useDesk.getState();
  setCamera({ ...camera, x: camera.x + dx, y: camera.y + dy });
}

function middleOfView(): [number, number] {
  const { viewport } = useDesk.getState();
  return [viewport.width / 2, viewport.height / 2];
}

export function zoomTo(scale: number, at: [number, number] = middleOfView()): void {
  const { camera } = useDesk.getState();
  setCamera(zoomedAt(camera, scale / camera.scale, at));
}

export function zoomStep(direction: 1 | -1): void {
  zoomTo(nextZoomStep(useDesk.getState().camera.scale, direction));
}

/** Brings a part of the page into the view, moving as little as possible. */
export function revealOnPage(bounds: Rect): void {
  const frame = currentFrame();
  const { camera, viewport, fitMode } = useDesk.getState();
  if (!frame || viewport.width === 0) return;
  const { x, y, width, height } = bounds;
  const shown = revealing(camera, viewBounds(camera, frame, [[x, y], [x + width, y], [x + width, y + height], [x, y + height]]), viewport);
  if (shown === camera) return;
  setCamera(shown);
  // Out from under a bar, not the user's choice: in another window the page is fitted again.
  if (fitMode === 'fit') useDesk.setState({ fitMode });
}

// ---- selection

/** Where a change of selection came from decides which of the two other views follows it. */
export type From = 'page' | 'text' | 'keys';

function setSelection(selection: Selection, from: From): void {
  useDesk.setState((now) => ({ selection, figure: null, revealInText: from === 'text' ? now.revealInText : now.revealInText + 1 }));
  const focus = selection.focus && currentLines().lines[selection.focus.line];
  if (focus && from !== 'page') revealOnPage(focus.bounds);
}

function wordCountOf(line: number): number {
  return currentLines().lines[line]?.line.words.length ?? 0;
}

/** A click on a line or word: alone, extending (Shift) or adding (Ctrl). */
export function pick(target: Target, how: 'only' | 'extend' | 'toggle', from: From): void {
  const { selection } = useDesk.getState();
  if (how === 'only') setSelection(select.selectOne(target), from);
  else if (how === 'extend') setSelection(select.extendTo(selection, target, wordCountOf), from);
  else setSelection(select.toggle(selection, target, wordCountOf(target.line)), from);
}

/** The lines under a rubber band; `base` is what was selected before it began. */
export function pickLines(indexes: readonly number[], base: Selection): void {
  useDesk.setState({ selection: select.selectLines(indexes, base), figure: null });
}

export function moveSelection(move: Parameters<typeof select.moveFocus>[1], extend: boolean): void {
  const target = select.moveFocus(useDesk.getState().selection, move, currentLines().lines);
  if (target) pick(target, extend ? 'extend' : 'only', 'keys');
}

export function selectWholePage(): void {
  useDesk.setState({ selection: select.selectAll(currentLines().lines), figure: null });
}

export function clearSelection(): void {
  useDesk.setState({ selection: select.nothingSelected, figure: null, hovered: null });
}

/** The selected figure of the open page, if it is still one. */
export function selectedFigure(): Region | null {
  const { figure } = useDesk.getState();
  const region = figure === null ? undefined : currentText()?.regions[figure];
  return region?.role === 'figure' ? region : null;
}

export function pickFigure(region: number, from: From): void {
  useDesk.setState({ selection: select.nothingSelected, figure: region });
  const { quad } = selectedFigure() ?? {};
  if (quad && from !== 'page') revealOnPage(boundsOf(quad));
}

/** The next figure of the page in reading order; wraps around. False: there is none. */
export function pickNextFigure(): boolean {
  const figures = currentText()?.regions.flatMap((region, index) => (region.role === 'figure' ? [index] : [])) ?? [];
  const now = useDesk.getState().figure;
  const next = figures.find((index) => now === null || index > now) ?? figures[0];
  if (next !== undefined) pickFigure(next, 'keys');
  return next !== undefined;
}

export function hover(line: number | null): void {
  if (useDesk.getState().hovered !== line) useDesk.setState({ hovered: line });
}

/** The next or previous line whose confidence is below `threshold`, after the focus; wraps around. */
export function pickDoubtful(threshold: number, direction: 1 | -1): boolean {
  const { lines } = currentLines();
  const from = useDesk.getState().selection.focus?.line ?? (direction > 0 ? -1 : lines.length);
  for (let step = 1; step <= lines.length; step++) {
    const index = (from + direction * step + lines.length * 2) % lines.length;
    if ((lines[index]?.line.confidence ?? 1) < threshold) {
      pick({ line: index }, 'only', 'keys');
      return true;
    }
  }
  return false;
}

/** What the page layers draw with, or null when nothing can be drawn. */
export function currentView(): { page: Page; frame: PageFrame; camera: Camera; matrix: ReturnType<typeof pageMatrix>; upright: Size } | null {
  const page = currentPage();
  const frame = currentFrame();
  const { camera, viewport } = useDesk.getState();
  return page && frame && viewport.width > 0 ? { page, frame, camera, matrix: pageMatrix(camera, frame), upright: uprightSize(frame) } : null;
}
