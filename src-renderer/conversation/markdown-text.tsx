// An answer's Markdown as elements of the window: tables, code, formulas, phrases that point at the page. What could leave the window
// or reach into it does not come through: no markup of the answer's own, no picture, no address that opens.
import { memo, use, useMemo, type ReactNode } from 'react';
import { Copy } from 'lucide-react';
import Markdown, { type Components, type Options } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import remarkMath from 'remark-math';
import { toClipboard } from '../stores/page-actions.ts';
import { IconButton } from '../ui/button.tsx';
import { Formula } from './formula.tsx';
import { markAttribute, markRanges, pieceAttribute, type MarkedRange } from './mark-ranges.ts';
import { markdownBlocks } from './markdown-blocks.ts';
import { normaliseMath } from './math-delimiters.ts';
import { PhraseContext, type RenderPhrase } from './phrase-context.ts';
import { pressable } from './pressable.ts';
import { csvOf } from './table-csv.ts';

export interface MarkdownTextProps {
  text: string;
  marks: readonly MarkedRange[];
  phrase: RenderPhrase;
  /** The text is still being written: its last piece changes with every word, so it is not kept. */
  growing?: boolean;
}

const MarkdownText = memo(function MarkdownText({ text, marks, phrase, growing = false }: MarkdownTextProps) {
  const pieces = useMemo(() => piecesOf(text, marks), [text, marks]);
  // A model that repeats one character without end would make the parser try every pairing of them.
  if (endless.test(text)) return <p className="break-all whitespace-pre-wrap">{text}</p>;
  return (
    <PhraseContext value={phrase}>
      {pieces.map(({ source, marks: inside }, at) => <Piece key={at} source={source} marks={inside} kept={!growing || at < pieces.length - 1} />)}
    </PhraseContext>
  );
});
export default MarkdownText;

interface MarkdownPiece { source: string; marks: readonly MarkedRange[] }

/** The text cut where that changes nothing, each piece with its own marks; a mark that reaches over a cut undoes it. */
function piecesOf(text: string, marks: readonly MarkedRange[]): MarkdownPiece[] {
  const cuts = markdownBlocks(text).map(([start]) => start).filter((cut) => !marks.some(({ start, end }) => start < cut && cut < end));
  return cuts.map((start, at) => {
    const end = cuts[at + 1] ?? text.length;
    return { source: text.slice(start, end), marks: marks.filter((one) => one.start >= start && one.start < end).map((one) => ({ ...one, start: one.start - start, end: one.end - start })) };
  });
}

const sameMarks = (a: readonly MarkedRange[], b: readonly MarkedRange[]): boolean => a.length === b.length && a.every((one, at) => one.id === b[at]!.id && one.start === b[at]!.start && one.end === b[at]!.end);

const Piece = memo(
  function Piece({ source, marks, kept }: MarkdownPiece & { kept: boolean }) {
    return kept ? keptElements(source, marks) : elementsOf(source, marks);
  },
  (before, now) => before.source === now.source && sameMarks(before.marks, now.marks),
);

/** Pieces that were read last, as elements: a message that is scrolled back into view is not read again. Oldest first. */
const cache = new Map<string, ReactNode>();
const mostCharacters = 2_000_000;
let cachedCharacters = 0;

function keptElements(source: string, marks: readonly MarkedRange[]): ReactNode {
  const key = marks.length === 0 ? source : `${marks.map(({ id, start, end }) => `${id} ${start} ${end}`).join(',')}\0${source}`;
  const known = cache.get(key);
  if (known !== undefined) {
    cache.delete(key);
    cache.set(key, known);
    return known;
  }
  const made = elementsOf(source, marks);
  cache.set(key, made);
  cachedCharacters += key.length;
  for (const oldest of cache.keys()) {
    if (cachedCharacters <= mostCharacters || oldest === key) break;
    cache.delete(oldest);
    cachedCharacters -= oldest.length;
  }
  return made;
}

function elementsOf(source: string, marks: readonly MarkedRange[]): ReactNode {
  const { text, at } = normaliseMath(source);
  const moved = marks.map(({ id, start, end }) => ({ id, start: at(start), end: at(end) }));
  const remarkPlugins = [remarkGfm, [remarkMath, { singleDollarTextMath: false }], [() => markRanges(moved)]] as Options['remarkPlugins'];
  // A plain function from text to elements: called here, so that what it gives can be kept.
  return Markdown({ children: text, remarkPlugins, components });
}

function Marked({ id, piece, children }: { id: number; piece: string; children: ReactNode }) {
  const phrase = use(PhraseContext);
  return <>{phrase(id, { first: piece.includes('first'), last: piece.includes('last') }, children)}</>;
}

const endless = /([^\s\w])\1{399}/;

