// The page itself: four stacked canvases, the gestures over them, and the list of lines that a screen reader hears instead.
import { useEffect, useRef, useState } from 'react';
import { boundsOf, type PagePoint, type Quad, type ViewPoint } from '@contract/geometry.ts';
import { commandEntries } from '../commands/use-command.tsx';
import { PointerMenu, type MenuEntry } from '../ui/menu.tsx';
import { choosePlace, hoverPlace, placesOn, type PlaceRef } from '../stores/answer-places.ts';
import { addBox, addFigure, editFocused, placeFigure, placeLine, useCorrection } from '../stores/correction-store.ts';
import { clearSelection, currentLines, currentText, currentView, hover, moveBy, moveSelection, pick, pickFigure, pickLines, selectedFigure, setCamera, setViewport, useDesk } from '../stores/desk-store.ts';
import { useSettings } from '../stores/settings-store.ts';
import { hasTable } from '../stores/table-store.ts';
import { isSelected, nothingSelected, type Selection, type Target } from '../page/selection.ts';
import { pageBounds, viewBounds, viewToPage, zoomedAt } from '../page/view-transform.ts';
import { isComposing } from '../ui/is-composing.ts';
import { quadContains } from '../page/line-index.ts';
import { draggedQuad, drawnQuad, gripAt, type Grip } from './box-gestures.ts';
import { CorrectionBar } from './correction-bar.tsx';
import { LineEditor } from './line-editor.tsx';
import { createPageLayers, type PageLayers } from './page-layers.ts';
import { followPointer } from './pointer-gestures.ts';
import { TableBar } from './table-bar.tsx';
import { TableGrid } from './table-grid.tsx';
import { figureOptionId, LineOptions, optionId } from './line-options.tsx';
import { FigureBar } from './figure-bar.tsx';
import { DrawBar } from './draw-bar.tsx';
import { LineTooltip } from './line-tooltip.tsx';

/** How far from a box a pointer may be and still mean it, in view pixels. */
const reachPixels = 3;
const keyPanPixels = 80;
/** How near to its edge a press resizes a box, and how far one key press moves it, in view pixels. */
const gripPixels = 8, nudgePixels = 2;

type Mode = 'idle' | 'ready-to-pan' | 'panning' | 'band';
const cursors = { idle: 'default', 'ready-to-pan': 'grab', panning: 'grabbing', band: 'crosshair' } as const;

