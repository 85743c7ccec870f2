// The second start: the documents stand in the window before the program is loaded, exactly where the program will draw them,
// and what is clicked then is done.
import { expect, test } from '@playwright/test';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../build/setup.mjs';
import { launch, newPlace } from '../helpers/application.ts';
import { pdfOf, prosePage } from '../helpers/pdf-files.ts';
import { waitUntilRead } from '../helpers/window.ts';

const place = newPlace();
test.afterAll(() => place.remove());

/** In the window, from its first moment on: clicks a row that is nobody's yet, and compares where things stand then and when the clicked document lies open. */
async function useFirstFrame() {
  const places = (): Record<string, string> =>
    Object.fromEntries([...document.querySelectorAll('[aria-label=Library] :is([aria-label], [data-document], [data-document] p)')].map((one) => {
      const { left, top, width, height } = one.getBoundingClientRect();
      return [one.getAttribute('aria-label') ?? `${one.id}${one.textContent}`, [left, top, width, height].join(' ')];
    }));
  const second = (): Element | undefined => document.querySelectorAll('[data-document]')[1];
  const isOfProgram = (): boolean => Object.keys(second() ?? {}).some((key) => key.startsWith('__react'));
  const isChosen = (): boolean => second()?.getAttribute('aria-selected') === 'true' && second()?.getAttribute('aria-current') === 'true';
  const turn = (): Promise<void> => new Promise((later) => setTimeout(later));
  while (!second()) await turn();
  // Before it is shown the window has no size yet, though it may draw.
  while (innerHeight === 0) await turn();
  await new Promise((shown) => requestAnimationFrame(shown));
  const frame = { ofProgram: isOfProgram(), places: places() };
  second()?.querySelector('p')?.click();
  const chosenAtOnce = isChosen();
  while (!isOfProgram() || !document.querySelector('#page-canvas')) await turn();
  await new Promise((later) => setTimeout(later, 1000));
  return { frame, chosenAtOnce, chosen: isChosen(), places: places() };
}

/** Starts the application, runs `probe` in the window from its first moment on, and ends it. Not through the test driver: that takes hold of a window too late. */
async function startAnd<T>(probe: () => Promise<T>): Promise<T> {
  const report = join(place.files, 'report.json');
  const script = join(place.files, 'probe.cjs');
  // Loaded into main before main's own script.
  writeFileSync(script, `if (process.type === 'browser') setImmediate(() => {
    const { app } = require('electron');
    app.once('web-contents-created', (_event, contents) => contents.once('dom-ready', async () => {
      require('node:fs').writeFileSync(${JSON.stringify(report)}, JSON.stringify(await contents.executeJavaScript(${JSON.stringify(`(${probe.toString()})()`)})));
      app.quit();
    }));
  });`);
  const child = spawn(process.env['ELECTRON_EXEC_PATH']!, [...(process.env['LECTERN_NO_SANDBOX'] === '1' ? ['--no-sandbox'] : []), root], {
    env: { ...process.env, HOME: place.home, LECTERN_DATA: place.data, LECTERN_SAMPLES: 'none', NODE_OPTIONS: `--require ${script}` },
    stdio: 'ignore',
  });
  await new Promise((gone) => child.once('exit', gone));
  return JSON.parse(readFileSync(report, 'utf8')) as T;
}

/** In the window: drops a picture before the program is there, and says what the library lists then. */
async function dropEarly() {
  const picture = document.createElement('canvas');
  const ofPicture = picture.toDataURL('image/png').split(',')[1]!;
  const carried = new DataTransfer();
  carried.items.add(new File([Uint8Array.from(atob(ofPicture), (one) => one.charCodeAt(0))], 'early.png', { type: 'image/png' }));
  const titles = (): string[] => [...document.querySelectorAll('[data-document]')].map((one) => one.textContent);
  const before = document.querySelectorAll('#root [data-document]').length;
  const over = new DragEvent('dragover', { dataTransfer: carried, bubbles: true, cancelable: true });
  document.body.dispatchEvent(over);
  document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: carried, bubbles: true, cancelable: true }));
  for (let turns = 0; turns < 600 && titles().length === 0; turns++) await new Promise((later) => setTimeout(later, 50));
  return { before, taken: over.defaultPrevented, titles: titles() };
}

test('a picture dropped before the program is there is brought in', async () => {
  const seen = await startAnd(dropEarly);
  expect(seen.before).toBe(0);
  expect(seen.taken).toBe(true);
  expect(seen.titles).toHaveLength(1);
  // Other tests begin with an empty library.
  rmSync(place.data, { recursive: true });
  mkdirSync(place.data);
});

test('the second start shows the documents before the program, in the same places, and keeps the first click', async () => {
  const files = ['one.pdf', 'two.pdf'].map((name, page) => {
    writeFileSync(join(place.files, name), pdfOf([{ texts: prosePage(page, 3) }]));
    return join(place.files, name);
  });
  const first = await launch(place, { env: { LECTERN_SAMPLES: 'none' }, files });
  for (const name of ['one.pdf', 'two.pdf']) await waitUntilRead(first.window, name);
  // The frame is drawn when things are calm, and stored at the end.
  await first.window.waitForTimeout(5000);
  await first.quit();
  expect(existsSync(join(place.data, 'first-frame.json'))).toBe(true);

  const seen = await startAnd(useFirstFrame);
  expect(seen.frame.ofProgram).toBe(false);
  expect(seen.chosenAtOnce).toBe(true);
  expect(seen.chosen).toBe(true);
  // The list, both rows and their titles, the search, five buttons.
  expect(Object.keys(seen.frame.places).length).toBeGreaterThan(10);
  expect(seen.places).toEqual(seen.frame.places);
});
