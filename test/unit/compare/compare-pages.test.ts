// Pages without text that was read: only their ink says how they lie on one another. Drawn here: blots at fixed places.
import { expect, test } from 'vitest';
import type { PageText } from '@contract/document.ts';
import { quietJob } from '../../../src-main/base/job.ts';
import { comparePages } from '../../../src-main/compare/compare-pages.ts';
import { picture, turnPicture, type Picture } from '../../../src-main/inference/image/picture.ts';
import { lettered } from './page-of-lines.ts';

interface Drawn {
  readonly width?: number;
  readonly height?: number;
  /** Turn in radians, about the middle. */
  readonly turn?: number;
  readonly shift?: readonly [number, number];
  readonly noise?: number;
  readonly extra?: readonly [x: number, y: number];
}

/** Blots of many sizes, the same on every page; `extra` puts a ring somewhere. */
function drawn({ width = 600, height = 800, turn = 0, shift = [0, 0], noise = 0, extra }: Drawn = {}): Picture {
  let state = 7;
  const random = (): number => (state = (state * 16807) % 2147483647) / 2147483647;
  const blots = Array.from({ length: 90 }, () => ({ x: 40 + random() * 520, y: 40 + random() * 720, wide: 6 + random() * 34, tall: 4 + random() * 12 }));
  const cos = Math.cos(turn), sin = Math.sin(turn), data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const u = (x - shift[0] - 300) * cos + (y - shift[1] - 400) * sin + 300, v = -(x - shift[0] - 300) * sin + (y - shift[1] - 400) * cos + 400;
      const isInk = blots.some((blot) => Math.abs(u - blot.x) < blot.wide / 2 && Math.abs(v - blot.y) < blot.tall / 2);
      const away = extra ? Math.hypot(u - extra[0], v - extra[1]) : Infinity;
      const level = (isInk ? 40 : away > 22 && away < 30 ? 60 : 245) + (random() - 0.5) * 2 * noise;
      data.fill(Math.max(0, Math.min(255, level)), (y * width + x) * 3, (y * width + x) * 3 + 3);
    }
  }
  return picture(width, height, data);
}

const unread = ({ width, height }: Picture): PageText => ({ width, height, rotation: 0, regions: [], notes: [], readMs: 0 });
const compare = (before: Picture, after: Picture) => comparePages(quietJob(), { picture: before, text: unread(before) }, { picture: after, text: unread(after) });

test('the same drawing, shifted, turned a little and grainy, has no change', async () => {
  const { alignment, changes } = await compare(drawn(), drawn({ turn: 0.02, shift: [6, -9], noise: 12 }));
  expect(alignment.method).toBe('picture');
  expect(changes).toEqual([]);
});

test('a ring drawn on the second page is found where it is', async () => {
  const { changes } = await compare(drawn({ noise: 6 }), drawn({ turn: 0.015, shift: [4, 5], noise: 6, extra: [300, 420] }));
  expect(changes.map((change) => change.kind)).toEqual(['picture']);
  const [[left, top], , [right, bottom]] = changes[0]!.after.quad;
  expect(Math.hypot((left + right) / 2 - 304, (top + bottom) / 2 - 425)).toBeLessThan(14);
});

test('a page stored sideways is laid upright', async () => {
  const { alignment, changes } = await compare(drawn(), turnPicture(drawn({ noise: 4 }), 90));
  expect(alignment.method).toBe('picture');
  expect(changes).toEqual([]);
});

test('a blank page against one with text: everything was added, at one place', async () => {
  const blank = picture(900, 1200, new Uint8Array(900 * 1200 * 3).fill(250)), text = lettered(['The harbour was quiet when the first boats came in', 'Nobody had expected them before the end of spring']);
  const { alignment, changes } = await comparePages(quietJob(), { picture: blank, text: { ...unread(blank) } }, { picture: drawn({ width: 900, height: 1200 }), text });
  expect(alignment.method).toBe('none');
  expect(changes.map((change) => change.kind)).toEqual(['inserted']);
});

test('cancelling ends it', async () => {
  const page = drawn();
  await expect(comparePages(quietJob(AbortSignal.abort()), { picture: page, text: unread(page) }, { picture: page, text: unread(page) })).rejects.toMatchObject({ code: 'job-cancelled' });
});

test('text that one reader missed, although it stands on both pages, may only be a misreading', async () => {
  const lines = Array.from({ length: 12 }, (_, at) => `Entry ${at + 1} of the harbour ledger, kept by clerk number ${at * 7919}`);
  /** Every letter a bar, so that there is ink where the text lies. */
  const inked = (texts: readonly string[]): Picture => {
    const data = new Uint8Array(900 * 1200 * 3).fill(245);
    texts.forEach((text, line) => [...text].forEach((one, at) => {
      if (one === ' ') return;
      const height = 6 + ((one.codePointAt(0)! * 7) % 12);
      for (let y = 0; y < height; y++) data.fill(30, 3 * ((62 + line * 32 + y) * 900 + 62 + at * 10), 3 * ((62 + line * 32 + y) * 900 + 62 + at * 10 + 4));
    }));
    return picture(900, 1200, data);
  };
  const whole = { picture: inked(lines), text: lettered(lines) };
  const missed = lettered(lines);
  const partly = { ...missed, regions: missed.regions.filter((_, at) => at !== 6) };
  // Pictures that are the same to the pixel are not looked at.
  const copied = inked(lines);
  copied.data[0] = 240;
  const { changes } = await comparePages(quietJob(), whole, { picture: copied, text: partly });
  expect(changes.map(({ kind, doubtful }) => [kind, doubtful])).toEqual([['removed', true]]);
  // where its ink is gone, too, it was removed
  const gone = await comparePages(quietJob(), whole, { picture: inked(lines.with(6, '')), text: partly });
  expect(gone.changes.map(({ kind, doubtful }) => [kind, doubtful])).toEqual([['removed', false]]);
});
