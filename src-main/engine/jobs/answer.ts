// Answers a question about pages: pixels from their files, the model's answer as it is written, places on the pages.
import type { JobInput, JobResult } from '@contract/job.ts';
import type { Grounding } from '@contract/model.ts';
import { partOf, type Job } from '../../base/job.ts';
import { usualContextTokens, usualImageTokens } from '../../base/usual-limits.ts';
import type { PlacedGrounding, Question, SentPicture } from '../../inference/answer-question.ts';
import { readManifest } from '../../inference/open-package.ts';
import { contextFor, mostPromptTokens, planPictures, planPrompt } from '../../inference/plan-question.ts';
import type { ChatMessage } from '../../inference/tokenizer/chat-prompt.ts';
import { answerStream } from './answer-stream.ts';
import { modelFor } from './load-model.ts';
import { promptModelOf } from './prompt-model.ts';
import { shownPictures } from './shown-pictures.ts';

/** Messages as a prompt is written from them. */
export function chatMessagesOf(messages: JobInput<'answer'>['messages']): ChatMessage[] {
  return messages.map(({ role, parts }) => ({ role, parts: parts.map((part) => (part.type === 'page' ? { type: 'image' } : part)) }));
}

/** The context that the question needs; the usual one for all but long ones, which are counted exactly. */
async function contextOf({ model, maxNewTokens, numberPictures }: JobInput<'answer'>, messages: readonly ChatMessage[], pictures: readonly SentPicture[]): Promise<number> {
  if (model.contextTokens !== undefined) return model.contextTokens;
  const manifest = await readManifest(model.folder);
  const plans = planPictures(manifest, pictures.map(({ picture: { width, height }, maxImageTokens }) => ({ width, height, maxImageTokens })), model.maxImageTokens ?? usualImageTokens);
  if (contextFor(manifest, mostPromptTokens(messages, plans), maxNewTokens) <= usualContextTokens) return usualContextTokens;
  const promptModel = await promptModelOf(model.folder);
  return contextFor(manifest, planPrompt(promptModel, messages, plans, numberPictures ?? false).promptTokens, maxNewTokens);
}

/** The choice with room for the largest of the pictures. */
export function withRoomFor<Choice extends JobInput<'answer'>['model']>(choice: Choice, pictures: readonly { maxImageTokens?: number | undefined }[]): Choice {
  const most = Math.max(0, ...pictures.map(({ maxImageTokens = 0 }) => maxImageTokens));
  return most > (choice.maxImageTokens ?? usualImageTokens) ? { ...choice, maxImageTokens: most } : choice;
}

const groundingOf = ({ image, ...rest }: PlacedGrounding): Grounding => ({ ...rest, page: image });

/**
 * @throws what opening a package or a page throws, page-blank, context-overflow, image-empty, template-invalid, out-of-memory, logits-not-finite,
 * job-cancelled
 */
export async function answer(job: Job, input: JobInput<'answer'>): Promise<JobResult<'answer'>> {
  const pictures = await shownPictures(job, input.messages);
  const messages = chatMessagesOf(input.messages);
  const { answerer } = await modelFor(partOf(job, 0, 0.1), { ...withRoomFor(input.model, pictures), contextTokens: await contextOf(input, messages, pictures) });
  const { sampling = {}, maxNewTokens, stopTexts, numberPictures } = input;
  const question: Question = {
    messages,
    pictures,
    sampling: Object.fromEntries(Object.entries(sampling).filter(([, value]) => value !== undefined)),
    maxImageTokens: input.model.maxImageTokens ?? usualImageTokens,
    ...(maxNewTokens === undefined ? {} : { maxNewTokens }),
    ...(stopTexts === undefined ? {} : { stopTexts }),
    ...(numberPictures === undefined ? {} : { numberPictures }),
  };
  const stream = answerStream(job);
  const result = await answerer.answer(job, question, { onText: stream.text, onGrounding: (found) => stream.place(groundingOf(found)) }).finally(stream.flush);
  const { manifest, choice } = answerer.model;
  return {
    text: result.text,
    raw: result.raw,
    groundings: result.groundings.map(groundingOf),
    finish: result.finish,
    record: {
      model: { id: manifest.id, name: manifest.name, provider: choice.provider },
      promptTokens: result.sent.promptTokens,
      reusedTokens: result.sent.reusedTokens,
      newTokens: result.tokens.length,
      pages: result.sent.images.map(({ original, padded, input: sent, tokens }) => ({ original: sizeOf(original), padded: sizeOf(padded), input: sizeOf(sent), tokens })),
      sampling: { ...result.sampling },
      ...result.timing,
    },
  };
}

const sizeOf = ({ width, height }: { width: number; height: number }): { width: number; height: number } => ({ width, height });
