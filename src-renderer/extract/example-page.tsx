// One page to point at: a click on a value gives a field. Lines are buttons over the picture, so that the keyboard can do it too.
import { useEffect, useState } from 'react';
import { linesOf } from '@contract/document.ts';
import type { GuessedField } from '@contract/extraction.ts';
import { boundsOf, type PagePoint, type Quad, type Rect } from '@contract/geometry.ts';
import { pageMatrix, uprightSize, viewBounds, viewToPage, type Camera } from '../page/view-transform.ts';
import { guessField } from '../stores/extraction-store.ts';
import { ensurePages, ensureText, noPages, usePages } from '../stores/page-store.ts';

/** Width of the picture in CSS pixels. */
const shownWidth = 460;

interface ExamplePageProps {
  documentId: string;
  /** Values that have become fields. */
  taken: readonly Quad[];
  /** What became of the last click. */
  said: string;
  onField(guessed: GuessedField): void;
}

export function ExamplePage({ documentId, taken, said, onField }: ExamplePageProps) {
  const pages = usePages((state) => state.byDocument.get(documentId) ?? noPages);
  const [at, setAt] = useState(0);
  const page = pages[at];
  const text = usePages((state) => (page ? (state.texts.get(page.id) ?? null) : null));
  useEffect(() => void ensurePages(documentId), [documentId]);
  useEffect(() => { if (page) void ensureText(page.id); }, [page]);
  if (!page) return <p className="text-small text-muted">The page is being fetched…</p>;
  const upright = uprightSize(page);
  const camera: Camera = { scale: shownWidth / upright.width, x: 0, y: 0 };
  const [a, b, c, d, e, f] = pageMatrix({ ...camera, scale: 1 }, page);
  const boxOf = (quad: Quad): Rect => viewBounds(camera, page, quad);
  const pointAt = async (point: PagePoint): Promise<void> => {
    const guessed = await guessField(page.id, point);
    if (guessed) onField(guessed);
  };
  return (
    <figure className="sticky top-0 max-h-[calc(100vh-14rem)] shrink-0 self-start overflow-y-auto pb-1" style={{ width: shownWidth + 16 }}>
      <figcaption className="mb-2 flex flex-wrap items-center gap-2 text-small text-muted">
        A click on a value makes a field of it, named after its label; in a table, of the whole table.
        {pages.length > 1 && (
          <select aria-label="Example page" value={at} onChange={(event) => setAt(Number(event.target.value))} className="h-7 rounded-md border border-edge-strong bg-raised px-1 text-small">
            {pages.map((one) => <option key={one.id} value={one.index}>Page {one.index + 1}</option>)}
          </select>
        )}
        <span role="status" className="basis-full text-ink">{page.status === 'read' ? said : 'This page is not read yet: there is nothing to point at.'}</span>
      </figcaption>
      <div role="group" aria-label="Example page" className="relative overflow-hidden rounded-md border border-edge bg-white" style={{ width: shownWidth, height: upright.height * camera.scale }}>
        <img src={`page://${page.id}/image`} alt="" draggable={false} className="absolute top-0 left-0 max-w-none" style={{ width: page.width, height: page.height, transformOrigin: '0 0', transform: `scale(${camera.scale}) matrix(${a}, ${b}, ${c}, ${d}, ${e}, ${f})` }} />
        {taken.map((quad, index) => <Outline key={index} box={boxOf(quad)} />)}
        {(text ? linesOf(text) : []).map((line, index) => {
          const { x, y, width, height } = boxOf(line.quad);
          return (
            <button
              key={index}
              type="button"
              aria-label={`Make a field of: ${line.text}`}
              title={line.text}
              onClick={(event) => {
                // by keyboard there is no point: the end of the line, where values stand
                const frame = event.currentTarget.parentElement!.getBoundingClientRect();
                const box = boundsOf(line.quad);
                const point = event.detail > 0 ? viewToPage(camera, page, [event.clientX - frame.left, event.clientY - frame.top]) : endOf(line.quad);
                void pointAt([clamped(point[0], box.x, box.width), clamped(point[1], box.y, box.height)]);
              }}
              className="absolute top-0 left-0 rounded-sm hover:outline-1 hover:outline-accent-text focus-visible:outline-2 focus-visible:outline-accent-text"
              style={{ transform: `translate(${x}px, ${y}px)`, width, height }}
            />
          );
        })}
      </div>
    </figure>
  );
}

const clamped = (value: number, from: number, length: number): number => Math.min(Math.max(value, from + 1), from + length - 1);

function endOf([, topRight, bottomRight]: Quad): PagePoint {
  return [(topRight[0] + bottomRight[0]) / 2, (topRight[1] + bottomRight[1]) / 2];
}

function Outline({ box: { x, y, width, height } }: { box: Rect }) {
  return <span aria-hidden className="pointer-events-none absolute top-0 left-0 rounded-sm outline-2 outline-accent-text" style={{ transform: `translate(${x}px, ${y}px)`, width, height }} />;
}
