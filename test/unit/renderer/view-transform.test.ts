// Page pixels ↔ view pixels. Every box, click and selection stands on these few lines.
import { describe, expect, it } from 'vitest';
import type { PagePoint, Rotation, ViewPoint } from '@contract/geometry.ts';
import { fittedCamera, keptInsideView, nextZoomStep, pageBounds, pageToView, revealing, uprightSize, viewToPage, zoomedAt, type PageFrame } from '../../../src-renderer/page/view-transform.ts';

const rotations: Rotation[] = [0, 90, 180, 270];
const frame = (rotation: Rotation): PageFrame => ({ width: 800, height: 600, rotation });
const camera = { scale: 1.37, x: -41.5, y: 12.25 };

describe('view transform', () => {
  it.each(rotations)('goes to the view and back without loss (%i°)', (rotation) => {
    for (const point of [[0, 0], [800, 600], [123.4, 567.8]] as PagePoint[]) {
      const back = viewToPage(camera, frame(rotation), pageToView(camera, frame(rotation), point));
      expect(back[0]).toBeCloseTo(point[0], 6);
      expect(back[1]).toBeCloseTo(point[1], 6);
    }
  });

  // A wrong sign here shows rotated scans upside down or mirrored, with the boxes beside their text.
  it.each([
    [0, [0, 0]],
    [90, [600, 0]],
    [180, [800, 600]],
    [270, [0, 800]],
  ] as [Rotation, [number, number]][])('turns clockwise: at %i° the stored top-left corner lands at %s', (rotation, expected) => {
    expect(pageToView({ scale: 1, x: 0, y: 0 }, frame(rotation), [0, 0]).map((value) => value + 0)).toEqual(expected);
  });

  it.each(rotations)('a turned page covers exactly its upright size (%i°)', (rotation) => {
    const identity = { scale: 1, x: 0, y: 0 };
    const corners = ([[0, 0], [800, 0], [800, 600], [0, 600]] as PagePoint[]).map((corner) => pageToView(identity, frame(rotation), corner));
    const size = uprightSize(frame(rotation));
    expect(Math.min(...corners.map(([x]) => x))).toBeCloseTo(0);
    expect(Math.max(...corners.map(([x]) => x))).toBeCloseTo(size.width);
    expect(Math.max(...corners.map(([, y]) => y))).toBeCloseTo(size.height);
  });

  it('does not mirror: text that runs right in the upright page keeps clockwise corners', () => {
    for (const rotation of rotations) {
      const [a, b, c] = ([[0, 0], [10, 0], [10, 10]] as PagePoint[]).map((corner) => pageToView(camera, frame(rotation), corner)) as [ViewPoint, ViewPoint, ViewPoint];
      expect((b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])).toBeGreaterThan(0);
    }
  });

  it('zooms about the pointer: what lies under it stays', () => {
    const at: [number, number] = [333, 222];
    const before = viewToPage(camera, frame(90), at);
    const after = viewToPage(zoomedAt(camera, 2.5, at), frame(90), at);
    expect(after[0]).toBeCloseTo(before[0], 6);
    expect(after[1]).toBeCloseTo(before[1], 6);
  });

  it('fits the upright page, whole or by width, and never enlarges a thumbnail beyond 2:1', () => {
    const viewport = { width: 648, height: 1048 };
    expect(fittedCamera(frame(90), viewport, 'fit').scale).toBeCloseTo(1);
    expect(fittedCamera(frame(90), viewport, 'width').scale).toBeCloseTo(1);
    expect(fittedCamera(frame(0), viewport, 'fit').scale).toBeCloseTo(0.75);
    expect(fittedCamera({ width: 10, height: 10, rotation: 0 }, viewport, 'fit').scale).toBe(2);
  });

  it('never loses the page: some of it stays in the view however far it is dragged', () => {
    const viewport = { width: 500, height: 400 };
    for (const far of [-1e6, 1e6]) {
      const kept = keptInsideView({ scale: 1, x: far, y: far }, frame(0), viewport);
      expect(kept.x).toBeGreaterThan(-800);
      expect(kept.x).toBeLessThan(500);
      expect(kept.y).toBeGreaterThan(-600);
      expect(kept.y).toBeLessThan(400);
    }
  });

  it('reveals with the smallest move, and not at all what is visible', () => {
    const viewport = { width: 500, height: 400 };
    expect(revealing(camera, { x: 100, y: 100, width: 50, height: 20 }, viewport)).toBe(camera);
    const moved = revealing(camera, { x: 100, y: 900, width: 50, height: 20 }, viewport);
    expect(moved.x).toBe(camera.x);
    expect(moved.y).toBeLessThan(camera.y);
  });

  it('knows the part of a turned page that a view rectangle shows', () => {
    const bounds = pageBounds({ scale: 2, x: 0, y: 0 }, frame(90), { x: 0, y: 0, width: 1200, height: 1600 });
    expect(bounds.x).toBeCloseTo(0);
    expect(bounds.y).toBeCloseTo(0);
    expect(bounds.width).toBeCloseTo(800);
    expect(bounds.height).toBeCloseTo(600);
  });

  it('steps the zoom up and down over the same stations', () => {
    expect(nextZoomStep(1, 1)).toBe(1.25);
    expect(nextZoomStep(1.25, -1)).toBe(1);
    expect(nextZoomStep(0.7, 1)).toBe(0.75);
    expect(nextZoomStep(100, 1)).toBe(32);
  });
});
