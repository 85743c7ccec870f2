// Copies the picture of what is selected, or of the whole page, upright as the window shows it. Knows no boxes but their bounds.
import { boundsOf, type Rect } from '@contract/geometry.ts';
import type { Page } from '@contract/document.ts';
import { isEmpty, selectedLines } from '../page/selection.ts';
import { currentLines, currentPage, useDesk } from './desk-store.ts';
import { notify } from './notice-store.ts';

/** Left around the selected lines, as a share of their height. */
const margin = 0.15;

function selectedRect(page: Page): { rect: Rect; whole: boolean } {
  const { selection } = useDesk.getState();
  const all = { rect: { x: 0, y: 0, width: page.width, height: page.height }, whole: true };
  if (isEmpty(selection)) return all;
  const { lines } = currentLines();
  const quads = selectedLines(selection).flatMap((index) => lines[index]?.line.quad ?? []);
  if (quads.length === 0) return all;
  const { x, y, width, height } = boundsOf(quads);
  const room = Math.min(width, height) * margin;
  const left = Math.max(0, x - room), top = Math.max(0, y - room);
  return { rect: { x: left, y: top, width: Math.min(page.width, x + width + room) - left, height: Math.min(page.height, y + height + room) - top }, whole: false };
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
  const { rect, whole } = selectedRect(page);
  try {
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': cut(page, rect) })]);
    notify(whole ? 'The picture of the page was copied.' : 'The picture of the selection was copied.', { tone: 'good' });
  } catch {
    notify('The picture could not be copied. Try again with the window in front.', { tone: 'bad' });
  }
}
