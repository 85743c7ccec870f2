// Cuts a page into overlapping parts, so that each can be sent at a size at which its smallest text stays readable. Pure.
import type { Rect } from '@contract/geometry.ts';

/** Height in sent pixels at which small text is read well. */
const wantedText = 14;
/** What a text of this many page pixels is taken to be where nothing was recognised. */
const unknownText = 14;
/** More would fill the context of a usual model with pictures alone. */
const mostTiles = 6;
/** Share of a tile that the next one shows again: a line must be whole in one of them. */
const overlap = 0.08;
const clearlySmaller = 0.95;

/**
 * Parts of the page in reading order; one that is the whole page when nothing is gained by cutting.
 * @param picturePixels most pixels of one picture as it is sent
 */
export function pageTiles(page: { width: number; height: number }, smallestText: number | null, picturePixels: number): Rect[] {
  const { width, height } = page;
  const scale = Math.min(1, wantedText / (smallestText ?? unknownText));
  const pixelsPerTile = picturePixels / scale ** 2;
  let best = { columns: 1, rows: 1, largest: width * height };
  for (let columns = 1; columns <= mostTiles; columns++) {
    for (let rows = 1; columns * rows <= mostTiles; rows++) {
      const largest = tileSide(width, columns) * tileSide(height, rows);
      const isEnough = largest <= pixelsPerTile;
      const wasEnough = best.largest <= pixelsPerTile;
      const fewer = columns * rows < best.columns * best.rows;
      // The fewest that are enough; while none is, the smallest. Lines are cut last: rows rather than columns that are hardly smaller.
      if (isEnough && wasEnough ? fewer : largest < best.largest * clearlySmaller && !wasEnough) best = { columns, rows, largest };
    }
  }
  const tiles: Rect[] = [];
  for (const y of starts(height, best.rows)) for (const x of starts(width, best.columns)) tiles.push({ x, y, width: tileSide(width, best.columns), height: tileSide(height, best.rows) });
  return tiles;
}

const tileSide = (length: number, count: number): number => Math.ceil(length / (count - (count - 1) * overlap));

function starts(length: number, count: number): number[] {
  const side = tileSide(length, count);
  return Array.from({ length: count }, (_, at) => (count === 1 ? 0 : Math.round((at * (length - side)) / (count - 1))));
}