export function PageCanvas({ label }: { label: string }) {
  const root = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLCanvasElement>(null);
  const boxes = useRef<HTMLCanvasElement>(null);
  const places = useRef<HTMLCanvasElement>(null);
  const marks = useRef<HTMLCanvasElement>(null);
  const layers = useRef<PageLayers | null>(null);
  const [mode, setMode] = useState<Mode>('idle');
  const [state, setState] = useState<'loading' | 'shown' | 'broken'>('loading');
  const [entries, setEntries] = useState<readonly MenuEntry[]>([]);
  const [focused, setFocused] = useState(false);
  const focus = useDesk((desk) => desk.selection.focus);
  const figure = useDesk((desk) => desk.figure);
  const editsBoxes = useCorrection((state) => state.boxes);
  const overLine = useDesk((desk) => desk.hovered !== null);

  useEffect(() => {
    const element = root.current!;
    const made = createPageLayers({ picture: picture.current!, boxes: boxes.current!, places: places.current!, marks: marks.current! }, setState);
    layers.current = made;
    const measure = new ResizeObserver(() => setViewport({ width: element.clientWidth, height: element.clientHeight }));
    measure.observe(element);
    setViewport({ width: element.clientWidth, height: element.clientHeight });

    const targetAt = (at: ViewPoint, exact: boolean): Target | null => {
      const view = currentView();
      if (!view) return null;
      const point = viewToPage(view.camera, view.frame, at);
      const line = made.index().at(point, reachPixels / view.camera.scale)[0];
      if (line === undefined) return null;
      const word = exact ? (made.lines()[line]?.line.words.findIndex((one) => quadContains(one.quad, point, reachPixels / view.camera.scale)) ?? -1) : -1;
      return word < 0 ? { line } : { line, word };
    };

    /** The smallest place of the answer under a point: the likeliest to be meant. */
    const placeAt = (at: ViewPoint): PlaceRef | null => {
      const view = currentView();
      if (!view) return null;
      const point = viewToPage(view.camera, view.frame, at);
      const under = placesOn(view.page.id).filter(({ grounding }) => quadContains(grounding.quad!, point, reachPixels / view.camera.scale));
      const area = ({ grounding }: (typeof under)[number]): number => { const { width, height } = boundsOf(grounding.quad!); return width * height; };
      return under.sort((a, b) => area(a) - area(b))[0]?.ref ?? null;
    };

    /** The smallest figure under a point. */
    const figureAt = (at: ViewPoint): number | null => {
      const view = currentView();
      if (!view) return null;
      const point = viewToPage(view.camera, view.frame, at);
      const under = currentText()?.regions.flatMap(({ role, quad }, region) => (role === 'figure' && quadContains(quad, point, reachPixels / view.camera.scale) ? [{ region, ...boundsOf(quad) }] : [])) ?? [];
      return under.sort((a, b) => a.width * a.height - b.width * b.height)[0]?.region ?? null;
    };

    let base: Selection = nothingSelected;
    /** The box that is being drawn, or moved, or resized. */
    let box: { from: PagePoint; line: number | null; figure: number | null; before: Quad | null; grip: Grip | null; quad: Quad | null } | null = null;
    const startBox = (at: ViewPoint, under: number | undefined): typeof box => {
      const view = currentView();
      if (!view) return null;
      const from = viewToPage(view.camera, view.frame, at);
      const { focus } = useDesk.getState().selection;
      // The selected box first: its edges may lie over others.
      const figure = selectedFigure(), figureGrip = figure && gripAt(figure.quad, from, gripPixels / view.camera.scale);
      if (figure && figureGrip) return { from, line: null, figure: useDesk.getState().figure, before: figure.quad, grip: figureGrip, quad: null };
      // A figure is drawn over the words in it.
      if (useCorrection.getState().draws === 'figure') return { from, line: null, figure: null, before: null, grip: null, quad: null };
      for (const line of [focus?.line, under]) {
        const before = line === undefined ? undefined : made.lines()[line]?.line.quad;
        const grip = before && gripAt(before, from, gripPixels / view.camera.scale);
        if (line === undefined || !before || !grip) continue;
        pick({ line }, 'only', 'page');
        return { from, line, figure: null, before, grip, quad: null };
      }
      return { from, line: null, figure: null, before: null, grip: null, quad: null };
    };
    const stop = followPointer(element, {
      hover(at) {
        hover(at && (targetAt(at, false)?.line ?? null));
        hoverPlace(at && placeAt(at));
      },
      click(at, clicks, keys) {
        const place = clicks === 1 && !keys.shift && !keys.mod ? placeAt(at) : null;
        if (place) choosePlace(place);
        const target = targetAt(at, clicks === 2);
        if (!target) {
          const figure = figureAt(at);
          if (figure !== null) return pickFigure(figure, 'page');
          return void (keys.shift || keys.mod || clearSelection());
        }
        if (clicks === 3) return pickRegion(made, target.line);
        pick(target, keys.shift ? 'extend' : keys.mod ? 'toggle' : 'only', 'page');
        if (clicks === 2) editFocused();
      },
      bandStart(keys, at) {
        hover(null);
        if (useCorrection.getState().boxes) {
          box = startBox(at, targetAt(at, false)?.line);
          return;
        }
        base = keys.shift || keys.mod ? useDesk.getState().selection : nothingSelected;
      },
      band(area, to) {
        const view = currentView();
        if (!view) return;
        if (box) {
          const point = viewToPage(view.camera, view.frame, to);
          box.quad = box.grip && box.before ? draggedQuad(box.before, box.grip, [point[0] - box.from[0], point[1] - box.from[1]]) : drawnQuad(box.from, point);
          made.setBand(box.quad && viewBounds(view.camera, view.frame, box.quad));
          return;
        }
        made.setBand(area);
        pickLines(made.index().inside(pageBounds(view.camera, view.frame, area)), base);
      },
      bandEnd() {
        made.setBand(null);
        const done = box;
        box = null;
        if (!done?.quad) return;
        if (done.figure !== null) void placeFigure(done.figure, done.quad);
        else if (done.line === null) void (useCorrection.getState().draws === 'figure' ? addFigure(done.quad) : addBox(done.quad));
        else void placeLine(done.line, done.quad);
      },
      pan: moveBy,
      zoom: (factor, at) => setCamera(zoomedAt(useDesk.getState().camera, factor, at)),
      mode: setMode,
    });
    return () => {
      stop();
      measure.disconnect();
      made.dispose();
      layers.current = null;
    };
  }, []);

  const openMenu = (): void => {
    const { hovered, selection } = useDesk.getState();
    if (hovered !== null && !isSelected(selection, { line: hovered }) && !selection.lines.has(hovered)) pick({ line: hovered }, 'only', 'page');
    hover(null);
    const { showBoxes } = useSettings.getState().settings;
    // What makes no sense here is left out: the menu is long enough. Zoom and turns are in the bar above.
    const correct = commandEntries(['edit-line', 'merge-lines', 'split-line', 'edit-table', 'make-table', 'delete-lines']).filter((entry) => entry.kind === 'line' || entry.enabled);
    setEntries([
      ...commandEntries(['ask-about', null, 'copy', 'copy-markdown', ...(hasTable() ? ['copy-table' as const] : []), 'copy-picture', 'save-picture', 'select-all', 'export', null]),
      ...correct,
      ...commandEntries(['edit-boxes', 'draw-figure', null, 'toggle-boxes', 'reread'], { 'toggle-boxes': showBoxes, 'edit-boxes': useCorrection.getState().boxes }),
    ]);
  };

  return (
    // Clipped, not hidden: nothing may scroll the page out from under its boxes.
    <div className="relative size-full overflow-clip bg-desk" data-picture={state}>
      <canvas ref={picture} aria-hidden />
      <canvas ref={boxes} aria-hidden />
      <canvas ref={places} aria-hidden />
      <canvas ref={marks} aria-hidden />
      <PointerMenu entries={entries} onOpen={openMenu}>
        <div
          ref={root}
          id="page-canvas"
          role="listbox"
          aria-label={label}
          aria-multiselectable="true"
          aria-activedescendant={focus ? optionId(focus.line) : figure !== null ? figureOptionId(figure) : undefined}
          tabIndex={0}
          onFocus={() => setFocused(true)}
          onBlur={() => setFocused(false)}
          onKeyDown={onCanvasKey}
          className="focus-inside absolute inset-0 touch-none overflow-hidden"
          style={{ cursor: mode !== 'idle' ? cursors[mode] : editsBoxes ? 'crosshair' : overLine ? 'pointer' : cursors.idle }}
        >
          <LineOptions />
        </div>
      </PointerMenu>
      <LineTooltip byKeyboard={focused} />
      <LineEditor />
      <TableGrid />
      <CorrectionBar />
      <FigureBar />
      <DrawBar />
      <TableBar />
    </div>
  );
}

