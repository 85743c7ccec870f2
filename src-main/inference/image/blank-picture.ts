// Tells an empty page from one with something on it, so that no model is asked to describe nothing. Knows pixels only.
import type { Picture } from './picture.ts';

/** Grey levels from the paper's own tone that count as something. */
const inkDistance = 24;
/** Share of sampled pixels that may be dust, a scanner's edge or a fold. */
const dustShare = 0.0004;
/** Pixels looked at per side, about. */
const samplesPerSide = 1000;

/** True when nearly every pixel has the tone of the paper. */
export function isBlank({ width, height, data }: Picture): boolean {
  const step = Math.max(1, Math.floor(Math.min(width, height) / samplesPerSide));
  const tones = new Uint32Array(256);
  let sampled = 0;
  for (let y = 0; y < height; y += step) {
    for (let x = 0; x < width; x += step) {
      const at = (y * width + x) * 3;
      tones[Math.round((data[at]! * 299 + data[at + 1]! * 587 + data[at + 2]! * 114) / 1000)]!++;
      sampled++;
    }
  }
  let below = 0;
  let paper = 0;
  while (paper < 255 && (below += tones[paper]!) < sampled / 2) paper++;
  let ink = 0;
  for (let tone = 0; tone < 256; tone++) if (Math.abs(tone - paper) > inkDistance) ink += tones[tone]!;
  return ink <= sampled * dustShare;
}
