// Turns a failed request into a notice. The one place where a store's failure becomes words.
import { failureOf } from '../api.ts';
import { errorLine, errorSentence } from '../ui/error-sentences.ts';
import { useDesk } from './desk-store.ts';
import { openDialog } from './layout-store.ts';
import { notify } from './notice-store.ts';

export function reportFailure(thrown: unknown, fileName?: string): void {
  const error = failureOf(thrown);
  if (error.code === 'job-cancelled') return;
  // Read in an earlier session, and its file has to be opened once more.
  if (error.code === 'pdf-encrypted' && useDesk.getState().documentId !== null) {
    const { what } = errorSentence(error, fileName);
    return void notify(what, { tone: 'bad', about: 'password', action: { label: 'Type the password…', run: () => openDialog('password') } });
  }
  notify(errorLine(error, fileName), { tone: 'bad' });
}
