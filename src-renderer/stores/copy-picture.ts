// The picture of what is selected, or of the whole page, upright as the window shows it: copied, saved, dragged out.
import { boundsOf, type Quad, type Rect } from '@contract/geometry.ts';
import type { Page } from '@contract/document.ts';
import { request } from '../api.ts';
import { selectedLines } from '../page/selection.ts';
import { currentLines, currentPage, selectedFigure, useDesk } from './desk-store.ts';
import { notify } from './notice-store.ts';
import { reportFailure } from './report-failure.ts';

/** Left around the selected lines, as a share of their height. */
const margin = 0.15;

interface Part {
  quad: Quad;
  /** What it is called. */
  what: 'page' | 'selection' | 'figure';
}

/** What is meant by a picture now: the selected figure, the selected lines, or the page. */
function chosenPart(page: Page): Part {
  const figure = selectedFigure();
  if (figure) return { quad: figure.quad, what: 'figure' };
  const of = (left: number, top: number, right: number, bottom: number): Quad => [[left, top], [right, top], [right, bottom], [left, bottom]];
  const { selection } = useDesk.getState();
  const { lines } = currentLines();
  const quads = selectedLines(selection).flatMap((index) => lines[index]?.line.quad ?? []);
  if (quads.length === 0) return { quad: of(0, 0, page.width, page.height), what: 'page' };
  const { x, y, width, height } = boundsOf(quads);
  const room = Math.min(width, height) * margin;
  return { quad: of(Math.max(0, x - room), Math.max(0, y - room), Math.min(page.width, x + width + room), Math.min(page.height, y + height + room)), what: 'selection' };
}

async function cut(page: Page, rect: Rect): Promise<Blob> {
  const image = new Image();
  // Else the canvas would not give its pixels away.
  image.crossOrigin = 'anonymous';
  image.src = `page://${page.id}/image`;
  await image.decode();
  // What the window shows of a very large page is smaller than the page.
  const scale = image.naturalWidth / page.width;
  const width = Math.max(1, Math.round(rect.width * scale)), height = Math.max(1, Math.round(rect.height * scale));
  const isTurned = page.rotation % 180 !== 0;
  const canvas = new OffscreenCanvas(isTurned ? height : width, isTurned ? width : height);
  const context = canvas.getContext('2d')!;
  context.translate(canvas.width / 2, canvas.height / 2);
  context.rotate((page.rotation * Math.PI) / 180);
  context.drawImage(image, rect.x * scale, rect.y * scale, width, height, -width / 2, -height / 2, width, height);
  return canvas.convertToBlob({ type: 'image/png' });
}

export async function copyPicture(): Promise<void> {
  const page = currentPage();
  if (!page) return;
  const { quad, what } = chosenPart(page);
  try {
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': cut(page, boundsOf(quad)) })]);
    notify(`The picture of the ${what} was copied.`, { tone: 'good' });
  } catch {
    notify('The picture could not be copied. Try again with the window in front.', { tone: 'bad' });
  }
}

/** Writes it to a file, in all the pixels that the page has. */
export async function savePicture(): Promise<void> {
  const page = currentPage();
  if (!page) return;
  try {
    const saved = await request('document.save-picture', { pageId: page.id, ...chosenPart(page) });
    if (!saved) return;
    notify(`Saved as “${saved.file.split(/[\\/]/).at(-1)!}”.`, { tone: 'good', action: { label: 'Show in folder', run: () => void request('document.show-exported', saved).catch(reportFailure) } });
  } catch (failure) {
    reportFailure(failure);
  }
}

/** The pointer carries the selected figure out of the window, as a picture. */
export async function dragPicture(): Promise<void> {
  const page = currentPage();
  if (page) await request('document.drag-picture', { pageId: page.id, ...chosenPart(page) }).catch(reportFailure);
}
