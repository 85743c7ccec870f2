// Jobs of one lane follow one another, of two lanes run together, and a waiting one can be cancelled at once.
import { expect, test } from 'vitest';
import { AppError } from '../../../src-main/base/errors.ts';
import { createScheduler } from '../../../src-main/engine/scheduler.ts';

const never = new AbortController().signal;

function gate(): { opened: Promise<void>; open(): void } {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

test('one lane at a time, in order, also after a failure', async () => {
  const scheduler = createScheduler();
  const log: string[] = [];
  const first = gate();
  const failing = scheduler.run('read-page', never, async () => {
    log.push('first');
    await first.opened;
    throw new AppError('file-corrupt');
  });
  const second = scheduler.run('read-page', never, async () => log.push('second'));
  const other = scheduler.run('prepare-document', never, async () => log.push('other'));
  await other;
  expect(log).toEqual(['first', 'other']);
  first.open();
  await expect(failing).rejects.toMatchObject({ code: 'file-corrupt' });
  await second;
  expect(log).toEqual(['first', 'other', 'second']);
});

test('cancelled while waiting: rejected at once and never run', async () => {
  const scheduler = createScheduler();
  const first = gate();
  const running = scheduler.run('read-page', never, () => first.opened);
  const controller = new AbortController();
  let ran = false;
  const waiting = scheduler.run('read-page', controller.signal, async () => {
    ran = true;
  });
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'job-cancelled' });
  first.open();
  await running;
  await scheduler.run('read-page', never, async () => {});
  expect(ran).toBe(false);
});
