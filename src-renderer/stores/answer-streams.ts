// Answers that are being written now: text and progress from the engine's own port, put into state at most once per frame. What is
// stored comes by event and has the last word; this forgets an answer as soon as it is stored whole.
import { create } from 'zustand';
import type { Message } from '@contract/conversation.ts';
import type { JobStage } from '@contract/job.ts';
import type { JobLine } from '../api.ts';

export interface AnswerStream {
  text: string;
  stage: JobStage;
  fraction: number;
  detail: string | null;
}

interface StreamState { byMessage: ReadonlyMap<string, AnswerStream> }

export const useStreams = create<StreamState>(() => ({ byMessage: new Map() }));

/** `base` is what the answer had already when it is gone on with: the engine sends only what comes behind it. */
export function followAnswer(messageId: string, base: string, job: JobLine): void {
  let next: AnswerStream = { text: base, stage: 'waiting', fraction: 0, detail: null };
  let frame: ReturnType<typeof nextFrame> | null = null;
  const show = (): void => {
    frame = null;
    useStreams.setState(({ byMessage }) => ({ byMessage: new Map(byMessage).set(messageId, next) }));
  };
  show();
  job.onMoment((moment) => {
    if (moment.type === 'text') next = { ...next, text: next.text + moment.text };
    else if (moment.type === 'progress') next = { ...next, stage: moment.stage, fraction: moment.fraction, detail: moment.detail ?? null };
    else return;
    if (!useStreams.getState().byMessage.has(messageId)) return;
    frame ??= nextFrame(show);
  });
}

/** Frames stop in a window that cannot be seen; its state goes on in slower steps. */
function nextFrame(run: () => void): ReturnType<typeof setTimeout> | number {
  return document.visibilityState === 'hidden' ? setTimeout(run, 250) : requestAnimationFrame(run);
}

/** Answers that are stored whole need their stream no longer. */
export function forgetStreams(messages: readonly Message[]): void {
  const over = messages.filter((one) => one.status !== 'streaming').map((one) => one.id);
  useStreams.setState(({ byMessage }) => {
    if (!over.some((id) => byMessage.has(id))) return {};
    return { byMessage: new Map([...byMessage].filter(([id]) => !over.includes(id))) };
  });
}

/** Of an answer that is kept elsewhere than in a message. */
export function forgetStream(key: string): void {
  useStreams.setState(({ byMessage }) => ({ byMessage: new Map([...byMessage].filter(([id]) => id !== key)) }));
}
