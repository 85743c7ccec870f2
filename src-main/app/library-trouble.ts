// What the user is told when the library cannot be opened, and the one way out: a fresh library beside the old one, which is kept.
import { app, dialog } from 'electron';
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

/** Throws the original error when the user would rather quit. Nothing is ever deleted. */
export async function offerFreshLibrary<T>(error: unknown, folder: string, openAgain: () => Promise<T>): Promise<T> {
  const wire = toWireError(error);
  const mayStartFresh = wire.code === 'library-newer' || wire.code === 'library-corrupt';
  const kept = `${folder}-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}`;
  const { response } = await dialog.showMessageBox({
    type: 'error',
    title: 'Lectern',
    message: sentences[wire.code] ?? 'The library cannot be opened.',
    detail: mayStartFresh ? `You can start with an empty library. The old one, with all its files, is kept in\n${kept}` : `${folder}\n${wire.message}`,
    buttons: mayStartFresh ? ['Quit', 'Start with an Empty Library'] : ['Quit'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  if (response === 1) {
    await rename(folder, kept);
    return await openAgain();
  }
  app.quit();
  throw error;
}
