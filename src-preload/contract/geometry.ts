// Points, rectangles and quads, each carrying the coordinate space it lives in. Page space is the only one that is stored.
import { z } from 'zod';

const coordinate = z.number().finite();

/** A point in page pixels: the stored image after its EXIF orientation, before any page rotation; origin top-left. */
export const pagePoint = z.tuple([coordinate, coordinate]);
export type PagePoint = [x: number, y: number] & { readonly space?: 'page' };

/** A point in model input pixels (the resized image that the model was given). */
export type InputPoint = [x: number, y: number] & { readonly space?: 'input' };
/** A point on the model's 0–1000 grid. */
export type GridPoint = [x: number, y: number] & { readonly space?: 'grid' };
/** A point in canvas CSS pixels. */
export type ViewPoint = [x: number, y: number] & { readonly space?: 'view' };
/** A point in PDF user space: 1/72 inch, origin bottom-left. */
export type PdfPoint = [x: number, y: number] & { readonly space?: 'pdf' };

/** Four corners, clockwise from the text's own top-left (so a line read upside down starts at its bottom-right pixel). */
export const quad = z.tuple([pagePoint, pagePoint, pagePoint, pagePoint]);
export type Quad = [PagePoint, PagePoint, PagePoint, PagePoint];

/** An axis-aligned rectangle in page pixels. */
export const rect = z.object({ x: coordinate, y: coordinate, width: coordinate.nonnegative(), height: coordinate.nonnegative() });
export type Rect = z.infer<typeof rect>;

/** Clockwise turn, in degrees, that makes the stored image upright. */
export const rotation = z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]);
export type Rotation = z.infer<typeof rotation>;

/** The smallest axis-aligned rectangle around points of one space. */
export function boundsOf(points: readonly (readonly [number, number])[]): Rect {
  let left = Infinity, top = Infinity, right = -Infinity, bottom = -Infinity;
  for (const [x, y] of points) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  return points.length ? { x: left, y: top, width: right - left, height: bottom - top } : { x: 0, y: 0, width: 0, height: 0 };
}

/** The part of a quad between two shares of its text's length. */
export function partOfQuad([topLeft, topRight, bottomRight, bottomLeft]: Quad, from: number, to: number): Quad {
  const between = (a: PagePoint, b: PagePoint, share: number): PagePoint => [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
  return [between(topLeft, topRight, from), between(topLeft, topRight, to), between(bottomLeft, bottomRight, to), between(bottomLeft, bottomRight, from)];
}
