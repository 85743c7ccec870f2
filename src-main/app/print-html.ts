// Prints an HTML page to PDF in a window that nobody sees. The page may load nothing and run nothing.
import { BrowserWindow } from 'electron';
import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileError } from '../base/errors.ts';

/** @throws disk-full, write-failed */
export async function printHtml(html: string): Promise<Uint8Array> {
  // Larger than an address may be: by way of a file.
  const file = join(tmpdir(), `lectern-print-${randomUUID()}.html`);
  const window = new BrowserWindow({ show: false, webPreferences: { javascript: false, sandbox: true, contextIsolation: true, partition: 'print' } });
  try {
    await writeFile(file, html).catch((error: unknown) => {
      throw fileError(error, file, 'write-failed');
    });
    await window.loadFile(file);
    return await window.webContents.printToPDF({ printBackground: true, pageSize: 'A4' });
  } finally {
    window.destroy();
    await rm(file, { force: true });
  }
}
