// How a verb shows that it is still working, on a terminal.

/** One line of progress, rewritten in place on a terminal and left out elsewhere. */
export function progressLine(name: string): { show: (stage: string, fraction: number) => void; clear: () => void } {
  if (!process.stderr.isTTY) return { show: () => {}, clear: () => {} };
  return {
    show: (stage, fraction) => process.stderr.write(`\r\x1b[K${name}: ${stage} ${Math.round(fraction * 100)} %`),
    clear: () => process.stderr.write('\r\x1b[K'),
  };
}
