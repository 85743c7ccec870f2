// What the window shows before its program is loaded: kept while nothing it shows has changed, stored whenever things are calm and
// when the library has been closed, used by the next start only if neither the library, the settings nor the program has been touched
// since. The very first start has the frame of an empty library that comes with the program. Knows no markup.
import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, readSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { systemCode } from '../base/errors.ts';
import { writeFileAtomically } from '../base/atomic-file.ts';
import { logFor } from '../base/log.ts';
import type { Paths } from './paths.ts';

const log = logFor('first-frame');

/** A frame that comes this soon after a change may have been drawn before it, in milliseconds. */
const settlingMs = 1000;
/** Stored this long after the last thing that was asked of the library, in milliseconds: every change has then been heard of. */
const calmMs = 1500;

const stored = z.object({ stamp: z.string(), html: z.string() });
type Stored = z.infer<typeof stored>;

export interface FirstFrame {
  /** For this start; null when there is none that fits. */
  readonly html: string | null;
  /** Something that it shows has changed. */
  forget(): void;
  keep(html: string): void;
  /** The library may be written to: what is stored is stored again when things are calm, for a session that is cut off. To be called when it is asked; what it returns, when it has answered. */
  libraryAsked(): () => void;
  /** To be called when the library is closed. */
  end(): Promise<void>;
}

export function openFirstFrame({ firstFrame: file, library, settings, program }: Pick<Paths, 'firstFrame' | 'library' | 'settings' | 'program'>): FirstFrame {
  const database = join(library, 'library.db');
  const programStamp = contentStamp(join(program, 'renderer', 'index.html'));
  /** Another one for every change of the library, the settings or the program, also one that was cut off. */
  const stampNow = (): string => [...[database, `${database}-wal`, settings].map(fileStamp), changeCounter(`${database}-shm`), programStamp].join(' ');
  let onDisk = readFrame(file);
  const isNew = onDisk === null && !existsSync(database) && !existsSync(settings);
  const html = isNew ? readEmptyFrame(join(program, 'renderer', 'empty-frame.html')) : onDisk?.stamp === stampNow() ? onDisk.html : null;
  let kept = html;
  let changedAt = 0;
  let hasEnded = false;
  /** Calls of the library that are not answered: what they have written may not have been heard of. */
  let asked = 0;
  let timer: NodeJS.Timeout | undefined;

  const store = async (): Promise<void> => {
    try {
      // A frame that no longer fits may hold titles of documents that were deleted.
      if (kept === null) {
        rmSync(file, { force: true });
        onDisk = null;
        return;
      }
      const frame = { stamp: stampNow(), html: kept };
      if (onDisk?.stamp === frame.stamp && onDisk.html === frame.html) return;
      await writeFileAtomically(file, JSON.stringify(frame));
      onDisk = frame;
    } catch (error) {
      log('warn', 'the first frame was not stored', error);
    }
  };
  let storing: Promise<void> = Promise.resolve();
  const storeNow = (): Promise<void> => (storing = storing.then(store));
  const storeSoon = (): void => {
    clearTimeout(timer);
    if (!hasEnded && asked === 0) timer = setTimeout(() => void storeNow(), calmMs);
  };

  return {
    html,
    forget() {
      kept = null;
      changedAt = performance.now();
      storeSoon();
    },
    keep(html) {
      if (performance.now() - changedAt > settlingMs) kept = html;
      storeSoon();
    },
    libraryAsked() {
      asked++;
      clearTimeout(timer);
      return () => {
        asked--;
        storeSoon();
      };
    },
    async end() {
      hasEnded = true;
      clearTimeout(timer);
      await storeNow();
    },
  };
}

function fileStamp(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found ? `${found.size}@${found.mtimeMs}` : '-';
}

/** Of the program's page, which names every script by its content: times of installed files say little. */
function contentStamp(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('base64');
  } catch {
    return '-';
  }
}

/**
 * SQLite's own account of what was written and not yet moved into the database: a write may leave the journal's size as it is, and some systems note the time of
 * a write only when the file is closed.
 * @source https://sqlite.org/walformat.html#the_wal_index_file_format (the header's first copy)
 */
function changeCounter(file: string): string {
  const header = Buffer.alloc(48);
  let index: number;
  try {
    index = openSync(file, 'r');
  } catch {
    return '-';
  }
  try {
    return header.toString('base64', 0, readSync(index, header, 0, header.length, 0));
  } catch {
    return '?';
  } finally {
    closeSync(index);
  }
}

function readFrame(file: string): Stored | null {
  try {
    return stored.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') log('warn', 'the first frame was unreadable', error);
    return null;
  }
}

/** Made with the program (build/empty-frame.ts). */
function readEmptyFrame(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