const components: Components = {
  mark: ({ node, children }) => <Marked id={Number(node?.properties[markAttribute])} piece={String(node?.properties[pieceAttribute])}>{children}</Marked>,
  p: ({ children }) => <p className="my-2 break-words whitespace-pre-wrap first:mt-0 last:mb-0">{children}</p>,
  h1: ({ children }) => <h3 className="mt-4 mb-1.5 text-head font-semibold first:mt-0">{children}</h3>,
  h2: ({ children }) => <h3 className="mt-4 mb-1.5 text-head font-semibold first:mt-0">{children}</h3>,
  h3: ({ children }) => <h4 className="mt-3 mb-1 font-semibold first:mt-0">{children}</h4>,
  h4: ({ children }) => <h5 className="mt-3 mb-1 font-semibold first:mt-0">{children}</h5>,
  h5: ({ children }) => <h5 className="mt-3 mb-1 font-semibold first:mt-0">{children}</h5>,
  h6: ({ children }) => <h5 className="mt-3 mb-1 font-semibold first:mt-0">{children}</h5>,
  ul: ({ children, className }) => <ul className={className?.includes('contains-task-list') ? 'my-2 pl-1' : 'my-2 list-disc pl-5'}>{children}</ul>,
  ol: ({ children, start }) => <ol start={start} className="my-2 list-decimal pl-6">{children}</ol>,
  li: ({ children }) => <li className="my-0.5 break-words">{children}</li>,
  blockquote: ({ children }) => <blockquote className="my-2 border-l-2 border-edge-strong pl-3 text-muted">{children}</blockquote>,
  hr: () => <hr className="my-3 border-edge" />,
  strong: ({ children }) => <strong className="font-semibold">{children}</strong>,
  // An address is shown and can be copied; it opens nothing.
  a: ({ children, href }) => <Address address={href ?? ''}>{children}</Address>,
  img: ({ alt, src }) => <span className="rounded border border-edge px-1 text-small text-faint" title={typeof src === 'string' ? src.slice(0, 200) : undefined}>picture{alt ? `: ${alt}` : ''}</span>,
  input: ({ checked }) => <input type="checkbox" checked={checked ?? false} readOnly tabIndex={-1} aria-hidden className="mr-1.5 align-middle" />,
  pre: ({ children, node }) => (isFormula(node?.children[0]) ? children : <CodeBlock>{children}</CodeBlock>),
  code: ({ children, className, node }) => isFormula(node) ? <Formula tex={texOf(node)} display={className?.includes('math-display') ?? false} /> : <code className={className?.startsWith('language-') ? undefined : 'rounded bg-pressed px-1 py-px font-mono text-[0.92em] break-words'}>{children}</code>,
  table: ({ children }) => <Table>{children}</Table>,
  th: ({ children, style }) => <th style={style} className="border-b border-edge-strong px-2.5 py-1.5 text-left align-bottom font-semibold">{children}</th>,
  td: ({ children, style }) => <td style={style} className="border-b border-edge px-2.5 py-1.5 align-top tabular-nums">{children}</td>,
};

/** The parser hands formulas on as code of this class. */
function isFormula(node: unknown): boolean {
  const names = (node as { properties?: { className?: unknown } } | undefined)?.properties?.className;
  return Array.isArray(names) && names.includes('language-math');
}

function texOf(node: unknown): string {
  const [first] = (node as { children?: readonly { value?: unknown }[] } | undefined)?.children ?? [];
  return typeof first?.value === 'string' ? first.value : '';
}

function Address({ address, children }: { address: string; children: ReactNode }) {
  if (!/^(https?|mailto):/i.test(address)) return <>{children}</>;
  return (
    <span role="button" tabIndex={0} title={`Copy the address ${address.slice(0, 300)}`} className="rounded-sm underline decoration-dotted underline-offset-2 hover:text-accent-text" {...pressable(() => void toClipboard(address, 'The address was copied.'))}>
      {children}
    </span>
  );
}

const corner = 'absolute top-1 right-1 bg-raised opacity-0 transition-opacity group-hover/block:opacity-100 focus-visible:opacity-100';

function CodeBlock({ children }: { children: ReactNode }) {
  return (
    <div className="group/block relative my-2.5">
      <pre tabIndex={0} aria-label="Code" className="focus-inside overflow-x-auto rounded-lg border border-edge bg-panel px-3 py-2.5 font-mono text-small">{children}</pre>
      <IconButton small label="Copy the code" className={corner} onClick={(event) => void toClipboard(blockOf(event)?.querySelector('pre')?.textContent ?? '', 'The code was copied.')}><Copy size={13} aria-hidden /></IconButton>
    </div>
  );
}

function Table({ children }: { children: ReactNode }) {
  return (
    <div className="group/block relative my-2.5">
      <div tabIndex={0} role="group" aria-label="Table" className="focus-inside overflow-x-auto rounded-lg border border-edge">
        <table className="w-full border-collapse text-body [&_tbody_tr:last-child_td]:border-b-0">{children}</table>
      </div>
      <IconButton small label="Copy the table as CSV" className={corner} onClick={(event) => void toClipboard(tableCsv(blockOf(event)?.querySelector('table')), 'The table was copied as CSV.')}><Copy size={13} aria-hidden /></IconButton>
    </div>
  );
}

function blockOf(event: React.MouseEvent): HTMLElement | null {
  return event.currentTarget.closest<HTMLElement>('.group\\/block');
}

/** What the table says, without the marks of its checks. */
export function tableCsv(table: HTMLTableElement | null | undefined): string {
  const rows = [...(table?.rows ?? [])].map((row) => [...row.cells].map(cellText));
  return csvOf(rows);
}

function cellText(cell: HTMLElement): string {
  const copy = cell.cloneNode(true) as HTMLElement;
  for (const aside of copy.querySelectorAll('[data-aside], .katex-html')) aside.remove();
  return (copy.textContent ?? '').replace(/\s+/g, ' ').trim();
}
