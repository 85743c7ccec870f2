// What happens when the library cannot be opened: the reason in words, and the one way out, a fresh library beside the old one,
// which is kept whole. Shows nothing itself and deletes nothing.
import { rename } from 'node:fs/promises';
import type { ErrorCode } from '@contract/errors.ts';
import { toWireError } from '../base/errors.ts';

// The window needs the library to run, so these sentences are main's own.
const sentences: Partial<Record<ErrorCode, string>> = {
  'library-newer': 'The library was written by a newer version of Lectern. Install that version to open it.',
  'library-corrupt': 'The library is damaged and cannot be opened.',
  'library-locked': 'The library is in use by another program.',
  'write-failed': 'The library folder cannot be written to.',
  'disk-full': 'The disk is full.',
};

export interface LibraryTrouble {
  message: string;
  detail: string;
  mayStartFresh: boolean;
}

/** Opens a library, asking what to do when that fails. Throws the original error when the user would rather quit. */
export async function openLibraryOrAsk<T>(open: () => Promise<T>, folder: string, wantsFresh: (trouble: LibraryTrouble) => Promise<boolean>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    const wire = toWireError(error);
    // A locked or unwritable library is a sound one.
    const mayStartFresh = wire.code === 'library-newer' || wire.code === 'library-corrupt';
    const kept = `${folder}-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}`;
    const isWanted = await wantsFresh({
      message: sentences[wire.code] ?? 'The library cannot be opened.',
      detail: mayStartFresh ? `You can start with an empty library. The old one, with all its files, is kept in\n${kept}` : `${folder}\n${wire.message}`,
      mayStartFresh,
    });
    if (!mayStartFresh || !isWanted) throw error;
    await rename(folder, kept);
    return await open();
  }
}
