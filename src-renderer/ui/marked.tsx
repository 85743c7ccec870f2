// Text with ranges of it marked, cut at the front so that the first mark can be seen.

interface MarkedProps {
  text: string;
  /** [start, end) in UTF-16 units, in order and not overlapping. */
  ranges: readonly (readonly [number, number])[];
  /** How many characters to keep before the first mark; everything when left out. */
  around?: number;
  current?: boolean;
}

export function Marked({ text, ranges, around, current = false }: MarkedProps) {
  const first = ranges[0]?.[0] ?? 0;
  let from = around !== undefined && first > around ? first - around : 0;
  // Never between the halves of a character.
  if (from > 0 && /[\uDC00-\uDFFF]/.test(text[from] ?? '')) from--;
  const parts = [];
  let at = from;
  for (const [start, end] of ranges) {
    if (start < at || end > text.length) continue;
    parts.push(text.slice(at, start), <mark key={start} className={`rounded-[2px] text-ink ${current ? 'bg-hit-now' : 'bg-hit'}`}>{text.slice(start, end)}</mark>);
    at = end;
  }
  parts.push(text.slice(at));
  return <>{from > 0 && '…'}{parts}</>;
}
