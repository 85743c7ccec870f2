// The lines of a page as readable, selectable text. Long pages are cut into blocks that the browser skips while they are out of view,
// and a block is drawn again only when something in it changed.
import { Fragment, memo, useEffect, useMemo, useRef, useState } from 'react';
import { GripVertical } from 'lucide-react';
import { joinOf, type PageLine, type PageRegion } from '../page/page-lines.ts';
import { breaksOf, type TableColumns } from '../page/table-columns.ts';
import { editLine, moveLines } from '../stores/correction-store.ts';
import { currentLines, hover, pick, useDesk } from '../stores/desk-store.ts';
import { useFind } from '../stores/find-store.ts';
import { useSettings } from '../stores/settings-store.ts';
import { useOpenLines, useOpenPage } from '../stores/use-open-page.ts';
import type { TableCell } from '@contract/table.ts';
import { classes } from '../ui/classes.ts';
import { Marked } from '../ui/marked.tsx';

/** What a dragged region carries: its number on the page. */
const regionDrag = 'application/x-lectern-region';
const linesPerBlock = 40;
/** Each block has its own columns: only the longest tables are cut. */
const cellsPerBlock = 400;
const lineHeightPixels = 24;

type Ranges = readonly (readonly [number, number])[];
interface BlockProps {
  lines: readonly PageLine[];
  /** Which lines of the block are selected, hovered, focused or hit, written as one text: blocks compare by it. */
  marks: string;
  lowConfidence: number;
  /** As running text: the lines of a paragraph one after another, not one below the other. */
  flowing: boolean;
  /** The block begins its region. */
  first: boolean;
  /** The block is a part of a table. */
  columns: TableColumns | null;
  /** Number of the region's first line on the page. */
  start: number;
}

const textId = (line: number): string => `text-line-${line}`;

export function TextLines() {
  const { lines, regions } = useOpenLines();
  const page = useOpenPage();
  const selected = useDesk((desk) => desk.selection.lines);
  const hovered = useDesk((desk) => desk.hovered);
  const reveal = useDesk((desk) => desk.revealInText);
  const hits = useFind((find) => find.hits);
  const at = useFind((find) => find.at);
  const lowConfidence = useSettings(({ settings }) => settings.lowConfidence);
  const scroller = useRef<HTMLDivElement>(null);

  const regionBlocks = useMemo(() => regions.map((region) => blocksOf(region, lines)), [lines, regions]);

  useEffect(() => {
    if (reveal === 0) return;
    const { focus } = useDesk.getState().selection;
    const element = focus && document.getElementById(textId(focus.line));
    element?.scrollIntoView({ block: 'nearest' });
  }, [reveal, lines]);

  useEffect(() => { scroller.current?.scrollTo({ top: 0 }); }, [page?.id]);

  const marked = useMemo(() => {
    const byLine = new Map<number, string>();
    const add = (line: number, mark: string): void => void byLine.set(line, (byLine.get(line) ?? '') + mark);
    for (const line of selected.keys()) add(line, 's');
    hits.forEach((hit, index) => { if (hit.pageId === page?.id) add(hit.lineIndex, index === at ? 'n' : 'f'); });
    if (hovered !== null) add(hovered, 'h');
    return byLine;
  }, [selected, hits, at, hovered, page?.id]);

  return (
    <div
      ref={scroller}
      tabIndex={0}
      role="group"
      aria-label="Text of the page"
      data-selectable
      onMouseLeave={() => hover(null)}
      className="focus-inside size-full cursor-text overflow-y-auto px-2 py-3 text-read break-words"
    >
      {regionBlocks.map((blocks) => {
        const drawn = blocks.map((block) => (
          <Block
            key={block.lines[0]!.index}
            {...block}
            marks={block.lines.map((line) => marked.get(line.index) ?? '').join(',')}
            lowConfidence={lowConfidence}
          />
        ));
        const { columns, start } = blocks[0]!;
        // All of a wide table moves sideways, and nothing else.
        return columns ? <div key={start} role="group" aria-label="Table" tabIndex={0} className="focus-inside -mx-1 overflow-x-auto px-1">{drawn}</div> : <Fragment key={start}>{drawn}</Fragment>;
      })}
    </div>
  );
}

type BlockLines = Pick<BlockProps, 'lines' | 'flowing' | 'first' | 'columns' | 'start'>;

