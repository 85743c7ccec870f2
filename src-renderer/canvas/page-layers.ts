// Keeps the canvases of a page in step with the stores: picture, boxes, places of the answer, marks. Each is repainted only when what it shows changed,
// at most once per frame; a hover touches the marks alone.
import type { Quad, Rect } from '@contract/geometry.ts';
import type { SearchHit } from '@contract/document.ts';
import { useCorrection } from '../stores/correction-store.ts';
import { currentPage, currentText, currentView, selectedFigure, useDesk } from '../stores/desk-store.ts';
import { onPlacesChanged, placesOn, samePlace, usePlaces, type PlaceRef } from '../stores/answer-places.ts';
import { useFind } from '../stores/find-store.ts';
import { usePages } from '../stores/page-store.ts';
import { isDark, useSettings } from '../stores/settings-store.ts';
import { buildLineIndex, type LineIndex } from '../page/line-index.ts';
import { noLines, pageLinesOf, type PageLine, type PageLines } from '../page/page-lines.ts';
import { rangeQuads } from '../page/reading-text.ts';
import type { Selection } from '../page/selection.ts';
import { pageBounds, pageMatrix, type Camera, type Size } from '../page/view-transform.ts';
import { loadPicture, paintPicture, type Picture } from './picture.ts';
import { brushFor, clear, paintFigures, paintLines, paintMarks, paintPlaces, type Marks } from './paint-boxes.ts';
import { createPaintedLayer } from './painted-layer.ts';

export interface LayerElements { picture: HTMLCanvasElement; boxes: HTMLCanvasElement; places: HTMLCanvasElement; marks: HTMLCanvasElement }

export interface PageLayers {
  /** The rubber band to draw, in view pixels. */
  setBand(band: Rect | null): void;
  /** Index over the lines of the page shown now. */
  index(): LineIndex;
  lines(): readonly PageLine[];
  dispose(): void;
}

