// Lines with their boxes and sizes, as the layout wants them.
import type { Line } from '@contract/document.ts';
import { textSize } from '../../src-main/layout/text-size.ts';
import type { Box } from '../../src-main/ocr/reading-order.ts';
import type { Drawn, PlacedLine } from '../../src-main/ocr/regions.ts';

export const placedLines = (lines: readonly Line[], boxes: readonly Box[]): PlacedLine[] =>
  lines.map((line, at) => ({ line, box: boxes[at]!, size: textSize(line.text, boxes[at]!.right - boxes[at]!.left, boxes[at]!.bottom - boxes[at]!.top) }));

export const nothingDrawn: Drawn = { grids: [], middleOf: ([[x, y]]) => [x, y], figures: [] };
