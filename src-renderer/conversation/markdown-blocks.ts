// Cuts Markdown where it can be read piece by piece with the same result: so that of a growing answer only the end is read again. Where a cut could
// change the meaning, none is made. Knows text only.

/** What may reach over empty lines, or be meant by text anywhere else: markup that a blank line does not end, definitions of references and footnotes. */
const reachesFar = /^ {0,3}(?:<(?:script|pre|style|textarea|[!?])|\[[^\]\n]+\]:)/im;
const listItem = /^(?:[-+*]|\d{1,9}[.)])(?:\s|$)/;
const fenceLine = /^ {0,3}(`{3,}|~{3,})/;

/** [start, end) of each piece; together they are the whole text. */
export function markdownBlocks(text: string): [start: number, end: number][] {
  if (text === '') return [];
  if (reachesFar.test(text)) return [[0, text.length]];
  const starts = [0];
  let fence: string | null = null;
  let isMath = false;
  let isBracket = false;
  let isList = false;
  let afterBlank = false;
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline + 1;
    const line = text.slice(at, end);
    const isBlank = line.trim() === '';
    const isOpen = fence !== null || isMath || isBracket;
    if (!isBlank && afterBlank && !isOpen && !/^\s/.test(line) && !(isList && listItem.test(line)) && at > 0) {
      starts.push(at);
      isList = false;
    }
    if (!isBlank) {
      isList ||= listItem.test(line);
      const mark = fenceLine.exec(line)?.[1];
      if (fence !== null) {
        if (mark?.startsWith(fence) && line.trim() === mark) fence = null;
      } else if (mark && !isMath && !isBracket) fence = mark;
      else {
        if (!isBracket && (line.split('$$').length - 1) % 2 === 1) isMath = !isMath;
        const [opened, closed] = [line.lastIndexOf('\\['), line.lastIndexOf('\\]')];
        if (opened >= 0 || closed >= 0) isBracket = opened > closed;
      }
    }
    afterBlank = isBlank;
    at = end;
  }
  return starts.map((start, index) => [start, starts[index + 1] ?? text.length]);
}