/** After this long without movement everything is painted exactly where it belongs. */
const restMs = 140;

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
    places: elements.places.getContext('2d')!,
    marks: elements.marks.getContext('2d')!,
  };
  let band: Rect | null = null;
  let picture: Picture | null = null;
  let loading: { pageId: string; abort: AbortController } | null = null;
  let pageLines: PageLines = noLines;
  let lineIndex: LineIndex = emptyIndex;
  let figures: readonly Quad[] = [];
  let shownPage = currentPage();
  let frame = 0;
  let rest: ReturnType<typeof setTimeout> | undefined;
  const layers = { picture: createPaintedLayer(elements.picture), boxes: createPaintedLayer(elements.boxes), places: createPaintedLayer(elements.places), marks: createPaintedLayer(elements.marks) };
  const every = ['picture', 'boxes', 'places', 'marks'] as const;

  /** Repaints these layers in the next frame; without any, only follows the camera. */
  const schedule = (...changed: (keyof typeof layers)[]): void => {
    for (const layer of changed) layers[layer].invalidate();
    frame ||= requestAnimationFrame(() => paint(false));
  };

  const paint = (rested: boolean): void => {
    frame = 0;
    clearTimeout(rest);
    const view = currentView();
    if (!view) {
      for (const context of Object.values(contexts)) clear(context);
      for (const layer of every) layers[layer].invalidate();
      return;
    }
    const ratio = window.devicePixelRatio || 1;
    const { viewport } = useDesk.getState();
    const painters = {
      picture: (camera: Camera) => {
        const colors = paperColors[isDark(useSettings.getState()) ? 'dark' : 'light'];
        paintPicture(contexts.picture, picture?.pageId === view.page.id ? picture : null, view.frame, pageMatrix(camera, view.frame), ratio, colors);
      },
      boxes: (camera: Camera, { width, height }: Size) => {
        clear(contexts.boxes);
        const { showBoxes, lowConfidence } = useSettings.getState().settings;
        if (!showBoxes) return;
        const visible = lineIndex.inside(pageBounds(camera, view.frame, { x: 0, y: 0, width, height }));
        const brush = brushFor(contexts.boxes, pageMatrix(camera, view.frame), ratio);
        paintFigures(brush, figures);
        paintLines(brush, pageLines.lines, visible, lowConfidence);
      },
      places: (camera: Camera) => {
        clear(contexts.places);
        const { hovered, chosen } = usePlaces.getState();
        const lit = (ref: PlaceRef): boolean => samePlace(ref, hovered) || samePlace(ref, chosen);
        paintPlaces(brushFor(contexts.places, pageMatrix(camera, view.frame), ratio), placesOn(view.page.id).map(({ ref, grounding }) => ({ quad: grounding.quad!, state: grounding.check.state, point: grounding.kind === 'point', lit: lit(ref) })));
      },
      marks: (camera: Camera) => {
        clear(contexts.marks);
        paintMarks(brushFor(contexts.marks, pageMatrix(camera, view.frame), ratio), marksOn(view.page.id, pageLines.lines, band && { ...band, x: band.x + camera.x - view.camera.x, y: band.y + camera.y - view.camera.y }));
      },
    };
    let moved = false;
    for (const layer of every) moved = layers[layer].follow(view.camera, viewport, ratio, rested, painters[layer]) || moved;
    if (moved) rest = setTimeout(() => paint(true), restMs);
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
    figures = text?.regions.flatMap((region) => (region.role === 'figure' ? [region.quad] : [])) ?? [];
    lineIndex = text ? buildLineIndex(next.lines, text) : emptyIndex;
    schedule('boxes', 'marks');
  };

  const letGo = [
    useDesk.subscribe((now, before) => {
      if (now.documentId !== before.documentId || now.pageIndex !== before.pageIndex) {
        takeText();
        showPicture();
        schedule('picture', 'boxes', 'places', 'marks');
      }
      if (now.camera !== before.camera || now.viewport !== before.viewport) {
        showPicture();
        schedule();
      }
      if (now.selection !== before.selection || now.hovered !== before.hovered || now.figure !== before.figure) schedule('marks');
    }),
    usePages.subscribe(() => {
      takeText();
      showPicture();
      const page = currentPage();
      // Another turn or size of the open page; news about other pages repaint nothing.
      if (page?.rotation !== shownPage?.rotation || page?.width !== shownPage?.width || page?.height !== shownPage?.height) schedule('picture', 'boxes', 'places', 'marks');
      shownPage = page;
    }),
    useSettings.subscribe(() => schedule('picture', 'boxes')),
    useCorrection.subscribe((now, before) => { if (now.boxes !== before.boxes) schedule('marks'); }),
    useFind.subscribe((now, before) => { if (now.hits !== before.hits || now.at !== before.at) schedule('marks'); }),
    onPlacesChanged(() => schedule('places')),
    followPixelRatio(() => schedule('picture', 'boxes', 'places', 'marks')),
  ];
  takeText();
  showPicture();
  schedule('picture', 'boxes', 'places', 'marks');

  return {
    setBand(next) { band = next; schedule('marks'); },
    index: () => lineIndex,
    lines: () => pageLines.lines,
    dispose() {
      letGo.forEach((one) => one());
      cancelAnimationFrame(frame);
      clearTimeout(rest);
      loading?.abort.abort();
      picture?.close();
    },
  };
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

function marksOn(pageId: string, lines: readonly PageLine[], band: Rect | null): Marks {
  const { hovered, selection } = useDesk.getState();
  const { hits, at } = useFind.getState();
  const now = hits[at];
  const figure = selectedFigure()?.quad ?? null;
  return {
    hits: hits.filter((hit) => hit.pageId === pageId).flatMap((hit) => hitQuads(lines, hit)),
    hitNow: now?.pageId === pageId ? hitQuads(lines, now) : [],
    selected: selectionQuads(lines, selection),
    focused: focusQuad(lines, selection),
    hovered: hovered === null ? null : (lines[hovered]?.line.quad ?? null),
    figure,
    handles: useCorrection.getState().boxes ? (figure ?? (selection.focus ? (lines[selection.focus.line]?.line.quad ?? null) : null)) : null,
    band,
  };
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
