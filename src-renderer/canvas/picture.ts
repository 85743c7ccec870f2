// A page's picture as bitmaps of halving size, so that a page of any size draws quickly and without shimmer at any zoom. Knows no boxes.
import type { Matrix, Size } from '../page/view-transform.ts';

export interface Picture {
  pageId: string;
  /** Largest first; each further one is half as wide. */
  levels: readonly ImageBitmap[];
  close(): void;
}

const smallestLevel = 512;

/** Loads and decodes off the main thread; `onLevel` is called whenever a further level is ready to draw. */
export async function loadPicture(pageId: string, source: string, signal: AbortSignal, onLevel: () => void): Promise<Picture> {
  const image = new Image();
  image.decoding = 'async';
  image.src = source;
  await image.decode();
  signal.throwIfAborted();
  const levels: ImageBitmap[] = [await createImageBitmap(image)];
  const picture: Picture = { pageId, levels, close: () => levels.forEach((level) => level.close()) };
  if (signal.aborted) picture.close();
  signal.throwIfAborted();
  void addLevels(levels, signal, onLevel);
  return picture;
}

async function addLevels(levels: ImageBitmap[], signal: AbortSignal, onLevel: () => void): Promise<void> {
  for (;;) {
    const last = levels.at(-1)!;
    if (Math.max(last.width, last.height) <= smallestLevel || signal.aborted) return;
    try {
      const half = await createImageBitmap(last, { resizeWidth: Math.max(1, Math.round(last.width / 2)), resizeHeight: Math.max(1, Math.round(last.height / 2)), resizeQuality: 'high' });
      if (signal.aborted) return half.close();
      levels.push(half);
      onLevel();
    } catch {
      return; // closed meanwhile
    }
  }
}

/** Draws the page upright through `matrix` (page pixels → view pixels) onto a context whose unit is a device pixel. */
export function paintPicture(context: CanvasRenderingContext2D, picture: Picture | null, page: Size, matrix: Matrix, deviceRatio: number, colors: { paper: string; edge: string; shadow: string }): void {
  const { canvas } = context;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  paintPaper(context, page, matrix, deviceRatio, colors);
  if (!picture) return;
  const scale = Math.hypot(matrix[0], matrix[1]) * deviceRatio;
  const wanted = page.width * scale;
  const level = picture.levels.findLast((one) => one.width >= wanted) ?? picture.levels[0]!;
  const [a, b, c, d, e, f] = matrix;
  const across = page.width / level.width;
  const down = page.height / level.height;
  context.setTransform(a * across * deviceRatio, b * across * deviceRatio, c * down * deviceRatio, d * down * deviceRatio, e * deviceRatio, f * deviceRatio);
  // From 4:1 on, single pixels are what one wants to see.
  context.imageSmoothingEnabled = wanted < picture.levels[0]!.width * 4;
  context.imageSmoothingQuality = 'medium';
  context.drawImage(level, 0, 0);
}

/** The sheet itself: seen before its picture is there, through transparent pictures, and as the page's edge. */
function paintPaper(context: CanvasRenderingContext2D, page: Size, [a, b, c, d, e, f]: Matrix, ratio: number, colors: { paper: string; edge: string; shadow: string }): void {
  const x2 = a * page.width + c * page.height + e;
  const y2 = b * page.width + d * page.height + f;
  const left = Math.round(Math.min(e, x2) * ratio);
  const top = Math.round(Math.min(f, y2) * ratio);
  const width = Math.round(Math.abs(x2 - e) * ratio);
  const height = Math.round(Math.abs(y2 - f) * ratio);
  context.strokeStyle = colors.shadow;
  context.lineWidth = 2 * ratio;
  for (let spread = 1; spread <= 6; spread++) {
    context.globalAlpha = (7 - spread) / 7;
    context.strokeRect(left - spread * ratio, top - (spread - 2) * ratio, width + 2 * spread * ratio, height + 2 * spread * ratio);
  }
  context.globalAlpha = 1;
  context.fillStyle = colors.paper;
  // Not rounded: its edge must lie exactly under the picture's, or it would look out.
  context.fillRect(Math.min(e, x2) * ratio, Math.min(f, y2) * ratio, Math.abs(x2 - e) * ratio, Math.abs(y2 - f) * ratio);
  context.strokeStyle = colors.edge;
  context.lineWidth = ratio;
  context.strokeRect(left - ratio / 2, top - ratio / 2, width + ratio, height + ratio);
}
