// Turns a page's text upright and brings places back to the page as it is stored. Quarter turns only; knows no pixels.
import type { PageMatrix } from '@contract/compare.ts';
import type { PageText } from '@contract/document.ts';
import type { Quad } from '@contract/geometry.ts';
import { projectQuad } from './matrix.ts';

/** Takes points of the stored page to the page turned by its `rotation`. */
export function uprightMatrix({ width, height, rotation }: Pick<PageText, 'width' | 'height' | 'rotation'>): PageMatrix {
  if (rotation === 90) return [0, -1, height, 1, 0, 0, 0, 0, 1];
  if (rotation === 180) return [-1, 0, width, 0, -1, height, 0, 0, 1];
  if (rotation === 270) return [0, 1, 0, -1, 0, width, 0, 0, 1];
  return [1, 0, 0, 0, 1, 0, 0, 0, 1];
}

export function uprightText(page: PageText): PageText {
  if (page.rotation === 0) return page;
  const matrix = uprightMatrix(page);
  const turn = (quad: Quad): Quad => projectQuad(matrix, quad);
  const swap = page.rotation !== 180;
  return {
    ...page, rotation: 0, width: swap ? page.height : page.width, height: swap ? page.width : page.height,
    regions: page.regions.map((region) => ({
      ...region, quad: turn(region.quad),
      lines: region.lines.map((line) => ({ ...line, quad: turn(line.quad), words: line.words.map((word) => ({ ...word, quad: turn(word.quad) })) })),
    })),
  };
}
