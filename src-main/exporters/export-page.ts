// What every exporter is given: pages with their text and names. Pure data; knows no library.
import type { Line, PageText, Region } from '@contract/document.ts';

export interface ExportPage {
  /** Name of the file the page came from. */
  file: string;
  /** From 0. */
  pageIndex: number;
  pageCount: number;
  text: PageText;
}

/** The same page with only the named lines, counted in reading order; regions left empty are dropped. */
export function onlyLines(page: ExportPage, lineIndexes: readonly number[]): ExportPage {
  const wanted = new Set(lineIndexes);
  let next = 0;
  const regions: Region[] = [];
  for (const region of page.text.regions) {
    const lines: Line[] = [];
    for (const line of region.lines) {
      if (wanted.has(next)) lines.push(line);
      next++;
    }
    if (lines.length) regions.push({ ...region, lines });
  }
  return { ...page, text: { ...page.text, regions } };
}
