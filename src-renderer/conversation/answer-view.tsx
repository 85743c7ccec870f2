// An answer: who gave it, its text as it is written or as it stands, what its checks found, what went wrong, and what can be done with it.
import { memo } from 'react';
import { ChevronDown, ChevronUp, Cloud, Copy, Cpu, ImageDown, RefreshCw, ScanText, Square, TriangleAlert } from 'lucide-react';
import type { Message, MessageRecord } from '@contract/conversation.ts';
import { useAnswererName } from '../stores/answerers.ts';
import { liveMessage, useStreams, type AnswerStream } from '../stores/answer-streams.ts';
import { continueAnswer, exportAnswerPicture, regenerate, stopAnswer } from '../stores/conversation-actions.ts';
import { openDialog } from '../stores/layout-store.ts';
import { toClipboard } from '../stores/page-actions.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { errorSentence } from '../ui/error-sentences.ts';
import { durationWords, stageWords } from '../ui/page-sentences.ts';
import { ProgressBar } from '../ui/progress-bar.tsx';
import { AnswerText } from './answer-text.tsx';
import { BranchSwitch } from './branch-switch.tsx';
import { checkSummary, LoosePlaces, stepPlace } from './phrase.tsx';
import { SawDisclosure } from './saw-disclosure.tsx';

export const AnswerView = memo(function AnswerView({ message: stored }: { message: Message }) {
  const stream = useStreams((streams) => streams.byMessage.get(stored.id));
  const message = liveMessage(stored, stream);
  const { text } = message;
  const streaming = message.status === 'streaming';
  return (
    <div className="group/message pt-1.5 pr-5 pl-4" aria-busy={streaming}>
      <AnswererName message={message} />
      {text !== '' && <AnswerText messageId={message.id} text={text} groundings={message.groundings} growing={streaming} />}
      {streaming && <Progress message={message} stream={stream} started={text !== ''} />}
      <LoosePlaces message={message} />
      <Ending message={message} />
      {!streaming && <Checks message={message} />}
      {message.explanation.length > 0 && <Explanation steps={message.explanation} />}
      {message.record && <SawDisclosure message={message} record={message.record} />}
      {!streaming && (
        <div className="-ml-1 flex h-7 items-center gap-0.5 text-faint">
          <BranchSwitch message={message} />
          {message.text !== '' && <IconButton small label="Copy the answer" onClick={() => void toClipboard(message.text, 'The answer was copied.')}><Copy size={13} aria-hidden /></IconButton>}
          {message.groundings.some((one) => one.quad !== null) && <IconButton small label="Export the places as a picture" onClick={() => void exportAnswerPicture(message.id)}><ImageDown size={13} aria-hidden /></IconButton>}
          <IconButton small label="Answer again" onClick={() => void regenerate(message.id)}><RefreshCw size={13} aria-hidden /></IconButton>
          {message.record && <span className="ml-1 truncate text-tiny tabular-nums">{speedWords(message.record)}</span>}
        </div>
      )}
    </div>
  );
});

const answererIcons = { reader: ScanText, model: Cpu, endpoint: Cloud } as const;

function AnswererName({ message: { answerer, record } }: { message: Message }) {
  const { kind } = answerer ?? { kind: 'reader' };
  const Icon = answererIcons[kind];
  const known = useAnswererName(answerer ?? { kind: 'reader' });
  const name = kind === 'reader' ? 'Built-in reader' : (record?.answererName ?? known ?? (kind === 'model' ? 'Model' : 'Server'));
  return <p className="mb-1 flex items-center gap-1.5 text-small text-faint"><Icon size={13} aria-hidden />{name}</p>;
}

/** What is being done before and while text comes, with a way to stop it. */
function Progress({ message, stream, started }: { message: Message; stream: AnswerStream | undefined; started: boolean }) {
  const stage = stream?.stage ?? 'waiting';
  const measured = stage !== 'waiting' && stream !== undefined && stream.fraction > 0;
  return (
    <div className="mt-1.5 flex items-center gap-2 text-small text-muted" role="status">
      <span className="size-2 animate-shimmer rounded-full bg-accent" aria-hidden />
      {(!started || measured) && <span className="truncate">{stageWords(stage)}{stream?.detail ? ` (${stream.detail})` : ''}…</span>}
      {started && !measured && <span className="sr-only">Writing</span>}
      {measured && <ProgressBar label={stageWords(stage)} fraction={stream.fraction} className="w-24" />}
      <IconButton small label="Stop" onClick={() => void stopAnswer(message.id)}><Square size={12} fill="currentColor" aria-hidden /></IconButton>
    </div>
  );
}

