// Where each token of a prompt stands: on one axis for text, on three (time, height, width) inside images. Knows token counts and
// grids, no model.
import { assert } from '../base/errors.ts';

/** A run of `length` text tokens, or one image of `height` × `width` merged tokens. */
export type PromptSpan = { readonly kind: 'text'; readonly length: number } | { readonly kind: 'image'; readonly height: number; readonly width: number };

export interface PositionIds {
  /** `[3, length]`: time, height, width one after the other. */
  readonly ids: Int32Array;
  readonly length: number;
  /** A later token's position on all axes is its index plus this. */
  readonly ropeDelta: number;
}

export function spanLength(span: PromptSpan): number {
  return span.kind === 'text' ? span.length : span.height * span.width;
}

/**
 * Splits a prompt's tokens where images stand. `imageToken` runs are matched with `grids` in order; neighbouring images are told apart by their sizes.
 */
export function spansOf(tokens: ArrayLike<number>, imageToken: number, grids: readonly { height: number; width: number }[]): PromptSpan[] {
  const spans: PromptSpan[] = [];
  let image = 0;
  let textStart = 0;
  for (let at = 0; at < tokens.length; ) {
    if (tokens[at] !== imageToken) {
      at++;
      continue;
    }
    if (at > textStart) spans.push({ kind: 'text', length: at - textStart });
    const grid = grids[image++];
    assert(grid, 'every run of image tokens belongs to an image');
    const span: PromptSpan = { kind: 'image', ...grid };
    for (let inside = 0; inside < spanLength(span); inside++) assert(tokens[at + inside] === imageToken, 'an image has as many tokens as its grid');
    spans.push(span);
    at += spanLength(span);
    textStart = at;
  }
  assert(image === grids.length, `${grids.length} images have a place among the tokens`);
  if (textStart < tokens.length) spans.push({ kind: 'text', length: tokens.length - textStart });
  return spans;
}

/** Multi-axis positions of Qwen2-VL and later. @source transformers `get_rope_index` */
export function multiAxisPositions(spans: readonly PromptSpan[]): PositionIds {
  const length = spans.reduce((sum, span) => sum + spanLength(span), 0);
  const ids = new Int32Array(3 * length);
  let at = 0;
  let next = 0;
  for (const span of spans) {
    if (span.kind === 'text') {
      for (let i = 0; i < span.length; i++, at++) ids[at] = ids[length + at] = ids[2 * length + at] = next++;
    } else {
      for (let row = 0; row < span.height; row++) {
        for (let column = 0; column < span.width; column++, at++) {
          ids[at] = next;
          ids[length + at] = next + row;
          ids[2 * length + at] = next + column;
        }
      }
      next += Math.max(span.height, span.width);
    }
  }
  return { ids, length, ropeDelta: next - length };
}

/** One axis, as v1 counts: images are tokens like others. */
export function singleAxisPositions(length: number): PositionIds {
  return { ids: Int32Array.from({ length: 3 * length }, (_, at) => at % Math.max(1, length)), length, ropeDelta: 0 };
}
