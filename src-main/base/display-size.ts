// How large a page's pictures are drawn for the window. Knows no file and no picture.

/** Long side of the small picture of a page. */
export const thumbnailSide = 320;

/** What a browser draws without effort. The side is also the longest that WebP can have. */
const displayPixels = 40e6, displaySide = 16_000;

/** The long side to which a page of this size is reduced for display; its own when it is small enough. */
export function displayLongSide(width: number, height: number): number {
  const scale = Math.min(1, displaySide / Math.max(width, height), Math.sqrt(displayPixels / (width * height)));
  return Math.floor(Math.max(width, height) * scale);
}

/** The long side of a picture cut out of a page for a report or a document, where it is shown small. */
export const cutOutSide = 1200;
