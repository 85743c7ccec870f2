// One export step by step: pages come in one at a time, the content is made, then put where it is wanted. What the export worker serves,
// and what tests call directly.
import type { ExportFormat, TextFormat } from '@contract/export.ts';
import { writeFileAtomically } from '../base/atomic-file.ts';
import { assert } from '../base/errors.ts';
import type { ExportPage } from './export-page.ts';
import { exportAsFile, exportAsText } from './formats.ts';

/** The same steps wherever they are done. */
export interface Exporting {
  add(page: ExportPage): Promise<void>;
  /** Of the pages added since the last time. Throws table-missing. */
  make(format: Exclude<ExportFormat, 'pdf'>): Promise<void>;
  /** The same as text, for the clipboard. */
  text(format: TextFormat): Promise<string>;
  /** What was made. Throws disk-full, file-exists, write-failed. */
  write(file: string, overwrite: boolean): Promise<void>;
  close(): Promise<void>;
}

export function exportingHere(): Exporting {
  let pages: ExportPage[] = [];
  let content: string | Uint8Array | null = null;
  const taken = (): ExportPage[] => {
    const those = pages;
    pages = [];
    return those;
  };
  return {
    async add(page) {
      pages.push(page);
    },
    async make(format) {
      content = await exportAsFile(taken(), format);
    },
    async text(format) {
      return exportAsText(taken(), format);
    },
    async write(file, overwrite) {
      assert(content !== null, 'something was made before it is written');
      await writeFileAtomically(file, content, { overwrite });
    },
    async close() {
      pages = [];
      content = null;
    },
  };
}