function blocksOf({ first, end, flowing, columns }: PageRegion, lines: readonly PageLine[]): BlockLines[] {
  const blocks: BlockLines[] = [];
  const row = (line: number): number => columns?.cells.get(line - first)?.row ?? 0;
  for (let from = first; from < end; ) {
    let to = Math.min(end, from + (columns ? cellsPerBlock : linesPerBlock));
    // A row of a table stays whole.
    while (to < end && (columns ? row(to) <= row(to - 1) : lines[to]!.besideLast)) to++;
    blocks.push({ lines: lines.slice(from, to), flowing, first: from === first, columns, start: first });
    from = to;
  }
  return blocks;
}

const roleStyles: Partial<Record<PageLine['role'], string>> = {
  title: 'text-head font-semibold',
  heading: 'font-semibold',
  header: 'text-small text-muted',
  footer: 'text-small text-muted',
};

/** Sums stand at the right edge, as they do on paper. */
const amountPattern = /^[\p{Sc}\d\s.,+−%()-]+$/u;

/** Lines that stand beside each other, together; running text is one row. */
function rowsOf(lines: readonly PageLine[], flowing: boolean): PageLine[][] {
  if (flowing) return [[...lines]];
  const rows: PageLine[][] = [];
  for (const line of lines) {
    const last = rows.at(-1);
    if (line.besideLast && last) last.push(line);
    else rows.push([line]);
  }
  return rows;
}

const breakStyles = { nowhere: 'whitespace-nowrap', words: 'break-keep', anywhere: undefined } as const;

/** Of a part of a table, the lines of each cell. */
function cellsOf(lines: readonly PageLine[], { cells }: TableColumns, start: number): [TableCell, PageLine[]][] {
  const found = new Map<TableCell, PageLine[]>();
  for (const line of lines) {
    const cell = cells.get(line.index - start)!;
    found.set(cell, [...(found.get(cell) ?? []), line]);
  }
  return [...found];
}

const Block = memo(function Block({ lines, marks, lowConfidence, flowing, first, columns, start }: BlockProps) {
  const each = marks.split(',');
  const head = lines[0]!;
  const role = head.role;
  const cells = columns ? cellsOf(lines, columns, start) : [];
  const topRow = Math.min(...cells.map(([cell]) => cell.row));
  const line = (one: PageLine, place: number): React.ReactNode => (
    <Fragment key={one.index}>
      {flowing && place > 0 && joinOf(lines[place - 1]!.line.text, one.line.text)}
      <TextLine line={one} marks={each[one.index - head.index] ?? ''} doubtful={one.line.confidence < lowConfidence} flowing={flowing} alone={!flowing && !columns && !one.besideLast && !lines[one.index - head.index + 1]?.besideLast} amount={!flowing && !columns && place > 0 && !lines[one.index - head.index + 1]?.besideLast && one.apart && amountPattern.test(one.line.text)} />
    </Fragment>
  );
  const [drop, setDrop] = useState<'before' | 'after' | null>(null);
  const sideOf = (event: React.DragEvent): 'before' | 'after' => {
    const { top, height } = event.currentTarget.getBoundingClientRect();
    return event.clientY < top + height / 2 ? 'before' : 'after';
  };
  return (
    <div
      className={classes('group relative px-2 [content-visibility:auto]', columns && 'min-w-min', first && 'pt-1.5', role !== 'other' && roleStyles[role], drop === 'before' && 'shadow-[inset_0_2px_0_0_var(--accent-text)]', drop === 'after' && 'shadow-[inset_0_-2px_0_0_var(--accent-text)]')}
      style={{ containIntrinsicSize: `auto ${lines.length * lineHeightPixels}px` }}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(regionDrag)) return;
        event.preventDefault();
        event.stopPropagation();
        event.dataTransfer.dropEffect = 'move';
        setDrop(sideOf(event));
      }}
      onDragLeave={(event) => { if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setDrop(null); }}
      onDrop={(event) => {
        const dragged = event.dataTransfer.getData(regionDrag);
        if (dragged === '') return;
        event.preventDefault();
        event.stopPropagation();
        setDrop(null);
        moveRegion(Number(dragged), sideOf(event) === 'before' ? head.index : lines.at(-1)!.index + 1);
      }}
    >
      {first && (
        <span
          draggable
          aria-hidden
          title="Drag to change the reading order"
          data-drag-region={head.regionIndex}
          onDragStart={(event) => {
            event.dataTransfer.setData(regionDrag, String(head.regionIndex));
            event.dataTransfer.effectAllowed = 'move';
          }}
          className="absolute top-1.5 -left-1 flex h-6 w-3 cursor-grab items-center justify-center rounded text-faint opacity-0 group-hover:opacity-100 hover:bg-hover"
        >
          <GripVertical size={12} />
        </span>
      )}
      {columns ? (
        <div className="grid gap-x-3.5" style={{ gridTemplateColumns: columns.template, maxWidth: `${columns.widest}em` }}>
          {cells.map(([cell, inCell]) => (
            <div
              key={inCell[0]!.index}
              className={classes(breakStyles[breaksOf(inCell.map(({ line: { text } }) => text).join(' '))], columns.figures[cell.column] && cell.columnSpan === 1 && 'text-right tabular-nums')}
              style={{ gridColumn: `${cell.column + 1} / span ${cell.columnSpan}`, gridRow: `${cell.row - topRow + 1} / span ${cell.rowSpan}` }}
            >
              {inCell.map(line)}
            </div>
          ))}
        </div>
      ) : rowsOf(lines, flowing).map((row) =>
        flowing ? row.map(line)
        : row.length === 1 ? line(row[0]!, 0)
        : <div key={row[0]!.index} className="flex flex-wrap gap-x-4">{row.map(line)}</div>)}
    </div>
  );
});

