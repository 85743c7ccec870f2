// The steps that correct figures: drawn, moved, resized, put elsewhere in reading order, or said to be none. Pure.
import type { Correction } from '@contract/correction.ts';
import { linesOf, type Line, type Region } from '@contract/document.ts';
import type { Quad } from '@contract/geometry.ts';
import { placeIn } from '@contract/table.ts';
import { AppError } from '../base/errors.ts';
import { quadAround } from './line-edits.ts';
import { cellsOf, regionsOf } from './region-lines.ts';

type Step<K extends Correction['kind']> = Extract<Correction, { kind: K }>;

function figureRegion(regions: readonly Region[], index: number, kind: string): Region {
  const region = regions[index];
  if (region?.role !== 'figure') throw new AppError('request-invalid', { name: kind });
  return region;
}

/** Lines that a figure takes in leave their regions. Tables and other figures keep theirs. */
function withoutLines(region: Region, taken: ReadonlySet<Line>): Region[] {
  return region.lines.some((line) => taken.has(line)) ? regionsOf(cellsOf([region]).filter(({ line }) => !line || !taken.has(line))) : [region];
}

/** Whether the middle of a line lies in a box. */
function inside(quad: Quad): (line: Line) => boolean {
  const place = placeIn(quad);
  return ({ quad: [a, , c] }) => place([(a[0] + c[0]) / 2, (a[1] + c[1]) / 2]).every((share) => share >= 0 && share <= 1);
}

const paragraphOf = (lines: Line[]): Region[] => (lines.length === 0 ? [] : [{ role: 'paragraph', quad: quadAround(lines), lines }]);

/** Lines of running text that lie in a box. */
function looseLinesIn(regions: readonly Region[], quad: Quad): Line[] {
  return regions.flatMap((region) => (region.role === 'table' || region.role === 'figure' ? [] : region.lines.filter(inside(quad))));
}

export function addFigure(regions: readonly Region[], { quad, after }: Step<'add-figure'>): Region[] {
  const lines = looseLinesIn(regions, quad);
  const taken = new Set(lines);
  const own: Region = { role: 'figure', quad, lines };
  const anchor = after === null ? undefined : linesOf({ regions })[after];
  const before = regions.findIndex((region) => (anchor ? region.lines.includes(anchor) : false));
  // Where the first of its words stood; without any, after the region before it.
  const place = lines[0] ? regions.findIndex((region) => region.lines.includes(lines[0]!)) : before + 1;
  return [...regions.slice(0, place), own, ...regions.slice(place)].flatMap((region) => (region === own ? [region] : withoutLines(region, taken)));
}

/** @throws request-invalid when there is no such figure */
export function placeFigure(regions: readonly Region[], { kind, region: index, quad }: Step<'place-figure'>): Region[] {
  const before = figureRegion(regions, index, kind);
  const kept = before.lines.filter(inside(quad)), left = before.lines.filter((line) => !kept.includes(line));
  const added = looseLinesIn(regions, quad);
  const taken = new Set(added);
  return regions.flatMap((region) => (region === before ? [{ ...before, quad, lines: [...kept, ...added] }, ...paragraphOf(left)] : withoutLines(region, taken)));
}

/** @throws request-invalid when there is no such figure */
export function deleteFigure(regions: readonly Region[], { kind, region: index }: Step<'delete-figure'>): Region[] {
  const before = figureRegion(regions, index, kind);
  return regions.flatMap((region) => (region === before ? paragraphOf(before.lines) : [region]));
}

/** @throws request-invalid when there is no such figure, or no such place */
export function moveFigure(regions: readonly Region[], { kind, region: index, to }: Step<'move-figure'>): Region[] {
  const moved = figureRegion(regions, index, kind);
  if (to >= regions.length) throw new AppError('request-invalid', { name: kind });
  const others = regions.filter((region) => region !== moved);
  return [...others.slice(0, to), moved, ...others.slice(to)];
}
