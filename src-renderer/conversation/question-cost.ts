// About what the next question will take: tokens of its pictures and of what the conversation already holds, and the memory of the model.
// An estimate from sizes alone, made before anything is sent; what was really sent stands in the answer's record.
import type { InstalledModel } from '@contract/installed-models.ts';
import type { Message } from '@contract/conversation.ts';

export interface PictureSize { width: number; height: number }

export interface QuestionCost {
  tokens: number;
  contextTokens: number;
  memoryBytes: number;
}

/** What a picture takes when nothing else is asked for, and what the first Qwen-VL always takes. */
const usualImageTokens = 768;
const fixedImageTokens = 256;
/** The context a model is opened with unless it was made for less. */
const usualContextTokens = 8192;
const charactersPerToken = 3;

/** Sides of the square of pixels that becomes one token. */
const tokenSides: Record<string, number> = { 'qwen3-vl': 32 };

function imageTokens(architecture: string, { width, height }: PictureSize, maxImageTokens = usualImageTokens): number {
  if (architecture === 'qwen-vl') return fixedImageTokens;
  const side = tokenSides[architecture] ?? 28;
  return Math.max(4, Math.min(maxImageTokens, Math.ceil(width / side) * Math.ceil(height / side)));
}

/**
 * @param pictures sizes of what is attached now; null for one that is not known yet, which counts in full
 * @param before the messages that the model is given again
 */
export function questionCost(model: InstalledModel, text: string, pictures: readonly (PictureSize | null)[], before: readonly Message[], maxImageTokens = usualImageTokens): QuestionCost {
  const last = before.findLast((one) => (one.record?.promptTokens ?? null) !== null)?.record;
  const held = last ? (last.promptTokens ?? 0) + (last.newTokens ?? 0) : 0;
  const shown = pictures.reduce((sum, one) => sum + (one ? imageTokens(model.architecture, one, maxImageTokens) : maxImageTokens), 0);
  return {
    tokens: held + shown + Math.ceil(text.length / charactersPerToken) + 20,
    contextTokens: model.loaded?.contextTokens ?? Math.min(usualContextTokens, model.maxContextTokens),
    memoryBytes: model.forecast.totalBytes,
  };
}
