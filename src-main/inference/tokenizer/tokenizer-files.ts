// Reads the published tokenizer files: tokenizer.json (Qwen2-VL and later) and qwen.tiktoken (v1). Knows their formats, no prompts.
import { AppError } from '../../base/errors.ts';
import { qwenSplitPattern, splitPattern, type BytePairVocabulary, type ByteString } from './byte-pair-encoder.ts';

export interface SpecialToken {
  readonly id: number;
  readonly text: string;
  /** Control tokens are hidden from readers; others (tool calls, reasoning marks) are part of the answer. */
  readonly isControl: boolean;
}

export interface TokenizerParts {
  readonly vocabulary: BytePairVocabulary;
  readonly pattern: RegExp;
  readonly specials: readonly SpecialToken[];
}

interface TokenizerJson {
  added_tokens?: { id: number; content: string; special?: boolean; lstrip?: boolean; rstrip?: boolean }[];
  normalizer?: { type?: string } | null;
  pre_tokenizer?: { type?: string; pretokenizers?: { type?: string; pattern?: { Regex?: string } }[] };
  model?: { type?: string; vocab?: Record<string, number>; merges?: (string | [string, string])[] };
}

/** GPT-2's printable stand-in for each byte, back to the byte. @source openai/gpt-2 `bytes_to_unicode` */
function byteOfCharacter(): Map<string, string> {
  const table = new Map<string, string>();
  let shifted = 0;
  for (let byte = 0; byte < 256; byte++) {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    table.set(String.fromCharCode(printable ? byte : 256 + shifted++), String.fromCharCode(byte));
  }
  return table;
}

/** @throws checkpoint-damaged, checkpoint-unsupported (another kind of tokenizer) */
export function readTokenizerJson(json: unknown): TokenizerParts {
  const file = 'tokenizer.json';
  const parsed = (typeof json === 'object' && json !== null ? json : {}) as TokenizerJson;
  const { model, added_tokens: added = [] } = parsed;
  if (model?.type !== 'BPE' || !model.vocab || !Array.isArray(model.merges)) throw new AppError('checkpoint-unsupported', { file, reason: `a ${model?.type ?? 'missing'} tokenizer; byte-level BPE can be read` });
  if (parsed.normalizer && parsed.normalizer.type !== 'NFC') throw new AppError('checkpoint-unsupported', { file, reason: `a ${String(parsed.normalizer.type)} normaliser` });
  const steps = parsed.pre_tokenizer?.pretokenizers ?? [];
  const source = steps.find((step) => step.type === 'Split')?.pattern?.Regex;
  if (source === undefined || !steps.some((step) => step.type === 'ByteLevel')) throw new AppError('checkpoint-unsupported', { file, reason: 'text is not split by a pattern into bytes' });

  const table = byteOfCharacter();
  const toBytes = (token: string): ByteString => {
    let bytes = '';
    for (const character of token) {
      const byte = table.get(character);
      if (byte === undefined) throw new AppError('checkpoint-damaged', { file, reason: `the token ${token} is not made of bytes` });
      bytes += byte;
    }
    return bytes;
  };
  const specialTexts = new Set(added.map((token) => token.content));
  const ids = new Map<ByteString, number>();
  for (const [token, id] of Object.entries(model.vocab)) if (!specialTexts.has(token)) ids.set(toBytes(token), id);
  const ranks = new Map<string, number>();
  model.merges.forEach((merge, rank) => {
    const [left, right] = typeof merge === 'string' ? merge.split(' ') : merge;
    if (left === undefined || right === undefined) throw new AppError('checkpoint-damaged', { file, reason: `merge ${rank} is not a pair` });
    ranks.set(pairKey(toBytes(left), toBytes(right)), rank);
  });
  return {
    vocabulary: { ids, rankOf: (left, right) => ranks.get(pairKey(left, right)) },
    pattern: splitPattern(source),
    specials: added.map(({ id, content, special }) => ({ id, text: content, isControl: special ?? false })),
  };
}

/** No byte string holds U+FFFF. */
function pairKey(left: ByteString, right: ByteString): string {
  return `${left}\uffff${right}`;
}

const extraTokens = 205;

/** v1's special tokens follow its ranks in this order. @source Qwen-VL `tokenization_qwen.py` */
export const v1Specials = {
  endOfText: '<|endoftext|>', imStart: '<|im_start|>', imEnd: '<|im_end|>',
  refStart: '<ref>', refEnd: '</ref>', boxStart: '<box>', boxEnd: '</box>', quadStart: '<quad>', quadEnd: '</quad>',
  imageStart: '<img>', imageEnd: '</img>', imagePad: '<imgpad>',
} as const;

/** `qwen.tiktoken`: lines of base64 bytes and rank, rank being the id. @throws checkpoint-damaged */
export function readTiktoken(text: string): TokenizerParts {
  const file = 'qwen.tiktoken';
  const ids = new Map<ByteString, number>();
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const [base64, rank] = line.split(' ');
    const id = Number(rank);
    if (!base64 || rank === undefined || !Number.isInteger(id)) throw new AppError('checkpoint-damaged', { file, reason: `the line "${line.slice(0, 40)}"` });
    ids.set(Buffer.from(base64, 'base64').toString('latin1'), id);
  }
  if (ids.size < 256) throw new AppError('checkpoint-damaged', { file, reason: `only ${ids.size} tokens` });
  const { endOfText, imStart, imEnd, ...tags } = v1Specials;
  const names = [endOfText, imStart, imEnd, ...Array.from({ length: extraTokens }, (_, at) => `<|extra_${at}|>`), ...Object.values(tags)];
  const control = new Set<string>([endOfText, imStart, imEnd]);
  return {
    vocabulary: { ids, rankOf: (left, right) => ids.get(left + right) },
    pattern: splitPattern(qwenSplitPattern),
    specials: names.map((name, at) => ({ id: ids.size + at, text: name, isControl: control.has(name) || name.startsWith('<|extra_') })),
  };
}
