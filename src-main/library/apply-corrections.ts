// What a page says once it is corrected: a pure function of what was recognised and the steps taken since. Knows no database.
import type { Correction } from '@contract/correction.ts';
import { linesOf, type Line, type PageText, type Region } from '@contract/document.ts';
import { boundsOf } from '@contract/geometry.ts';
import { AppError } from '../base/errors.ts';
import { addFigure, deleteFigure, moveFigure, placeFigure } from './apply-figure.ts';
import { makeTable, setCell, shapeTable } from './apply-table.ts';
import { mergeLines, placed, quadAround, splitLine, withText } from './line-edits.ts';
import { cellsOf, exchanged, regionsOf, withLines, type Cell } from './region-lines.ts';

function addLines(regions: readonly Region[], after: number | null, lines: readonly Line[]): Region[] {
  const quad = quadAround(lines);
  const own: Region = { role: 'paragraph', quad, lines: [...lines] };
  if (after === null) return [own, ...regions];
  const cells = cellsOf(regions);
  const at = cells.indexOf(cells.filter(({ line }) => line)[after]!);
  const { of } = cells[at]!;
  const around = boundsOf(of.quad), { x, y, width, height } = boundsOf(quad);
  const [middleX, middleY] = [x + width / 2, y + height / 2];
  // Inside a paragraph the new lines are part of it; elsewhere they stand for themselves.
  const inside = middleX > around.x && middleX < around.x + around.width && middleY > around.y && middleY < around.y + around.height;
  const place = inside ? at + 1 : cells.findLastIndex((cell) => cell.of === of) + 1;
  return regionsOf([...cells.slice(0, place), ...lines.map((line) => ({ line, of: inside ? of : own })), ...cells.slice(place)]);
}

function moveLines(regions: readonly Region[], lines: readonly number[], before: number | null): Region[] {
  const cells = cellsOf(regions), withLine = cells.filter(({ line }) => line);
  const moved = lines.map((index) => withLine[index]!);
  const stays = cells.filter((cell) => !moved.includes(cell));
  // Before one that moves itself: before what follows it.
  const target = before === null ? null : cells.slice(cells.indexOf(withLine[before]!)).find((cell) => !moved.includes(cell));
  const place = target ? stays.indexOf(target) : stays.length;
  const neighbours = [stays[place - 1]?.of, stays[place]?.of];
  // Lines that leave their region take its role along.
  const own = new Map<Region, Region>();
  const homeOf = ({ of }: Cell): Region => {
    if (neighbours.includes(of) || !stays.some((cell) => cell.of === of)) return of;
    if (!own.has(of)) own.set(of, { role: of.role, quad: of.quad, lines: [] });
    return own.get(of)!;
  };
  return regionsOf([...stays.slice(0, place), ...moved.map((cell) => ({ ...cell, of: homeOf(cell) })), ...stays.slice(place)]);
}

function setRole(regions: readonly Region[], lines: readonly number[], role: Region['role']): Region[] {
  const chosen = new Set(lines);
  // Rows that were found apart are one table; paragraphs stay what they are.
  const joined: Region | null = role === 'table' ? { role, quad: regions[0]!.quad, lines: [] } : null;
  const own = new Map<Region, Region>();
  let index = 0;
  const cells = cellsOf(regions).map((cell): Cell => {
    if (!cell.line || !chosen.has(index++)) return cell;
    if (cell.of.role === role && !joined) return cell;
    if (!own.has(cell.of)) own.set(cell.of, joined ?? { role, quad: cell.of.quad, lines: [] });
    return { line: cell.line, of: own.get(cell.of)! };
  });
  return regionsOf(cells);
}

/** A figure stays when all its words are gone. */
function deleteLines(regions: readonly Region[], gone: ReadonlySet<Line>): Region[] {
  return regionsOf(cellsOf(regions).flatMap((cell): Cell[] => (!cell.line || !gone.has(cell.line) ? [cell] : cell.of.role === 'figure' ? [{ line: null, of: cell.of }] : [])));
}

function replaced(regions: readonly Region[], lines: readonly number[], by: readonly Line[]): Region[] {
  if (lines.length === by.length) return exchanged(regions, (line, index) => (lines.includes(index) ? by[lines.indexOf(index)]! : line));
  let index = 0;
  const cells = cellsOf(regions).flatMap((cell): Cell[] => {
    if (!cell.line) return [cell];
    const place = lines.indexOf(index++);
    if (place < 0) return [cell];
    return (place === lines.length - 1 ? by.slice(place) : by.slice(place, place + 1)).map((line) => ({ line, of: cell.of }));
  });
  return regionsOf(cells);
}

/** The page after one step. @throws request-invalid when the step names a line that is not there, or leaves nothing where text has to be */
export function applyCorrection(text: PageText, step: Correction): PageText {
  if (step.kind === 'read-again') return step.text;
  const { regions } = text;
  const lines = linesOf(text);
  const named = 'lines' in step ? step.lines : 'line' in step ? [step.line] : 'after' in step && step.after !== null ? [step.after] : [];
  const places = [...named, ...(step.kind === 'move' && step.before !== null ? [step.before] : [])];
  if (places.some((place) => place >= lines.length) || new Set(named).size < named.length) throw new AppError('request-invalid', { name: step.kind });
  const only = (index: number, change: (line: Line) => Line): Region[] => exchanged(regions, (line, at) => (at === index ? change(line) : line));
  const made = (): Region[] => {
    switch (step.kind) {
      case 'set-text': return only(step.line, (line) => withText(line, step.text));
      case 'place': return only(step.line, (line) => placed(line, step.quad)).map((region, at) => (region !== regions[at] && region.table?.grid ? withLines(region, region.lines) : region));
      case 'split': return replacedOne(regions, step.line, splitLine(lines[step.line]!, step.at));
      case 'merge': {
        const order = [...step.lines].sort((a, b) => a - b);
        return replaced(regions, order, [mergeLines(order.map((index) => lines[index]!))]);
      }
      case 'add': return addLines(regions, step.after, step.with);
      case 'delete': return deleteLines(regions, new Set(step.lines.map((index) => lines[index]!)));
      case 'set-role': return setRole(regions, step.lines, step.role);
      case 'move': return moveLines(regions, [...step.lines].sort((a, b) => a - b), step.before);
      case 'make-table': return makeTable(regions, step.lines);
      case 'shape-table': return shapeTable(regions, step);
      case 'set-cell': return setCell(regions, step);
      case 'add-figure': return addFigure(regions, step);
      case 'place-figure': return placeFigure(regions, step);
      case 'delete-figure': return deleteFigure(regions, step);
      case 'move-figure': return moveFigure(regions, step);
      case 'replace': return replaced(regions, [...step.lines].sort((a, b) => a - b), step.with);
    }
  };
  return { ...text, regions: made() };
}

const replacedOne = (regions: readonly Region[], index: number, by: readonly Line[]): Region[] => replaced(regions, [index], by);

export function applyCorrections(text: PageText, steps: readonly Correction[]): PageText {
  return steps.reduce(applyCorrection, text);
}
