// A conversation to the tokens of a prompt, as each generation was trained: ChatML segments for v1, the checkpoint's own template for
// the others. Text of users and pages never becomes control tokens. Knows how many tokens an image takes only by being told.
import { Template } from '@huggingface/jinja';
import { AppError, assert } from '../../base/errors.ts';
import { v1Specials } from './tokenizer-files.ts';
import { groundingTags, type Tokenizer } from './tokenizer.ts';

export type ChatPart = { readonly type: 'text'; readonly text: string } | { readonly type: 'image' };

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly parts: readonly ChatPart[];
}

export interface ChatPrompt {
  /** Image tokens repeated as often as the image needs. */
  readonly ids: number[];
  /** The prompt as text with one image token per image, for the record. */
  readonly text: string;
  /** Oldest images whose turns the window has no room for. */
  readonly skippedImages: number;
}

export interface ChatFormat {
  /** `template`: jinja source of the checkpoint. `chatml`: v1 Chat. `raw`: v1 base, no roles. */
  readonly kind: 'template' | 'chatml' | 'raw';
  readonly template?: string;
  /** v1 Chat: tokens of system message and history at most; older turns are left out. */
  readonly windowTokens?: number;
  /** Number the pictures in the prompt (`Picture 1: `), so that a question can name them. */
  readonly numberPictures?: boolean;
}

/** Answers also hold their own reasoning and calls. */
const answerTags = new Set([...groundingTags, '<think>', '</think>', '<tool_call>', '</tool_call>']);

/** The conversation up to an answer that is to be gone on with, and what is written of it. */
function openAnswer(messages: readonly ChatMessage[]): { before: readonly ChatMessage[]; written: string } {
  const last = messages.at(-1);
  if (last?.role !== 'assistant') return { before: messages, written: '' };
  return { before: messages.slice(0, -1), written: last.parts.map((part) => (part.type === 'text' ? part.text : '')).join('') };
}

/**
 * A last message of the assistant stays open: the model goes on behind its last word.
 * @param imageTokens tokens per image, in the order in which the messages hold them
 * @throws template-invalid, token-unknown
 */
export function buildPrompt(tokenizer: Tokenizer, format: ChatFormat, messages: readonly ChatMessage[], imageTokens: readonly number[]): ChatPrompt {
  const images = messages.flatMap((message) => message.parts).filter((part) => part.type === 'image').length;
  assert(images === imageTokens.length, 'every image of the conversation has its number of tokens');
  if (format.kind === 'template') return fromTemplate(tokenizer, format, messages, imageTokens);
  return format.kind === 'chatml' ? fromChatMl(tokenizer, format.windowTokens ?? Infinity, messages, imageTokens) : fromRaw(tokenizer, messages, imageTokens);
}

function fromTemplate(tokenizer: Tokenizer, format: ChatFormat, messages: readonly ChatMessage[], imageTokens: readonly number[]): ChatPrompt {
  const { before, written } = openAnswer(messages);
  const guarded = before.map(({ role, parts }) => {
    const content = parts.map((part) => (part.type === 'image' ? { type: 'image' } : { type: 'text', text: tokenizer.asLiteral(part.text, role === 'assistant' ? answerTags : groundingTags) }));
    // older templates take plain text as a string; both forms render the same in the newer ones
    const only = content.length === 1 && 'text' in content[0]! ? content[0].text : null;
    return { role, content: role === 'system' && only !== null ? only : content };
  });
  let text: string;
  try {
    text = new Template(format.template ?? '').render({ messages: guarded, add_generation_prompt: true, add_vision_id: format.numberPictures ?? false });
  } catch (error) {
    throw new AppError('template-invalid', { detail: error instanceof Error ? error.message : String(error) }, error);
  }
  text += tokenizer.asLiteral(written, answerTags);
  const imagePad = tokenizer.requireSpecial('<|image_pad|>');
  const ids: number[] = [];
  let image = 0;
  for (const id of tokenizer.encode(text)) {
    if (id !== imagePad) {
      ids.push(id);
      continue;
    }
    const count = imageTokens[image++];
    if (count === undefined) throw new AppError('template-invalid', { detail: 'the template writes more images than the conversation has' });
    for (let at = 0; at < count; at++) ids.push(id);
  }
  if (image !== imageTokens.length) throw new AppError('template-invalid', { detail: 'the template leaves images out' });
  return { ids, text: tokenizer.decode(tokenizer.encode(text)), skippedImages: 0 };
}