/** Why an answer ended otherwise than by itself. */
function Ending({ message }: { message: Message }) {
  if (message.status === 'failed') {
    const { what, advice } = message.error ? errorSentence(message.error) : { what: 'The answer failed.', advice: 'Try again.' };
    return (
      <div role="alert" className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg bg-bad-soft px-3 py-2">
        <p className="min-w-40 flex-1 text-body text-bad" data-selectable>{what} {advice}</p>
        <Button className="h-7! px-2.5!" onClick={() => void regenerate(message.id)}>Try again</Button>
      </div>
    );
  }
  if (message.answerer?.kind === 'reader' && message.record?.finish === 'refused') {
    return (
      <div className="mt-1.5 flex flex-wrap items-center gap-x-2 text-small text-muted">
        <p>A Qwen-VL model can answer such questions.</p>
        <Button kind="quiet" className="h-6! px-1.5!" onClick={() => openDialog('models')}>Models…</Button>
      </div>
    );
  }
  const cut = cutSentence(message);
  if (!cut) return null;
  return (
    <div className="mt-1.5 flex flex-wrap items-center gap-x-2 text-small text-muted">
      <p>{cut.words}</p>
      {cut.goOn && <Button kind="quiet" className="h-6! px-1.5!" onClick={() => void continueAnswer(message.id)}>Continue</Button>}
    </div>
  );
}

function cutSentence({ status, record }: Message): { words: string; goOn: boolean } | null {
  if (status === 'stopped') return { words: 'Stopped.', goOn: true };
  if (status === 'interrupted') return { words: 'Lectern ended while this was being written.', goOn: true };
  switch (record?.finish) {
    case 'length': return { words: 'Ended at the longest answer allowed.', goOn: true };
    case 'context': return { words: 'Ended because the model’s context is full. Ask in a new conversation, or with fewer pages.', goOn: false };
    case 'repetition': return { words: 'Ended because the model began to repeat itself.', goOn: false };
    default: return null;
  }
}

function Checks({ message }: { message: Message }) {
  const said = checkSummary(message.groundings);
  if (said.length === 0) return null;
  return (
    <div role="group" className="mt-2 flex flex-wrap items-center gap-1.5 text-tiny text-faint" aria-label="Checked against the recognised text">
      {said.map(({ state, words }) => (
        <span key={state} className={classes('rounded px-1.5 py-px', state === 'found' ? 'bg-pressed text-good' : state === 'differs' ? 'bg-warn-soft text-warn' : state === 'not-on-page' ? 'bg-bad-soft text-bad' : 'bg-pressed text-muted')}>
          {state === 'differs' && <TriangleAlert size={11} className="mr-1 inline-block align-[-1px]" aria-hidden />}{words}
        </span>
      ))}
      <IconButton small label="Place before" onClick={() => stepPlace(message, -1)}><ChevronUp size={13} aria-hidden /></IconButton>
      <IconButton small label="Next place" onClick={() => stepPlace(message, 1)}><ChevronDown size={13} aria-hidden /></IconButton>
    </div>
  );
}

function Explanation({ steps }: { steps: readonly string[] }) {
  return (
    <details className="mt-1.5 text-small text-muted">
      <summary className="w-fit rounded px-1 -mx-1 hover:text-ink">How the reader found this</summary>
      <ol data-selectable className="mt-1 list-decimal pl-5">{steps.map((step, index) => <li key={index}>{step}</li>)}</ol>
    </details>
  );
}

function speedWords({ totalMs, newTokens, decodeMs }: MessageRecord): string {
  const speed = newTokens !== null && decodeMs !== null && decodeMs > 0 && newTokens > 1 ? `, ${(newTokens / (decodeMs / 1000)).toFixed(1)} tokens/s` : '';
  return `${durationWords(totalMs)}${speed}`;
}