function pickRegion(layers: PageLayers, line: number): void {
  const lines = layers.lines();
  const region = lines[line]?.regionIndex;
  pickLines(lines.filter((one) => one.regionIndex === region).map((one) => one.index), nothingSelected);
}

const moves: Record<string, Parameters<typeof moveSelection>[0]> = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right', Home: 'first', End: 'last' };

/** With boxes being edited, arrows move the focused one, and with Shift its lower right corner. True when that is what the key did. */
function nudgeBox(event: React.KeyboardEvent): boolean {
  const [dx, dy] = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key] ?? [0, 0];
  const { focus } = useDesk.getState().selection;
  const figure = useDesk.getState().figure;
  const quad = selectedFigure()?.quad ?? (focus && currentLines().lines[focus.line]?.line.quad);
  const view = currentView();
  if (!useCorrection.getState().boxes || !quad || !view || event.ctrlKey || event.metaKey || (dx === 0 && dy === 0)) return false;
  const from = viewToPage(view.camera, view.frame, [0, 0]), to = viewToPage(view.camera, view.frame, [dx! * nudgePixels, dy! * nudgePixels]);
  const grip = event.shiftKey ? { start: false, end: true, top: false, bottom: true } : { start: true, end: true, top: true, bottom: true };
  const placed = draggedQuad(quad, grip, [to[0] - from[0], to[1] - from[1]]);
  void (selectedFigure() && figure !== null ? placeFigure(figure, placed) : focus ? placeLine(focus.line, placed) : undefined);
  return true;
}

/** Arrows go from line to line and word to word, Shift extends; with Ctrl they move the page. */
function onCanvasKey(event: React.KeyboardEvent): void {
  const move = moves[event.key];
  if (!move || isComposing(event) || event.altKey) return;
  if (nudgeBox(event)) return event.preventDefault();
  if (event.ctrlKey || event.metaKey) {
    if (event.shiftKey || !event.key.startsWith('Arrow')) return;
    const step = { up: [0, keyPanPixels], down: [0, -keyPanPixels], left: [keyPanPixels, 0], right: [-keyPanPixels, 0] }[move as 'up' | 'down' | 'left' | 'right'];
    moveBy(step[0]!, step[1]!);
  } else moveSelection(move, event.shiftKey);
  event.preventDefault();
}
