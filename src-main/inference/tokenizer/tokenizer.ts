// Text to token ids and back, special tokens included. Special tokens are recognised only where the caller allows them, so text from
// users and pages can never pose as control. Knows no prompt format.
import { AppError } from '../../base/errors.ts';
import { BytePairEncoder, type ByteString } from './byte-pair-encoder.ts';
import { v1Specials, type SpecialToken, type TokenizerParts } from './tokenizer-files.ts';

/** What users and answers may write as one token: the marks of grounding. */
export const groundingTags: ReadonlySet<string> = new Set([
  '<|object_ref_start|>', '<|object_ref_end|>', '<|box_start|>', '<|box_end|>', '<|quad_start|>', '<|quad_end|>',
  v1Specials.refStart, v1Specials.refEnd, v1Specials.boxStart, v1Specials.boxEnd, v1Specials.quadStart, v1Specials.quadEnd,
]);

/** Marks a place inside the text of a special token that is meant literally; removed before encoding. From the private use area. */
const literalMark = '\uf8f7';

export class Tokenizer {
  readonly specials: readonly SpecialToken[];
  /** Ids run from 0 to below this; a model's table may have more rows, which stand for nothing. */
  readonly size: number;
  readonly #encoder: BytePairEncoder;
  readonly #byText: ReadonlyMap<string, SpecialToken>;
  readonly #byId: ReadonlyMap<number, SpecialToken>;
  readonly #bytes: (string | undefined)[] = [];
  readonly #specialPattern: RegExp;

  constructor(parts: TokenizerParts) {
    this.specials = parts.specials;
    this.#encoder = new BytePairEncoder(parts.vocabulary, parts.pattern);
    this.#byText = new Map(parts.specials.map((token) => [token.text, token]));
    this.#byId = new Map(parts.specials.map((token) => [token.id, token]));
    for (const [bytes, id] of parts.vocabulary.ids) this.#bytes[id] = bytes;
    this.size = Math.max(this.#bytes.length, ...parts.specials.map((token) => token.id + 1));
    const longestFirst = parts.specials.map((token) => token.text).sort((one, other) => other.length - one.length);
    this.#specialPattern = new RegExp(longestFirst.map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|') || '(?!)', 'g');
  }

  /** The id of a special token, or null. */
  special(text: string): number | null {
    return this.#byText.get(text)?.id ?? null;
  }

  /** @throws token-unknown */
  requireSpecial(text: string): number {
    const id = this.special(text);
    if (id === null) throw new AppError('token-unknown', { token: text });
    return id;
  }

  /** Control tokens that no reader should see; marks of grounding are control tokens too, but part of the answer. */
  isHidden(id: number): boolean {
    const token = this.#byId.get(id);
    return token !== undefined && token.isControl && !groundingTags.has(token.text);
  }

  /** Text in which special tokens count (`allowed`: only these), unless `asLiteral` marked them. */
  encode(text: string, allowed?: ReadonlySet<string>): number[] {
    const ids: number[] = [];
    let end = 0;
    const plain = (part: string): void => {
      if (part !== '') for (const id of this.#encoder.encode(part.replaceAll(literalMark, ''))) ids.push(id);
    };
    for (const match of text.matchAll(this.#specialPattern)) {
      if (allowed && !allowed.has(match[0])) continue;
      plain(text.slice(end, match.index));
      ids.push(this.#byText.get(match[0])!.id);
      end = match.index + match[0].length;
    }
    plain(text.slice(end));
    return ids;
  }

  /** Text from a user or a page: whatever looks like a special token is ordinary text. */
  encodePlain(text: string): number[] {
    return this.#encoder.encode(text);
  }

  /**
   * Marks what looks like special tokens, but for those in `kept`, so that a later `encode` of a prompt around this text takes them
   * literally.
   */
  asLiteral(text: string, kept?: ReadonlySet<string>): string {
    return text.replaceAll(literalMark, '').replace(this.#specialPattern, (token) => (kept?.has(token) ? token : token[0]! + literalMark + token.slice(1)));
  }

  /** The bytes a token stands for. A special token's are its name's. @throws token-unknown */
  bytesOf(id: number): Uint8Array {
    const special = this.#byId.get(id);
    if (special) return new Uint8Array(Buffer.from(special.text, 'utf8'));
    const bytes = this.#bytes[id];
    if (bytes === undefined) throw new AppError('token-unknown', { token: id });
    return new Uint8Array(Buffer.from(bytes, 'latin1'));
  }

  /** Every token that is not special, with its bytes. */
  *plainTokens(): Generator<readonly [number, ByteString]> {
    for (const [id, bytes] of this.#bytes.entries()) if (bytes !== undefined && !this.#byId.has(id)) yield [id, bytes];
  }

  /** Whole text of `ids`. Control tokens are left out on demand; broken characters become U+FFFD. */
  decode(ids: Iterable<number>, options: { skipControl?: boolean } = {}): string {
    const pieces = [];
    for (const id of ids) if (!(options.skipControl && this.#byId.get(id)?.isControl)) pieces.push(this.bytesOf(id));
    return Buffer.concat(pieces).toString('utf8');
  }
}

/** Turns tokens into text one by one; a character whose bytes are spread over tokens comes out whole. */
export class TextStreamer {
  readonly #tokenizer: Tokenizer;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  constructor(tokenizer: Tokenizer) {
    this.#tokenizer = tokenizer;
  }

  /** The text that became complete with this token; often one word, sometimes nothing. */
  push(id: number): string {
    return this.#decoder.decode(this.#tokenizer.bytesOf(id), { stream: true });
  }

  /** What is left when generation ends: U+FFFD for a character that was never finished. */
  end(): string {
    return this.#decoder.decode();
  }
}
