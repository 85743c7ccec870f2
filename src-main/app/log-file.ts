// Log files that a user can send along with a report: appended to, and put aside once when they have grown large.
import { createWriteStream, mkdirSync, renameSync, statSync } from 'node:fs';
import type { WriteStream } from 'node:fs';
import { join } from 'node:path';

const maxLogBytes = 1 << 20;

/** `<name>.log` in `folder`, which is made. A log that cannot be written is no reason to stop. */
export function openLogFile(folder: string, name: string): WriteStream {
  const file = join(folder, `${name}.log`);
  try {
    mkdirSync(folder, { recursive: true });
    if (statSync(file).size > maxLogBytes) renameSync(file, join(folder, `${name}.old.log`));
  } catch {
    // No log yet, or no place for one: then the stream says so.
  }
  return createWriteStream(file, { flags: 'a' }).on('error', () => {});
}
