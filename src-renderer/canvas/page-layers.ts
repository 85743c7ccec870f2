// Keeps the three canvases of a page in step with the stores: picture, boxes, marks. Each is repainted only when what it shows changed,
// at most once per frame; a hover touches the marks alone.
import type { Quad, Rect } from '@contract/geometry.ts';
import type { SearchHit } from '@contract/document.ts';
import { currentText, currentView, useDesk } from '../stores/desk-store.ts';
import { useFind } from '../stores/find-store.ts';
import { usePages } from '../stores/page-store.ts';
import { isDark, useSettings } from '../stores/settings-store.ts';
import { buildLineIndex, type LineIndex } from '../page/line-index.ts';
import { noLines, pageLinesOf, type PageLine, type PageLines } from '../page/page-lines.ts';
import { rangeQuads } from '../page/reading-text.ts';
import type { Selection } from '../page/selection.ts';
import { pageBounds } from '../page/view-transform.ts';
import { loadPicture, paintPicture, type Picture } from './picture.ts';
import { brushFor, clear, paintLines, paintMarks } from './paint-boxes.ts';

export interface LayerElements { picture: HTMLCanvasElement; boxes: HTMLCanvasElement; marks: HTMLCanvasElement }

export interface PageLayers {
  /** The rubber band to draw, in view pixels. */
  setBand(band: Rect | null): void;
  /** Index over the lines of the page shown now. */
  index(): LineIndex;
  lines(): readonly PageLine[];
  dispose(): void;
}

const emptyIndex: LineIndex = { at: () => [], inside: () => [] };

const paperColors = {
  light: { paper: '#ffffff', edge: 'rgba(15, 23, 42, 0.16)', shadow: 'rgba(15, 23, 42, 0.035)' },
  dark: { paper: '#e9ebee', edge: 'rgba(0, 0, 0, 0.6)', shadow: 'rgba(0, 0, 0, 0.14)' },
} as const;