interface TextLineProps {
  line: PageLine;
  marks: string;
  doubtful: boolean;
  flowing: boolean;
  /** Nothing stands beside it. */
  alone: boolean;
  /** A sum at the end of its row. */
  amount: boolean;
}

/** The whole region goes before the line of this index; past the last line, to the end. */
function moveRegion(regionIndex: number, before: number): void {
  const { lines } = currentLines();
  const moved = lines.filter((one) => one.regionIndex === regionIndex).map((one) => one.index);
  const first = moved[0], last = moved.at(-1);
  if (first === undefined || last === undefined || (before >= first && before <= last + 1)) return;
  void moveLines(moved, before < lines.length ? before : null);
}

const TextLine = memo(function TextLine({ line: { index, line }, marks, doubtful, flowing, alone, amount }: TextLineProps) {
  const click = (event: React.MouseEvent): void => {
    // A drag that marked text is a selection of text, not a click on a line.
    if (window.getSelection()?.isCollapsed === false) return;
    pick({ line: index }, event.shiftKey ? 'extend' : event.ctrlKey || event.metaKey ? 'toggle' : 'only', 'text');
  };
  const hit = marks.includes('f') || marks.includes('n');
  const selected = marks.includes('s');
  const Element = flowing ? 'span' : 'p';
  return (
    <Element
      id={textId(index)}
      data-line={index}
      lang={languages[line.script]}
      title={doubtful ? `Uncertain: ${Math.round(line.confidence * 100)} %` : undefined}
      onClick={click}
      onDoubleClick={(event) => { if (event.altKey) return; window.getSelection()?.removeAllRanges(); editLine(index); }}
      onMouseEnter={() => hover(index)}
      className={classes(
        'rounded-[3px]',
        flowing ? 'box-decoration-clone py-0.5' : '-mx-2 px-2',
        selected ? 'bg-accent-soft' : marks.includes('h') && 'bg-hover',
        amount && 'ml-auto tabular-nums',
        selected && alone && 'shadow-[inset_2px_0_0_0_var(--accent-text)]',
        doubtful && 'underline decoration-warn decoration-dotted decoration-1 underline-offset-4',
      )}
    >
      {hit ? <HitText text={line.text} lineIndex={index} current={marks.includes('n')} /> : line.text}
    </Element>
  );
});

/** The browser chooses the right shapes of shared ideographs by language. */
const languages = { latin: undefined, chinese: 'zh', japanese: 'ja', korean: 'ko' } as const;

const noRanges: Ranges = [];
function HitText({ text, lineIndex, current }: { text: string; lineIndex: number; current: boolean }) {
  const pageId = useOpenPage()?.id;
  const ranges = useFind((find) => find.hits.find((hit) => hit.pageId === pageId && hit.lineIndex === lineIndex)?.ranges ?? noRanges);
  return <Marked text={text} ranges={ranges} current={current} />;
}