const { imStart, imEnd, imageStart, imageEnd, imagePad: pad } = v1Specials;
const contentTags = new Set<string>([...groundingTags, imageStart, imageEnd, pad]);

/** Text of one v1 message: pictures are named and closed as `from_list_format` does. */
function v1Content(tokenizer: Tokenizer, message: ChatMessage, imageTokens: readonly number[], firstImage: number, isNamed: boolean): { text: string; images: number } {
  let images = 0;
  const text = message.parts
    .map((part) => {
      if (part.type === 'text') return tokenizer.asLiteral(part.text, groundingTags);
      const at = firstImage + images++;
      const slots = pad.repeat(imageTokens[at]!);
      return isNamed ? `Picture ${at + 1}: ${imageStart}${slots}${imageEnd}\n` : `${imageStart}${slots}${imageEnd}`;
    })
    .join('');
  return { text, images };
}

/** Every segment is tokenised by itself; the oldest turns give way when the window is full. @source Qwen-VL-Chat `make_context` */
function fromChatMl(tokenizer: Tokenizer, windowTokens: number, messages: readonly ChatMessage[], imageTokens: readonly number[]): ChatPrompt {
  const start = tokenizer.requireSpecial(imStart);
  const end = tokenizer.requireSpecial(imEnd);
  const newline = tokenizer.encodePlain('\n');
  const { before, written } = openAnswer(messages);
  const system: ChatMessage = before[0]?.role === 'system' ? before[0] : { role: 'system', parts: [{ type: 'text', text: 'You are a helpful assistant.' }] };
  let image = 0;
  const segment = (message: ChatMessage): { ids: number[]; images: number; message: ChatMessage } => {
    const content = v1Content(tokenizer, message, imageTokens, image, true);
    image += content.images;
    return { ids: [start, ...tokenizer.encodePlain(message.role), ...newline, ...tokenizer.encode(content.text, contentTags), end], images: content.images, message };
  };
  const first = segment(system);
  const rest = before.filter((message) => message !== system).map(segment);
  // what is asked is always sent; a turn of the history is sent whole or not at all
  const asked = Math.max(0, rest.findLastIndex((one) => one.message.role === 'user'));
  let from = asked;
  for (let used = first.ids.length; from > 0; ) {
    const turn = rest.slice(0, from).findLastIndex((one) => one.message.role === 'user');
    const size = rest.slice(Math.max(0, turn), from).reduce((sum, one) => sum + one.ids.length + newline.length, 0);
    if (used + size >= windowTokens) break;
    used += size;
    from = Math.max(0, turn);
  }
  const ids = [...first.ids];
  for (const one of rest.slice(from)) {
    ids.push(...newline);
    for (const id of one.ids) ids.push(id);
  }
  ids.push(...newline, start, ...tokenizer.encodePlain('assistant'), ...newline, ...(written ? tokenizer.encode(tokenizer.asLiteral(written, groundingTags), contentTags) : []));
  const skippedImages = rest.slice(0, from).reduce((sum, one) => sum + one.images, 0);
  return { ids, text: tokenizer.decode(ids).replaceAll(new RegExp(`(${pad})+`, 'g'), pad), skippedImages };
}

function fromRaw(tokenizer: Tokenizer, messages: readonly ChatMessage[], imageTokens: readonly number[]): ChatPrompt {
  let image = 0;
  const text = messages
    .map((message) => {
      const content = v1Content(tokenizer, message, imageTokens, image, false);
      image += content.images;
      return content.text;
    })
    .join('\n');
  const ids = tokenizer.encode(text, contentTags);
  return { ids, text: tokenizer.decode(ids).replaceAll(new RegExp(`(${pad})+`, 'g'), pad), skippedImages: 0 };
}
