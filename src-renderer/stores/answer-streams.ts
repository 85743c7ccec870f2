// Answers that are being written now: text, places and progress from the engine's own ports. What comes first goes into state at once, what follows it
// within a frame at the end of that. What is stored comes by event and has the last word; this forgets an answer as soon as it is stored whole.
import { create } from 'zustand';
import { joinedSections, type AnswerSection } from '@contract/answer-sections.ts';
import type { Message, MessageGrounding } from '@contract/conversation.ts';
import type { JobStage, JobStarted } from '@contract/job.ts';
import type { Grounding } from '@contract/model.ts';
import type { JobLine } from '../api.ts';

export interface AnswerStream {
  text: string;
  /** Not yet compared with the pages' text. */
  groundings: MessageGrounding[];
  stage: JobStage;
  fraction: number;
  detail: string | null;
}

interface StreamState { byMessage: ReadonlyMap<string, AnswerStream> }

export const useStreams = create<StreamState>(() => ({ byMessage: new Map() }));

/** What has come of an answer: one section, or one for each of its pages. */
interface Incoming {
  sections: AnswerSection[];
  done: number;
  stage: JobStage;
  fraction: number;
  detail: string | null;
  /** The frame in which what was shown last is painted: nothing is shown again before it. */
  frame: ReturnType<typeof nextFrame> | null;
  /** More has come since. */
  isBehind: boolean;
}

const incoming = new Map<string, Incoming>();

/** `base` is what the answer had already when it is gone on with: the engine sends only what comes behind it. */
export function followAnswer(messageId: string, base: string, { section, pageIds }: Pick<JobStarted, 'section' | 'pageIds'>, job: JobLine): void {
  const empty: AnswerSection = { heading: null, text: base, groundings: [] };
  let one = section === null ? undefined : incoming.get(messageId);
  if (!one) {
    one = { sections: section === null ? [empty] : Array.from({ length: section.of }, () => ({ ...empty, text: '' })), done: 0, stage: 'waiting', fraction: 0, detail: null, frame: null, isBehind: false };
    incoming.set(messageId, one);
    show(messageId);
  }
  const mine = one;
  const at = section?.at ?? 0;
  if (section !== null) mine.sections[at] = { heading: section.heading, text: '', groundings: [] };
  job.onMoment((moment) => {
    if (incoming.get(messageId) !== mine) return;
    const before = mine.sections[at]!;
    if (moment.type === 'text') mine.sections[at] = { ...before, text: before.text + moment.text };
    else if (moment.type === 'grounding') mine.sections[at] = { ...before, groundings: [...before.groundings, ...placed(moment.grounding, pageIds)] };
    else if (section !== null) {
      if (moment.type === 'done' || moment.type === 'failed') mine.done++;
      mine.stage = 'generating';
      mine.fraction = mine.done / section.of;
      mine.detail = `${mine.done} of ${section.of} pages`;
    } else if (moment.type === 'progress') {
      mine.stage = moment.stage;
      mine.fraction = moment.fraction;
      mine.detail = moment.detail ?? null;
    } else return;
    showSoon(messageId, mine);
  });
}

function placed({ page, ...rest }: Grounding, pageIds: readonly string[]): MessageGrounding[] {
  const pageId = pageIds[page];
  return pageId === undefined ? [] : [{ ...rest, pageId, source: 'answer', check: { state: 'unchecked' } }];
}

/** At once when nothing waits to be painted: drawing is done by the time the next frame begins, and not only begun in it. */
function showSoon(messageId: string, one: Incoming): void {
  if (one.frame !== null) {
    one.isBehind = true;
    return;
  }
  one.isBehind = false;
  one.frame = nextFrame(() => {
    one.frame = null;
    if (one.isBehind) showSoon(messageId, one);
  });
  show(messageId);
}

function show(messageId: string): void {
  const one = incoming.get(messageId);
  if (!one) return;
  const { stage, fraction, detail, sections } = one;
  // The places stay the same object while none is added: what draws them need not look again.
  const { text, groundings } = sections.length === 1 && sections[0]!.heading === null ? sections[0]! : joinedSections(sections);
  useStreams.setState(({ byMessage }) => ({ byMessage: new Map(byMessage).set(messageId, { text, groundings, stage, fraction, detail }) }));
}

/** Frames stop in a window that cannot be seen; its state goes on in slower steps. */
function nextFrame(run: () => void): ReturnType<typeof setTimeout> | number {
  return document.visibilityState === 'hidden' ? setTimeout(run, 250) : requestAnimationFrame(run);
}

/** Answers that are stored whole need their stream no longer. */
export function forgetStreams(messages: readonly Message[]): void {
  const over = messages.filter((one) => one.status !== 'streaming' && incoming.delete(one.id)).map((one) => one.id);
  if (over.length > 0) useStreams.setState(({ byMessage }) => ({ byMessage: new Map([...byMessage].filter(([id]) => !over.includes(id))) }));
}

/** The message as it stands on the screen: with what has come of it since it was stored. */
export function liveMessage(message: Message, stream: AnswerStream | undefined): Message {
  if (message.status !== 'streaming' || !stream) return message;
  return { ...message, text: stream.text.length > message.text.length ? stream.text : message.text, groundings: stream.groundings };
}

/** Of an answer that is kept elsewhere than in a message. */
export function forgetStream(key: string): void {
  useStreams.setState(({ byMessage }) => ({ byMessage: new Map([...byMessage].filter(([id]) => id !== key)) }));
}
