// How much a server's model takes at once: as the server says with its list of models, as is known of published names, and as it says when it refuses
// a question that is too long. Knows no network.

/** By the servers that use them: vLLM and SGLang; LM Studio, what is loaded before what could be; OpenRouter and Together; Groq; Mistral. */
const fields = ['max_model_len', 'loaded_context_length', 'context_length', 'context_window', 'max_context_length'];

const isSize = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value > 0;

/** Tokens of prompt and answer together, from a model's entry in the server's list; null where it does not say. */
export function toldContext(model: unknown): number | null {
  if (typeof model !== 'object' || model === null) return null;
  const entry = model as Record<string, unknown>;
  const told = fields.map((field) => entry[field]).find(isSize);
  if (told !== undefined) return told;
  // llama.cpp; what the model was trained with (n_ctx_train) is more than it may have been given
  const meta = entry['meta'] as { n_ctx?: unknown } | null | undefined;
  return isSize(meta?.n_ctx) ? meta.n_ctx : null;
}

/** @source the provider's documentation as of February 2025 */
const published: readonly [RegExp, number][] = [
  [/^qwen-vl-(max|plus)-latest$/i, 131_072],
  [/^qwen-vl-max$/i, 32_768],
  [/^qwen-vl-plus$/i, 8000],
];

export function publishedContext(model: string): number | null {
  return published.find(([name]) => name.test(model))?.[1] ?? null;
}

/** Of characters outside ASCII, a token holds more bytes and fewer characters; both come to about four bytes. */
const bytesPerToken = 4;
/** Tokens of the marks around a turn. */
export const turnTokens = 6;

/** About how many tokens these words take: only the server can count them. */
export function reckonedTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / bytesPerToken);
}

export interface ContextOverflow {
  /** Room for prompt and answer (of some servers, for the prompt alone). */
  readonly limit: number;
  /** Of the prompt alone, as the server counted it; null where it does not say. */
  readonly promptTokens: number | null;
}

const limits = [
  /maximum (?:context|model|sequence) length (?:is|of) ([\d,]+)/i,
  /(?:context (?:length|size|window)|maximum input length) (?:is |of )?\(?([\d,]+)/i,
  /range of input length should be \[\d+, ?([\d,]+)\]/i,
];
const counts = [
  /([\d,]+) (?:tokens )?in the (?:messages|prompt|input)/i,
  /([\d,]+) (?:input|prompt) tokens/i,
  /(?:messages|prompt|input) resulted in ([\d,]+) tokens/i,
  /(?:prompt|input|request) \((?:total )?(?:length )?([\d,]+)(?: tokens)?\)/i,
];

const firstOf = (patterns: readonly RegExp[], text: string): number | null => {
  const digits = patterns.map((pattern) => pattern.exec(text)?.[1]).find((found) => found !== undefined);
  return digits === undefined ? null : Number(digits.replaceAll(',', ''));
};

/** What a refusal says of the context, when that is what it is about. */
export function contextOverflowOf(refusal: string): ContextOverflow | null {
  const limit = firstOf(limits, refusal);
  return limit === null || !isSize(limit) ? null : { limit, promptTokens: firstOf(counts, refusal) };
}
