// Compares the regions of a page with what its parts truly are: roles line by line, and which lines belong together. Works for lines that
// were recognised as well as for true ones: they are matched by where they stand.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Region, RegionRole } from '@contract/document.ts';
import { boundsOf, type Quad } from '@contract/geometry.ts';

/** Runs of lines that belong together, in the order of the ground truth; null where more than one answer is fair. */
type Runs = readonly (readonly [role: RegionRole | null, lines: number])[];

const roles = JSON.parse(readFileSync(resolve(import.meta.dirname, '../fixtures/pages/roles.json'), 'utf8')) as Record<string, Runs>;

export interface RoleScore {
  readonly lines: number;
  readonly right: number;
  /** Neighbouring lines that are rightly joined or parted, of all pairs of neighbours. */
  readonly pairs: number;
  readonly rightPairs: number;
  /** "role for truth: text" of every line with a wrong role. */
  readonly wrong: readonly string[];
}

/** `truth` are the true lines of the page called `page` in the fixtures. */
export function scoreRoles(page: string, truth: readonly { readonly text: string; readonly quad: Quad }[], regions: readonly Region[]): RoleScore {
  const wanted = roles[page]!.flatMap(([role, lines], run) => Array.from({ length: lines }, () => ({ role, run })));
  const found = truth.map(({ quad }) => {
    const { x, y, width, height } = boundsOf(quad);
    return regions.findIndex((region) => region.lines.some((line) => {
      const box = boundsOf(line.quad), middleX = box.x + box.width / 2, middleY = box.y + box.height / 2;
      return middleX > x - 2 && middleX < x + width + 2 && middleY > y - 2 && middleY < y + height + 2;
    }));
  });
  const wrong: string[] = [];
  let lines = 0, pairs = 0, rightPairs = 0;
  truth.forEach(({ text }, at) => {
    const want = wanted[at]!, next = wanted[at + 1];
    if (want.role === null || found[at] === -1) return;
    lines++;
    const role = regions[found[at]!]!.role;
    if (role !== want.role) wrong.push(`${role} for ${want.role}: ${text.slice(0, 40)}`);
    if (!next || next.role === null || found[at + 1] === -1) return;
    pairs++;
    if ((found[at] === found[at + 1]) === (want.run === next.run)) rightPairs++;
  });
  return { lines, right: lines - wrong.length, pairs, rightPairs, wrong };
}
