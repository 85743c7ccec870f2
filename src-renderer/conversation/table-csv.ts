// A table's cells as CSV (RFC 4180). Knows strings only.

/** Quotes what needs it; rows end in CR LF. */
export function csvOf(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => cells.map(cellOf).join(',')).join('\r\n') + (rows.length > 0 ? '\r\n' : '');
}

function cellOf(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