/** `onPicture` hears whether the open page's picture is there, still loading, or cannot be shown. */
export function createPageLayers(elements: LayerElements, onPicture: (state: 'loading' | 'shown' | 'broken') => void): PageLayers {
  const contexts = {
    picture: elements.picture.getContext('2d', { alpha: true })!,
    boxes: elements.boxes.getContext('2d')!,
    marks: elements.marks.getContext('2d')!,
  };
  let band: Rect | null = null;
  let picture: Picture | null = null;
  let loading: { pageId: string; abort: AbortController } | null = null;
  let pageLines: PageLines = noLines;
  let lineIndex: LineIndex = emptyIndex;
  let frame = 0;
  const dirty = { picture: true, boxes: true, marks: true };

  const schedule = (...layers: (keyof typeof dirty)[]): void => {
    for (const layer of layers) dirty[layer] = true;
    frame ||= requestAnimationFrame(paint);
  };

  const paint = (): void => {
    frame = 0;
    const view = currentView();
    const ratio = window.devicePixelRatio || 1;
    for (const canvas of Object.values(elements)) if (resize(canvas, useDesk.getState().viewport, ratio)) dirty.picture = dirty.boxes = dirty.marks = true;
    if (!view) {
      for (const context of Object.values(contexts)) context.clearRect(0, 0, context.canvas.width, context.canvas.height);
      return;
    }
    const colors = paperColors[isDark(useSettings.getState()) ? 'dark' : 'light'];
    if (dirty.picture) paintPicture(contexts.picture, picture?.pageId === view.page.id ? picture : null, view.frame, view.matrix, ratio, colors);
    if (dirty.boxes) {
      const brush = brushFor(contexts.boxes, view.matrix, ratio);
      clear(brush);
      const { showBoxes, lowConfidence } = useSettings.getState().settings;
      const { width, height } = useDesk.getState().viewport;
      if (showBoxes) paintLines(brush, pageLines.lines, lineIndex.inside(pageBounds(view.camera, view.frame, { x: 0, y: 0, width, height })), lowConfidence);
    }
    if (dirty.marks) {
      const brush = brushFor(contexts.marks, view.matrix, ratio);
      clear(brush);
      const { hovered, selection } = useDesk.getState();
      const { hits, at } = useFind.getState();
      const onPage = hits.filter((hit) => hit.pageId === view.page.id);
      paintMarks(brush, {
        hits: onPage.flatMap((hit) => hitQuads(pageLines.lines, hit)),
        hitNow: hits[at]?.pageId === view.page.id ? hitQuads(pageLines.lines, hits[at]) : [],
        selected: selectionQuads(pageLines.lines, selection),
        focused: focusQuad(pageLines.lines, selection),
        hovered: hovered === null ? null : (pageLines.lines[hovered]?.line.quad ?? null),
        band,
      });
    }
    dirty.picture = dirty.boxes = dirty.marks = false;
  };

  const showPicture = (): void => {
    const view = currentView();
    const pageId = view?.page.id ?? null;
    if (pageId === (picture?.pageId ?? null) || pageId === loading?.pageId) return;
    loading?.abort.abort();
    loading = null;
    if (pageId === null) return;
    onPicture('loading');
    const abort = new AbortController();
    loading = { pageId, abort };
    loadPicture(pageId, `page://${pageId}/image`, abort.signal, () => schedule('picture')).then(
      (loaded) => {
        if (abort.signal.aborted) return loaded.close();
        picture?.close();
        picture = loaded;
        loading = null;
        onPicture('shown');
        schedule('picture');
      },
      () => {
        if (abort.signal.aborted) return;
        loading = null;
        onPicture('broken');
      },
    );
  };

  const takeText = (): void => {
    const text = currentText();
    const next = text ? pageLinesOf(text) : noLines;
    if (next === pageLines) return;
    pageLines = next;
    lineIndex = text ? buildLineIndex(next.lines, text) : emptyIndex;
    schedule('boxes', 'marks');
  };

  const letGo = [
    useDesk.subscribe((now, before) => {
      if (now.documentId !== before.documentId || now.pageIndex !== before.pageIndex) {
        takeText();
        showPicture();
        schedule('picture', 'boxes', 'marks');
      }
      if (now.camera !== before.camera || now.viewport !== before.viewport) {
        showPicture();
        schedule('picture', 'boxes', 'marks');
      }
      if (now.selection !== before.selection || now.hovered !== before.hovered) schedule('marks');
    }),
    usePages.subscribe(() => {
      takeText();
      showPicture();
      schedule('picture');
    }),
    useSettings.subscribe(() => schedule('picture', 'boxes')),
    useFind.subscribe((now, before) => { if (now.hits !== before.hits || now.at !== before.at) schedule('marks'); }),
    followPixelRatio(() => schedule('picture', 'boxes', 'marks')),
  ];
  takeText();
  showPicture();
  schedule('picture', 'boxes', 'marks');

  return {
    setBand(next) { band = next; schedule('marks'); },
    index: () => lineIndex,
    lines: () => pageLines.lines,
    dispose() {
      letGo.forEach((one) => one());
      cancelAnimationFrame(frame);
      loading?.abort.abort();
      picture?.close();
    },
  };
}

function resize(canvas: HTMLCanvasElement, { width, height }: { width: number; height: number }, ratio: number): boolean {
  const across = Math.max(1, Math.round(width * ratio));
  const down = Math.max(1, Math.round(height * ratio));
  if (canvas.width === across && canvas.height === down) return false;
  canvas.width = across;
  canvas.height = down;
  return true;
}

/** Moving the window to another screen changes the ratio without resizing anything. */
function followPixelRatio(changed: () => void): () => void {
  let query: MediaQueryList;
  const follow = (): void => {
    query = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    query.addEventListener('change', renew, { once: true });
  };
  const renew = (): void => { changed(); follow(); };
  follow();
  return () => query.removeEventListener('change', renew);
}

function hitQuads(lines: readonly PageLine[], hit: SearchHit): Quad[] {
  const line = lines[hit.lineIndex]?.line;
  return line ? hit.ranges.flatMap(([start, end]) => rangeQuads(line, start, end)) : [];
}

function selectionQuads(lines: readonly PageLine[], selection: Selection): Quad[] {
  const quads: Quad[] = [];
  for (const [index, part] of selection.lines) {
    const line = lines[index]?.line;
    if (!line) continue;
    if (part === 'all') quads.push(line.quad);
    else for (const word of part) if (line.words[word]) quads.push(line.words[word].quad);
  }
  return quads;
}

function focusQuad(lines: readonly PageLine[], { focus }: Selection): Quad | null {
  if (!focus) return null;
  const line = lines[focus.line]?.line;
  return (focus.word === undefined ? line?.quad : line?.words[focus.word]?.quad) ?? null;
}
