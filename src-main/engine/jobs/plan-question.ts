// What a question would send and take, before it is sent. Follows answer.ts and answer-from-endpoint.ts without pixels, weights or network.
import type { JobInput, JobResult } from '@contract/job.ts';
import type { Job } from '../../base/job.ts';
import { usualImageTokens } from '../../base/usual-limits.ts';
import { publishedContext, reckonedTokens, turnTokens } from '../../endpoints/context-size.ts';
import { planForEndpoint } from '../../endpoints/endpoint-messages.ts';
import { freeMemoryBytes } from '../../inference/free-memory.ts';
import { forecastMemory } from '../../inference/memory-forecast.ts';
import { contextFor, planPictures, planPrompt } from '../../inference/plan-question.ts';
import type { ImagePlan } from '../../inference/vision-model.ts';
import { chatMessagesOf, withRoomFor } from './answer.ts';
import { openedPackage } from './load-model.ts';
import { promptModelOf } from './prompt-model.ts';
import { shownSize } from './shown-pictures.ts';

const recordOf = ({ original, padded, input, tokens }: ImagePlan): JobResult<'plan-question'>['pages'][number] => ({ original: { ...original }, padded: { ...padded }, input: { ...input }, tokens });

/** @throws package-not-found, package-damaged, template-invalid, image-empty */
export async function planQuestion(_job: Job, { by, messages, sizes }: JobInput<'plan-question'>): Promise<JobResult<'plan-question'>> {
  const pages = messages.flatMap(({ parts }) => parts.flatMap((part) => (part.type === 'page' ? [part.page] : [])));
  const shown = pages.map((page, at) => ({ ...shownSize(sizes[at]!, page), maxImageTokens: page.maxImageTokens }));
  if (by.kind === 'endpoint') {
    const plans = shown.map(({ maxImageTokens = by.maxImageTokens, ...size }) => planForEndpoint(size, by, Math.min(by.mostImageTokens, maxImageTokens)));
    const wordsOf = ({ parts }: JobInput<'plan-question'>['messages'][number]): number => reckonedTokens(parts.map((part) => (part.type === 'text' ? part.text : '')).join(''));
    const asked = messages.findLast(({ role }) => role === 'user');
    const promptTokens = plans.reduce((sum, { tokens }) => sum + tokens, 0) + messages.reduce((sum, message) => sum + wordsOf(message) + turnTokens, 0);
    return { pages: plans.map(recordOf), promptTokens, textTokens: asked ? wordsOf(asked) : 0, isReckoned: true, skippedPictures: 0, contextTokens: by.contextTokens ?? publishedContext(by.model), memory: null };
  }
  const { folder, contextTokens: wantedContext, maxImageTokens = usualImageTokens } = by.model;
  const model = await promptModelOf(folder);
  const plans = planPictures(model.manifest, shown, maxImageTokens);
  const { promptTokens, textTokens, skippedImages } = planPrompt(model, chatMessagesOf(messages), plans, by.numberPictures ?? false);
  const needed = wantedContext ?? contextFor(model.manifest, promptTokens, by.maxNewTokens);
  const open = openedPackage(folder);
  const isOpen = open !== null && open.contextTokens >= needed;
  const contextTokens = isOpen ? open.contextTokens : needed;
  const neededBytes = forecastMemory(model.manifest, { contextTokens, imageTokens: withRoomFor(by.model, pages).maxImageTokens ?? usualImageTokens, withFastText: false, withLayers: false }).totalBytes;
  return { pages: plans.map(recordOf), promptTokens, textTokens, isReckoned: false, skippedPictures: skippedImages, contextTokens, memory: { neededBytes, freeBytes: await freeMemoryBytes(), isOpen } };
}
