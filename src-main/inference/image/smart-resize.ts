// Which size a picture gets before it is cut into patches: the published rule of Qwen2-VL and later. Knows numbers only.
import { AppError } from '../../base/errors.ts';

export interface InputSize {
  readonly width: number;
  readonly height: number;
}

/** The reference refuses longer shapes; a page is padded up to this ratio instead (see `paddedSize`). */
export const maxAspectRatio = 200;

/** Python's `round`: halves go to the even neighbour. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/**
 * Both sides a multiple of `factor`, the area within the limits, the ratio nearly kept.
 * @throws image-empty for a side of zero
 * @source transformers `image_processing_qwen2_vl.smart_resize`
 */
export function smartResize({ width, height }: InputSize, factor: number, minPixels: number, maxPixels: number): InputSize {
  if (!(width > 0 && height > 0)) throw new AppError('image-empty', { width, height });
  let newHeight = roundHalfEven(height / factor) * factor;
  let newWidth = roundHalfEven(width / factor) * factor;
  if (newHeight * newWidth > maxPixels) {
    const beta = Math.sqrt((height * width) / maxPixels);
    newHeight = Math.max(factor, Math.floor(height / beta / factor) * factor);
    newWidth = Math.max(factor, Math.floor(width / beta / factor) * factor);
  } else if (newHeight * newWidth < minPixels) {
    const beta = Math.sqrt(minPixels / (height * width));
    newHeight = Math.ceil((height * beta) / factor) * factor;
    newWidth = Math.ceil((width * beta) / factor) * factor;
  }
  return { width: Math.max(factor, newWidth), height: Math.max(factor, newHeight) };
}

/** The size after padding the short side so that the ratio is at most `maxAspectRatio`; most pictures stay as they are. */
export function paddedSize({ width, height }: InputSize): InputSize {
  return { width: Math.max(width, Math.ceil(height / maxAspectRatio)), height: Math.max(height, Math.ceil(width / maxAspectRatio)) };
}
