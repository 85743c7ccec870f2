// What a question will take, by the same rules that answering it follows: sizes and tokens of its pictures, tokens of its prompt, the context that
// it needs. Knows sizes and words; opens no weights and sees no pixels.
import { usualAnswerTokens, usualContextTokens } from '../base/usual-limits.ts';
import type { PackageManifest } from '../model/package-format.ts';
import { buildPrompt, type ChatFormat, type ChatMessage } from './tokenizer/chat-prompt.ts';
import type { Tokenizer } from './tokenizer/tokenizer.ts';
import { planImage, type ImageLimits, type ImagePlan } from './vision-model.ts';
import type { InputSize } from './image/smart-resize.ts';

/** What is needed of a package to write a prompt for it. */
export interface PromptModel {
  readonly manifest: PackageManifest;
  readonly tokenizer: Tokenizer;
  readonly format: ChatFormat;
}

/** Sizes of the pictures as they would be sent; `maxImageTokens` is for those that bring no limit of their own. @throws image-empty */
export function planPictures({ config: { vision }, processor }: PackageManifest, sizes: readonly (InputSize & { maxImageTokens?: number | undefined })[], maxImageTokens: number, limits: ImageLimits = {}): ImagePlan[] {
  const tokenPixels = (vision.patchSize * vision.mergeSize) ** 2;
  return sizes.map((size) => planImage({ width: size.width, height: size.height }, vision, processor, { maxPixels: (size.maxImageTokens ?? maxImageTokens) * tokenPixels, ...limits }));
}

export interface PlannedPrompt {
  /** Tokens of the whole prompt, pictures included. */
  readonly promptTokens: number;
  /** Of the words of the last question alone. */
  readonly textTokens: number;
  /** The oldest pictures that a full window leaves out. */
  readonly skippedImages: number;
}

/** The prompt that would be sent. @throws template-invalid, token-unknown */
export function planPrompt({ tokenizer, format }: PromptModel, messages: readonly ChatMessage[], plans: readonly ImagePlan[], numberPictures: boolean): PlannedPrompt {
  const { ids, skippedImages } = buildPrompt(tokenizer, { ...format, numberPictures }, messages, plans.map((plan) => plan.tokens));
  const asked = messages.findLast(({ role }) => role === 'user');
  const text = asked?.parts.map((part) => (part.type === 'text' ? part.text : '')).join('') ?? '';
  return { promptTokens: ids.length, textTokens: tokenizer.encodePlain(text).length, skippedImages };
}

/** Tokens a prompt has at most, told from its length: no token is shorter than a byte, and a turn or a picture is framed by few. */
export function mostPromptTokens(messages: readonly ChatMessage[], plans: readonly ImagePlan[]): number {
  const frame = 48;
  const bytes = messages.reduce((sum, { parts }) => sum + parts.reduce((inner, part) => inner + (part.type === 'text' ? Buffer.byteLength(part.text) : 0), 0), 0);
  return bytes + plans.reduce((sum, plan) => sum + plan.tokens + frame, 0) + frame * (messages.length + 1);
}

/** The step in which a context grows beyond the usual one: not every longer question opens the model anew. */
const contextStep = 4096;

/** The context in which a prompt has room with its answer: the usual one while that is enough, never more than the model was made for. */
export function contextFor({ config }: PackageManifest, promptTokens: number, maxNewTokens: number = usualAnswerTokens): number {
  const needed = promptTokens + Math.min(maxNewTokens, usualAnswerTokens);
  return Math.min(config.text.maxPositions, Math.max(usualContextTokens, Math.ceil(needed / contextStep) * contextStep));
}
