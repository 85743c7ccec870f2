// Phrases of an answer that point at a place: cuts the text of parsed Markdown where they begin and end, and wraps them in marks.
// Works on offsets of the Markdown source, so that bold, escapes and tables in between do no harm. Knows no React and no page.

/** A phrase, [start, end) in UTF-16 units of the Markdown source. */
export interface MarkedRange { id: number; start: number; end: number }

/** What is needed of a Markdown syntax tree's nodes. */
export interface MarkdownNode {
  type: string;
  value?: string;
  children?: MarkdownNode[];
  position?: { start: { offset?: number | undefined }; end: { offset?: number | undefined } } | undefined;
  data?: Record<string, unknown>;
}

/** The attributes that carry a range's id into the rendered text, and which of its pieces this is. */
export const markAttribute = 'dataMark';
export const pieceAttribute = 'dataPiece';

const atoms = new Set(['inlineCode', 'inlineMath', 'code', 'math']);

/** A plugin for a Markdown parser: wraps every piece of every range. Where ranges overlap, the one that began first has the text. */
export function markRanges(ranges: readonly MarkedRange[]): (tree: MarkdownNode, file: { toString(): string }) => void {
  const sorted = [...ranges].filter((one) => one.end > one.start).sort((a, b) => a.start - b.start || b.end - a.end);
  return (tree, file) => {
    if (sorted.length === 0) return;
    const pieces: MarkdownNode[] = [];
    markChildren(tree, sorted, String(file), pieces);
    nameEnds(pieces);
  };
}

/** Only the first piece of a phrase is a stop for the keyboard, only the last carries its check. */
function nameEnds(pieces: readonly MarkdownNode[]): void {
  const properties = (piece: MarkdownNode): Record<string, string> => piece.data!['hProperties'] as Record<string, string>;
  const ids = pieces.map((piece) => properties(piece)[markAttribute]);
  pieces.forEach((piece, index) => {
    properties(piece)[pieceAttribute] = `${ids.indexOf(ids[index]) === index ? 'first' : ''}${ids.lastIndexOf(ids[index]) === index ? 'last' : ''}`;
  });
}

function markChildren(parent: MarkdownNode, ranges: readonly MarkedRange[], source: string, pieces: MarkdownNode[]): void {
  if (!parent.children) return;
  parent.children = parent.children.flatMap((child) => {
    const start = child.position?.start.offset;
    const end = child.position?.end.offset;
    if (start === undefined || end === undefined) return [child];
    const inside = ranges.filter((one) => one.start < end && one.end > start);
    if (inside.length === 0) return [child];
    if (child.type === 'text' && child.value !== undefined) return cutText(child.value, source, start, inside, pieces);
    if (child.type === 'inlineCode' || child.type === 'inlineMath') return [wrapped([child], inside[0]!.id, pieces)];
    if (!atoms.has(child.type)) markChildren(child, inside, source, pieces);
    return [child];
  });
}

function wrapped(children: MarkdownNode[], id: number, pieces: MarkdownNode[]): MarkdownNode {
  const piece: MarkdownNode = { type: 'marked', children, data: { hName: 'mark', hProperties: { [markAttribute]: String(id) } } };
  pieces.push(piece);
  return piece;
}

function cutText(value: string, source: string, start: number, ranges: readonly MarkedRange[], made: MarkdownNode[]): MarkdownNode[] {
  const offsets = sourceOffsets(value, source, start);
  const pieces: MarkdownNode[] = [];
  const plain = (from: number, to: number): void => { if (to > from) pieces.push({ type: 'text', value: value.slice(from, to) }); };
  let at = 0;
  for (const range of ranges) {
    const from = Math.max(at, firstAtOrAfter(offsets, range.start));
    const to = Math.min(value.length, firstAtOrAfter(offsets, range.end));
    if (to <= from) continue;
    plain(at, from);
    pieces.push(wrapped([{ type: 'text', value: value.slice(from, to) }], range.id, made));
    at = to;
  }
  plain(at, value.length);
  return pieces;
}

/** Index of the first character that stands at `offset` of the source or behind it. */
function firstAtOrAfter(offsets: readonly number[], offset: number): number {
  const found = offsets.findIndex((one) => one >= offset);
  return found < 0 ? offsets.length : found;
}

const entity = /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]*);/iy;

/** Where each character of a text node stands in the source: escapes, character references and the marks of quotes are skipped. */
export function sourceOffsets(value: string, source: string, start: number): number[] {
  const offsets: number[] = [];
  let at = start;
  for (let index = 0; index < value.length; index++) {
    entity.lastIndex = at;
    const reference = source[at] === '&' ? entity.exec(source)?.[0] : undefined;
    if (reference !== undefined && !value.startsWith(reference, index)) {
      offsets.push(at);
      // A reference to a character outside the basic plane is two units of the text.
      if (/[\uD800-\uDBFF]/.test(value[index]!)) {
        offsets.push(at);
        index++;
      }
      at += reference.length;
      continue;
    }
    if (source[at] !== value[index]) {
      const next = source.indexOf(value[index]!, at);
      if (next >= 0) at = next;
    }
    offsets.push(at);
    at++;
  }
  return offsets;
}
