// What the benchmark says: printed as it comes, kept as Markdown. Knows no measurements.
export interface RowDetails {
  /** What memory or cores allow at best. */
  readonly floorMs?: number;
  /** Processor time of ours and the peer's. */
  readonly cpu?: readonly [number, number | undefined];
  readonly perSecond?: number;
  /** Least ratio that is wanted. */
  readonly wanted?: number;
}

const time = (ms: number | undefined): string => (ms === undefined ? '–' : ms >= 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${ms.toFixed(ms < 100 ? 1 : 0)} ms`);

export class Report {
  text = '';

  line(sentence: string): void {
    console.log(`\n${sentence}`);
    this.text += `${this.text === '' ? '' : '\n'}${sentence}\n`;
  }

  #row(cells: readonly string[]): void {
    console.log(cells.map((cell, at) => (at === 0 ? cell.padEnd(38) : cell.padStart(14))).join(' '));
    this.text += `| ${cells.join(' | ')} |\n`;
  }

  head(): void {
    this.text += '\n';
    this.#row(['', 'Lectern', 'llama.cpp', 'ratio', 'wanted', 'a second', 'of the floor', 'processor']);
    this.text += '|---|---|---|---|---|---|---|---|\n';
  }

  row(name: string, ours: number, theirs: number | undefined, { floorMs, cpu, perSecond, wanted }: RowDetails = {}): void {
    this.#row([
      name, time(ours), time(theirs), theirs === undefined ? '–' : (theirs / ours).toFixed(2), wanted === undefined || theirs === undefined ? '–' : `≥ ${wanted}`,
      perSecond === undefined ? '–' : perSecond.toFixed(1), floorMs === undefined ? '–' : `${(ours / floorMs).toFixed(2)} ×`, cpu ? `${time(cpu[0])} / ${time(cpu[1])}` : '–',
    ]);
  }

  memory(name: string, ours: number, theirs: number | undefined, atMost: number): void {
    this.#row([name, `${ours.toFixed(0)} MB`, theirs === undefined ? '–' : `${theirs.toFixed(0)} MB`, theirs === undefined ? '–' : (ours / theirs).toFixed(2), `≤ ${atMost}`, '–', '–', '–']);
  }
}
