// Ruling lines and merged cells as a person changes them. The bugs: a merged cell swallows the wrong row after one was added or taken away;
// a dragged outer line moves all others; Tab gets stuck on a merged cell.
import { describe, expect, test } from 'vitest';
import type { CellSpan, ShownTable } from '@contract/table.ts';
import { addRuling, cellName, draggedEdges, mergeCells, moveCell, moveRuling, nextCell, rangeOf, removeRuling, rulingOfBand, shapeOf, shareForRuling, splitCell, type TableShape } from '../../../src-renderer/page/table-shape.ts';

const grid = { quad: [[100, 100], [500, 100], [500, 300], [100, 300]] as [[number, number], [number, number], [number, number], [number, number]], rows: [0, 0.25, 0.5, 0.75, 1], columns: [0, 0.5, 1] };
const shape = (...merged: CellSpan[]): TableShape => ({ grid, merged });
const span = (row: number, column: number, rowSpan: number, columnSpan: number): CellSpan => ({ row, column, rowSpan, columnSpan });
/** Cells with one line of text each, in the middle of their band. */
const shown = (merged: readonly CellSpan[] = []): ShownTable => ({
  region: 0, grid,
  cells: grid.rows.slice(0, -1).flatMap((top, row) => grid.columns.slice(0, -1).flatMap((left, column) => {
    const over = merged.find((one) => row >= one.row && row < one.row + one.rowSpan && column >= one.column && column < one.column + one.columnSpan);
    if (over && (over.row !== row || over.column !== column)) return [];
    return [{ ...(over ?? span(row, column, 1, 1)), text: 'x', confidence: 1, boxes: [[left + 0.1, top + 0.05, left + 0.3, top + 0.15]] as [number, number, number, number][] }];
  })),
});

describe('merged cells and ruling lines', () => {
  const tall = span(1, 0, 2, 1), low = span(3, 0, 1, 2);

  test('a line added inside a merged cell stretches it, one above it moves it', () => {
    expect(addRuling(shape(tall, low), 'rows', 0.6)).toMatchObject({ merged: [span(1, 0, 3, 1), span(4, 0, 1, 2)], grid: { rows: [0, 0.25, 0.5, 0.6, 0.75, 1] } });
    expect(addRuling(shape(tall), 'rows', 0.1).merged).toEqual([span(2, 0, 2, 1)]);
    expect(addRuling(shape(tall), 'columns', 0.7).merged).toEqual([tall]);
  });

  test('a line added behind the last one makes the table larger', () => {
    const { grid: grown, merged } = addRuling(shape(low), 'rows', 1.25);
    expect(merged).toEqual([low]);
    expect(grown.quad).toEqual([[100, 100], [500, 100], [500, 350], [100, 350]]);
    expect(grown.rows).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  });

  test('a line taken away joins its neighbours, and a cell that was merged over it is one less', () => {
    expect(removeRuling(shape(tall, low), 'rows', 2).merged).toEqual([span(2, 0, 1, 2)]);
    expect(removeRuling(shape(tall, low), 'rows', 1).merged).toEqual([span(0, 0, 2, 1), span(2, 0, 1, 2)]);
    expect([rulingOfBand(0), rulingOfBand(2)]).toEqual([1, 2]);
  });

  test('an outer line takes the table along and leaves the others where they are', () => {
    const { grid: wide } = moveRuling(shape(), 'columns', 2, 1.5);
    expect(wide.quad).toEqual([[100, 100], [700, 100], [700, 300], [100, 300]]);
    expect(wide.columns[1]! * 600).toBeCloseTo(200);
    expect(draggedEdges(grid.columns, 1, 3)[1]).toBeLessThan(1);
  });

  test('cells are merged with what they touch, and split again', () => {
    expect(rangeOf(shown([tall]).cells, { row: 2, column: 0 }, { row: 2, column: 1 })).toEqual(span(1, 0, 2, 2));
    const merged = mergeCells(shape(tall), span(1, 0, 2, 2));
    expect(merged.merged).toEqual([span(1, 0, 2, 2)]);
    expect(splitCell(merged, { row: 2, column: 1 }).merged).toEqual([]);
    expect(shapeOf(shown([tall])).merged).toEqual([tall]);
  });
});

test('a missing line goes into the widest gap between texts, else behind them', () => {
  const table = shown();
  table.cells[0]!.boxes.push([0.1, 0.2, 0.3, 0.24]);
  expect(shareForRuling(table, 'rows', 0)).toBeCloseTo(0.175);
  expect(shareForRuling(table, 'rows', 1)).toBeCloseTo(0.45);
  expect(shareForRuling(table, 'rows', 3)).toBeCloseTo(1.25);
});

test('keys go from cell to cell, over merged ones in one step', () => {
  const table = shown([span(1, 0, 2, 1)]);
  expect(moveCell(table, { row: 0, column: 0 }, 'down')).toEqual({ row: 1, column: 0 });
  expect(moveCell(table, { row: 1, column: 0 }, 'down')).toEqual({ row: 3, column: 0 });
  expect(moveCell(table, { row: 3, column: 1 }, 'down')).toEqual({ row: 3, column: 1 });
  const order: string[] = [];
  for (let at: { row: number; column: number } | null = { row: 0, column: 0 }; at; at = nextCell(table.cells, at, 1)) order.push(cellName(at));
  expect(order).toEqual(['A1', 'B1', 'A2', 'B2', 'B3', 'A4', 'B4']);
  expect(cellName({ row: 9, column: 27 })).toBe('AB10');
});
