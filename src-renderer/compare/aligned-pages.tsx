// Pages laid on one another, side by side or in one place, with their changes boxed. One camera moves all of them.
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { KeptPair } from '@contract/compare.ts';
import type { Page } from '@contract/document.ts';
import type { Quad } from '@contract/geometry.ts';
import { afterInView, beforeInView, boundsInView, cameraIn, cssMatrix, quadInView, versionInView, wholePage, type Projection } from '../page/aligned-view.ts';
import { keptInsideView, movedBy, revealing, zoomedAt, type Camera, type Size } from '../page/view-transform.ts';
import { showVersion, useCompare, type CompareMode } from '../stores/compare-store.ts';
import { classes } from '../ui/classes.ts';
import { useMarks, type Mark } from './marks.ts';

const blinkMs = 800;
const noChange = [1, 0, 0, 0, 1, 0, 0, 0, 1];
/** Pages that are not compared yet: as large as one another. */
const unaligned = (before: Page, after: Page): readonly number[] => [after.width / before.width, 0, 0, 0, after.height / before.height, 0, 0, 0, 1];

/** Nothing on the pages agrees: one upon the other they would only cover each other. */
export const isUnlike = (pair: KeptPair | undefined): boolean => pair?.comparison?.alignment.method === 'none';

/** The page of a version that belongs to the page before; null where it has none. */
export interface VersionShown {
  readonly name: string;
  readonly pair: KeptPair | undefined;
  readonly page: Page | null;
}

export interface PagesShown {
  readonly pair: KeptPair;
  readonly before: Page | null;
  readonly after: Page | null;
  /** Of every version, in their order. */
  readonly versions: readonly VersionShown[];
}

