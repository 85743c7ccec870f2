// Where a character of the page before should stand on the page after: the map of the whole page, corrected by how far the text around
// it was shifted (an inserted line pushes down all that follows; paper is never quite flat). Knows no pixels.
import type { PageMatrix } from '@contract/compare.ts';
import type { Quad } from '@contract/geometry.ts';
import { project, projectQuad } from './matrix.ts';
import type { PageCharacters } from './page-characters.ts';

/** A matched character: its place on the page after, and how far that is from where the map alone puts it. */
interface Known {
  /** Where the map puts the character of the page before. */
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
}

const neighbours = 7;

export class PagePosition {
  readonly #matrix: PageMatrix;
  /** From the top down, so that only rows near a point are looked through. */
  readonly #known: readonly Known[];

  /** `match[i]` is the character of the page after that belongs to character `i` of the page before, or -1. */
  constructor(matrix: PageMatrix, before: PageCharacters, after: PageCharacters, match: Int32Array) {
    this.#matrix = matrix;
    const known: Known[] = [];
    const count = match.reduce((sum, at) => sum + (at >= 0 ? 1 : 0), 0), step = Math.max(1, Math.floor(count / 1500));
    let seen = 0;
    match.forEach((to, at) => {
      if (to < 0 || seen++ % step > 0) return;
      const character = before.characters[at]!, other = after.characters[to]!;
      const [x, y] = project(matrix, character.x, character.y);
      known.push({ x, y, dx: other.x - x, dy: other.y - y });
    });
    this.#known = known.sort((a, b) => a.y - b.y);
  }

  /** How far text around a point (already mapped) was shifted: the median of its nearest neighbours, those of its row first. */
  shiftAt(x: number, y: number): [number, number] {
    const known = this.#known;
    if (known.length === 0) return [0, 0];
    const near: { away: number; one: Known }[] = [];
    const take = (one: Known): void => {
      const away = ((one.x - x) * 0.3) ** 2 + (one.y - y) ** 2;
      if (near.length === neighbours && away >= near[neighbours - 1]!.away) return;
      let at = near.length;
      while (at > 0 && near[at - 1]!.away > away) at--;
      near.splice(at, 0, { away, one });
      if (near.length > neighbours) near.pop();
    };
    // Outwards from the point's own row, until whole rows are further away than what was found.
    let low = 0, high = known.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (known[middle]!.y < y) low = middle + 1;
      else high = middle;
    }
    for (let up = low - 1, down = low; up >= 0 || down < known.length; ) {
      const above = up >= 0 ? y - known[up]!.y : Infinity, below = down < known.length ? known[down]!.y - y : Infinity;
      if (near.length === neighbours && Math.min(above, below) ** 2 >= near[neighbours - 1]!.away) break;
      take(above < below ? known[up--]! : known[down++]!);
    }
    const middle = (pick: (one: Known) => number): number => near.map(({ one }) => pick(one)).sort((a, b) => a - b)[near.length >> 1]!;
    return [middle((one) => one.dx), middle((one) => one.dy)];
  }

  /** Where the map alone puts a point. */
  mapped(x: number, y: number): [number, number] {
    return project(this.#matrix, x, y);
  }

  /** Where a point of the page before lies on the page after. */
  place(x: number, y: number): [number, number] {
    const [u, v] = project(this.#matrix, x, y), [dx, dy] = this.shiftAt(u, v);
    return [u + dx, v + dy];
  }

  /** How far what stands around a point was shifted against the map. */
  shiftNear(x: number, y: number): [number, number] {
    return this.shiftAt(...this.mapped(x, y));
  }

  placeQuad(quad: Quad): Quad {
    const mapped = projectQuad(this.#matrix, quad);
    const [dx, dy] = this.shiftAt((mapped[0][0] + mapped[2][0]) / 2, (mapped[0][1] + mapped[2][1]) / 2);
    return mapped.map(([x, y]) => [x + dx, y + dy]) as Quad;
  }
}
