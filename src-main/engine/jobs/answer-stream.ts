// What an answer in the making sends out: text and places to the window in bundles, and now and then all of it to main, to be stored.
import type { Grounding } from '@contract/model.ts';
import type { Job } from '../../base/job.ts';

/** Text is posted at most once in this time: a window draws no faster. */
const postEveryMs = 16;
/** What is written is given to main at most this often: a kill loses no more. */
const keepEveryMs = 250;

export interface AnswerStream {
  /** `sofar` is all of it: what is shown, and what was written with its marks. */
  text(added: string, sofar: { readonly text: string; readonly raw: string }): void;
  place(grounding: Grounding): void;
  /** Sends what waits. Call at the end, however it came. */
  flush(): void;
}

export function answerStream({ post, keep }: Job): AnswerStream {
  let waiting = '';
  let posted = 0;
  let sofar = { text: '', raw: '' };
  let kept = performance.now();
  const groundings: Grounding[] = [];
  let late: NodeJS.Timeout | null = null;
  const postNow = (): void => {
    if (late) clearTimeout(late);
    late = null;
    if (waiting !== '') post?.({ type: 'text', text: waiting });
    waiting = '';
    posted = performance.now();
  };
  const keepNow = (): void => {
    if (sofar.raw !== '') keep?.({ ...sofar, groundings });
    kept = performance.now();
  };
  return {
    text(added, all) {
      waiting += added;
      sofar = all;
      const wait = posted + postEveryMs - performance.now();
      if (wait <= 0) postNow();
      // what comes in one breath is posted also when nothing follows it
      else late ??= setTimeout(postNow, wait);
      if (performance.now() - kept >= keepEveryMs) keepNow();
    },
    place(grounding) {
      // a place refers to text that must have arrived
      postNow();
      groundings.push(grounding);
      post?.({ type: 'grounding', grounding });
    },
    flush() {
      postNow();
      keepNow();
    },
  };
}