export function AlignedPages({ pair, before, after, versions }: PagesShown) {
  const mode = useCompare((compare) => compare.mode);
  const current = useCompare((compare) => compare.current);
  const marks = useMarks(pair);
  const both = before !== null && after !== null;
  const shown = (mode === 'all' ? before !== null && versions.length > 1 : both && !isUnlike(pair)) ? mode : 'side';
  const ground = after ?? before!;
  const frame = useRef<HTMLDivElement>(null);
  const [viewport, setViewport] = useState<Size>({ width: 0, height: 0 });
  const [chosen, setChosen] = useState<{ on: string; camera: Camera; pane: Size } | null>(null);
  const [swipe, setSwipe] = useState(50);
  const blinking = useBlink(shown === 'blink');

  useLayoutEffect(() => {
    const element = frame.current!;
    const measure = (): void => setViewport({ width: element.clientWidth, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    measure();
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const panes = shown === 'all' ? versions.length + 1 : shown === 'side' && both ? 2 : 1;
  // Side by side as long as they do not become too narrow, then in two rows.
  const columns = panes > 3 ? Math.ceil(panes / 2) : panes, rows = panes > 3 ? 2 : 1;
  const pane: Size = { width: viewport.width / columns, height: viewport.height / rows };
  const key = `${pair.position} ${columns} ${rows} ${ground.id} ${ground.rotation}`;
  const camera = chosen?.on === key ? cameraIn(pane, chosen, ground) : wholePage(ground, pane);
  const setCamera = (next: Camera): void => setChosen({ on: key, camera: keptInsideView(next, ground, pane), pane });

  const toAfter: Projection = afterInView(camera, ground);
  const alignment = pair.comparison?.alignment.matrix ?? (both ? unaligned(before, after) : noChange);
  const toBefore: Projection = both ? beforeInView(camera, ground, alignment) : toAfter;

  // A change that is chosen in the list comes into view.
  const active = marks.find((mark) => mark.isActive);
  const place = active?.after ?? active?.before ?? null;
  const inView = (one: Camera): Projection => (active?.after || !both ? afterInView(one, ground) : beforeInView(one, ground, alignment));
  const look = useRef({ camera, pane, place, inView, setCamera });
  useLayoutEffect(() => { look.current = { camera, pane, place, inView, setCamera }; });
  // What is looked at, as text: the list is made anew whenever anything is told, and must not move the pages then.
  const looked = JSON.stringify([pair.position, active?.id, place, ground.rotation]);
  useEffect(() => {
    const now = look.current;
    if (looked === '' || !now.place || now.pane.width === 0) return;
    const bounds = boundsInView(now.inView(now.camera), now.place);
    const zoom = Math.min(2.5, Math.max(1, 18 / Math.max(1, bounds.height)), (0.8 * now.pane.width) / Math.max(1, bounds.width));
    const nearer = zoom > 1 ? zoomedAt(now.camera, zoom, [bounds.x + bounds.width / 2, bounds.y + bounds.height / 2]) : now.camera;
    const next = revealing(nearer, boundsInView(now.inView(nearer), now.place), now.pane);
    if (next !== now.camera) now.setCamera(next);
  }, [looked]);

  useEffect(() => {
    const element = frame.current!;
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      const now = look.current, bounds = element.getBoundingClientRect();
      const x = (event.clientX - bounds.left) % Math.max(1, now.pane.width), y = (event.clientY - bounds.top) % Math.max(1, now.pane.height);
      if (event.ctrlKey || event.metaKey) now.setCamera(zoomedAt(now.camera, Math.exp(-event.deltaY * 0.004), [x, y]));
      else now.setCamera(movedBy(now.camera, event.shiftKey ? -event.deltaY : -event.deltaX, event.shiftKey ? 0 : -event.deltaY));
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, []);

  const press = (event: React.KeyboardEvent): void => {
    const step = 60, middle: [number, number] = [pane.width / 2, pane.height / 2];
    const moves: Record<string, () => Camera> = {
      ArrowLeft: () => movedBy(camera, step, 0), ArrowRight: () => movedBy(camera, -step, 0), ArrowUp: () => movedBy(camera, 0, step), ArrowDown: () => movedBy(camera, 0, -step),
      '+': () => zoomedAt(camera, 1.25, middle), '=': () => zoomedAt(camera, 1.25, middle), '-': () => zoomedAt(camera, 0.8, middle), 0: () => wholePage(ground, pane),
    };
    const move = event.ctrlKey || event.metaKey || event.altKey ? undefined : moves[event.key];
    if (!move || event.target !== event.currentTarget) return;
    event.preventDefault();
    setCamera(move());
  };

  const drag = useRef<[number, number] | null>(null);
  const layers = (which: 'before' | 'after' | 'both') => (
    <>
      {which !== 'before' && after && <PageLayer page={after} matrix={toAfter} side="after" mode={shown} />}
      {which !== 'after' && before && <PageLayer page={before} matrix={toBefore} side="before" mode={shown} swipe={swipe} hidden={shown === 'blink' && blinking} />}
      <Boxes marks={marks} matrix={which === 'before' ? toBefore : toAfter} side={which === 'before' || !after ? 'before' : 'after'} size={pane} />
    </>
  );
  return (
    <div
      ref={frame}
      id="compare-pages"
      role="group"
      aria-label="The pages, laid on one another. Arrow keys move, plus and minus zoom, zero shows all."
      tabIndex={0}
      onKeyDown={press}
      onPointerDown={(event) => {
        if ((event.target as Element).closest('input, polygon, button')) return;
        drag.current = [event.clientX, event.clientY];
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (!drag.current) return;
        setCamera(movedBy(camera, event.clientX - drag.current[0], event.clientY - drag.current[1]));
        drag.current = [event.clientX, event.clientY];
      }}
      onPointerUp={() => { drag.current = null; }}
      className="focus-inside relative grid size-full cursor-grab overflow-hidden bg-desk select-none active:cursor-grabbing"
      style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`, gridTemplateRows: `repeat(${rows}, minmax(0, 1fr))` }}
    >
      {shown === 'all' ? (
        <>
          <Pane name="Before">{layers('before')}</Pane>
          {versions.map((version, index) => (
            <Pane key={index} name={version.name} divided active={index === current} onChoose={() => showVersion(index)}>
              {index === current && after ? layers('after')
                : version.page ? <OtherVersion version={version} matrix={versionInView(toBefore, version.pair?.comparison?.alignment.matrix ?? unaligned(before!, version.page))} size={pane} />
                : <p className="flex size-full items-center justify-center px-6 text-center text-muted">This page is not in this version.</p>}
            </Pane>
          ))}
        </>
      ) : shown === 'side' ? (
        <>
          {before && <Pane name="Before">{layers('before')}</Pane>}
          {after && <Pane name="After" divided={both}>{layers('after')}</Pane>}
        </>
      ) : (
        <Pane name={shown === 'blink' ? (blinking ? 'After' : 'Before') : shown === 'swipe' ? 'Before | After' : 'Red: before only · Blue: after only'}>{layers('both')}</Pane>
      )}
      {shown === 'swipe' && (
        <>
          <span aria-hidden className="pointer-events-none absolute inset-y-0 w-0.5 bg-accent" style={{ left: `${swipe}%` }} />
          <input type="range" min={0} max={100} value={swipe} onChange={(event) => setSwipe(event.target.valueAsNumber)} aria-label="Where the page before ends and the page after begins" className="absolute inset-x-4 bottom-3 cursor-ew-resize" />
        </>
      )}
    </div>
  );
}

/** True every other moment. */
function useBlink(active: boolean): boolean {
  const [on, setOn] = useState(false);
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => setOn((now) => !now), blinkMs);
    return () => clearInterval(timer);
  }, [active]);
  return on;
}

interface PaneProps { name: string; divided?: boolean; active?: boolean; onChoose?: () => void; children: React.ReactNode }

function Pane({ name, divided = false, active = false, onChoose, children }: PaneProps) {
  const tag = 'absolute top-2 left-2 max-w-[calc(100%-1rem)] truncate rounded-md bg-raised/90 px-2 py-0.5 text-small font-medium shadow-float';
  return (
    <div className={classes('relative isolate min-w-0 overflow-hidden', divided && 'border-l border-edge-strong', active && 'outline-2 -outline-offset-2 outline-accent-text')}>
      {children}
      {onChoose ? <button type="button" aria-pressed={active} title={name} onClick={onChoose} className={classes(tag, 'cursor-pointer hover:text-ink', active ? 'text-accent-text' : 'text-muted')}>{name}</button>
        : <span className={classes(tag, 'pointer-events-none text-muted')}>{name}</span>}
    </div>
  );
}

/** A version that is not the one whose changes are listed. */
function OtherVersion({ version: { page, pair }, matrix, size }: { version: VersionShown; matrix: Projection; size: Size }) {
  const marks = useMarks(pair);
  return (
    <>
      <PageLayer page={page!} matrix={matrix} side="after" mode="all" />
      <Boxes marks={marks.map((mark) => ({ ...mark, isActive: false, choose: null }))} matrix={matrix} side="after" size={size} />
    </>
  );
}

interface LayerProps { page: Page; matrix: Projection; side: 'before' | 'after'; mode: CompareMode; swipe?: number; hidden?: boolean }

/** In the overlay the ink of each page has a colour of its own; where both have ink, it is dark. */
function PageLayer({ page, matrix, side, mode, swipe = 50, hidden = false }: LayerProps) {
  const tint = mode === 'overlay' ? (side === 'before' ? '#d6001c' : '#0057d6') : null;
  return (
    <div
      className={classes('pointer-events-none absolute inset-0', hidden && 'invisible', mode === 'overlay' && side === 'before' && 'mix-blend-multiply')}
      style={mode === 'swipe' && side === 'before' ? { clipPath: `inset(0 ${100 - swipe}% 0 0)` } : undefined}
    >
      <div className="absolute top-0 left-0 isolate origin-top-left bg-white" style={{ width: page.width, height: page.height, transform: cssMatrix(matrix) }}>
        <img src={`page://${page.id}/image`} alt="" draggable={false} decoding="async" className="size-full" />
        {tint !== null && <div className="absolute inset-0 mix-blend-screen" style={{ background: tint }} />}
      </div>
    </div>
  );
}

function Boxes({ marks, matrix, side, size }: { marks: readonly Mark[]; matrix: Projection; side: 'before' | 'after'; size: Size }) {
  const points = (quad: Quad): string => {
    const corners = quadInView(matrix, quad);
    const middleX = corners.reduce((sum, [x]) => sum + x / 4, 0), middleY = corners.reduce((sum, [, y]) => sum + y / 4, 0);
    // A little wider than the words, so that the frame covers none of them.
    return corners.map(([x, y]) => `${(x + 3 * Math.sign(x - middleX)).toFixed(1)},${(y + 3 * Math.sign(y - middleY)).toFixed(1)}`).join(' ');
  };
  return (
    <svg aria-hidden className="absolute inset-0" width={size.width} height={size.height}>
      {marks.map(({ id, isActive, isDoubtful, empty, kind, choose, ...sides }) => {
        const quad = sides[side];
        return quad && (
          <polygon key={id} points={points(quad)} {...(choose && { onPointerDown: choose })} className={classes('change-box', choose && 'cursor-pointer', isActive && 'change-box-active', isDoubtful && 'change-box-doubtful', empty === side && 'change-box-empty')} data-kind={kind} />
        );
      })}
    </svg>
  );
}
