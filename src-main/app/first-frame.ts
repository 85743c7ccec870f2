// What the window shows before its program is loaded: kept while nothing it shows has changed, stored when the library has been
// closed, used by the next start only if neither the library nor the program has been touched since. Knows no markup.
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { systemCode } from '../base/errors.ts';
import { writeFileAtomically } from '../base/atomic-file.ts';
import { logFor } from '../base/log.ts';
import type { Paths } from './paths.ts';

const log = logFor('first-frame');

/** A frame that comes this soon after a change may have been drawn before it, in milliseconds. */
const settlingMs = 1000;

const stored = z.object({ stamp: z.string(), html: z.string() });

export interface FirstFrame {
  /** For this start; null when there is none that fits. */
  readonly html: string | null;
  /** Something that it shows has changed. */
  forget(): void;
  keep(html: string): void;
  /** To be called when the library is closed. */
  store(): Promise<void>;
}

export function openFirstFrame({ firstFrame: file, library, program }: Pick<Paths, 'firstFrame' | 'library' | 'program'>): FirstFrame {
  /** Another one for every change of the library or the program, also one that was cut off. */
  const stampNow = (): string =>
    [join(library, 'library.db'), join(library, 'library.db-wal'), join(program, 'renderer', 'index.html')].map(stampOf).join(' ');
  const html = readFrame(file, stampNow());
  let kept = html;
  let changedAt = 0;
  return {
    html,
    forget() {
      kept = null;
      changedAt = performance.now();
    },
    keep(html) {
      if (performance.now() - changedAt > settlingMs) kept = html;
    },
    async store() {
      // A frame that no longer fits may hold titles of documents that were deleted.
      if (kept === null) rmSync(file, { force: true });
      else await writeFileAtomically(file, JSON.stringify({ stamp: stampNow(), html: kept })).catch((error: unknown) => log('warn', 'the first frame was not stored', error));
    },
  };
}

function stampOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found ? `${found.size}@${found.mtimeMs}` : '-';
}

function readFrame(file: string, stamp: string): string | null {
  try {
    const frame = stored.parse(JSON.parse(readFileSync(file, 'utf8')));
    return frame.stamp === stamp ? frame.html : null;
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') log('warn', 'the first frame was unreadable', error);
    return null;
  }
}
