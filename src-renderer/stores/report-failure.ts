// Turns a failed request into a notice. The one place where a store's failure becomes words.
import { failureOf } from '../api.ts';
import { errorLine } from '../ui/error-sentences.ts';
import { notify } from './notice-store.ts';

export function reportFailure(thrown: unknown, fileName?: string): void {
  const error = failureOf(thrown);
  if (error.code === 'job-cancelled') return;
  notify(errorLine(error, fileName), { tone: 'bad' });
}
