// Formulas as models write them, \( \), \[ \] and $ $, in the one way the Markdown parser knows without mistaking prices for formulas: $$ $$.
// Says where each character went, because places in an answer are told by offsets. Knows text only.

export interface NormalisedMath {
  text: string;
  /** Where an offset of the original stands in `text`. */
  at(offset: number): number;
}

/** Code is left alone; a dollar sign begins a formula only when what it encloses looks like one. */
const pattern = /(?<code>(?<fence>```|~~~)[\s\S]*?(?:\k<fence>|$)|(?<tick>`+)[^`](?:[\s\S]*?[^`])?\k<tick>(?!`)|\$\$[\s\S]*?\$\$)|\\\((?<round>[^\n]*?)\\\)|\\\[(?<square>[\s\S]*?)\\\]|(?<![\\$\d])\$(?!\s)(?<dollar>[^$\n]{1,300}?)(?<![\s\\])\$(?![\d$])/g;
const formula = /\\[a-z]+|[\^_{}]|^[a-z]$|^[\w+\-*/() ]*=[\w+\-*/() ]*$/i;

export function normaliseMath(text: string): NormalisedMath {
  /** [offset in the original where a change ends, how far everything behind it has moved] */
  const moves: [offset: number, by: number][] = [];
  let result = '';
  let last = 0;
  const put = (from: number, to: number, replacement: string): void => {
    result += text.slice(last, from) + replacement;
    last = to;
    moves.push([to, result.length - to]);
  };
  for (const match of text.matchAll(pattern)) {
    const { round, square, dollar } = match.groups!;
    const start = match.index;
    const end = start + match[0].length;
    if (round !== undefined) { put(start, start + 2, '$$'); put(end - 2, end, '$$'); }
    else if (square !== undefined) {
      const ownLines = /\n\s*$|^\s*$/.test(text.slice(0, start)) && /^[^\S\n]*(\n|$)/.test(text.slice(end));
      const open = ownLines && !square.startsWith('\n') ? '$$\n' : '$$';
      const close = ownLines && !square.endsWith('\n') ? '\n$$' : '$$';
      put(start, start + 2, open);
      put(end - 2, end, close);
    } else if (dollar !== undefined && formula.test(dollar)) { put(start, start + 1, '$$'); put(end - 1, end, '$$'); }
  }
  result += text.slice(last);
  return {
    text: result,
    at: (offset) => offset + (moves.findLast(([from]) => from <= offset)?.[1] ?? 0),
  };
}
