// The start: the documents (at the very first start: that there are none) stand in the window before the program is loaded, exactly where
// the program will draw them, also after a session that was killed, but never as they were before a change; what is clicked, dropped
// or opened from outside then is done.
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

interface StartOptions {
  files?: readonly string[];
  /** A script for main, run when Electron is ready, before any window. */
  whenReady?: string;
}

/** What starts the application with `files`. */
const startWith = (files: readonly string[]): [string, string[]] => [process.env['ELECTRON_EXEC_PATH']!, [...(process.env['LECTERN_NO_SANDBOX'] === '1' ? ['--no-sandbox'] : []), root, ...files]];

/** Starts the application, runs `probe` in the window from its first moment on, and ends it. Not through the test driver: that takes hold of a window too late. */
async function startAnd<T>(probe: () => Promise<T>, { files = [], whenReady = '' }: StartOptions = {}): Promise<T> {
  const report = join(place.files, 'report.json');
  const script = join(place.files, 'probe.cjs');
  // Loaded into main before main's own script.
  writeFileSync(script, `if (process.type === 'browser') setImmediate(() => {
    const { app } = require('electron');
    app.prependOnceListener('ready', () => { ${whenReady} });
    app.once('web-contents-created', (_event, contents) => contents.once('dom-ready', async () => {
      require('node:fs').writeFileSync(${JSON.stringify(report)}, JSON.stringify(await contents.executeJavaScript(${JSON.stringify(`(${probe.toString()})()`)})));
      app.quit();
    }));
  });`);
  const child = spawn(...startWith(files), {
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

/** In the window of a library without documents: clicks the settings that are nobody's yet, and compares where things stand then and later. */
async function useEmptyFrame() {
  const places = (): Record<string, string> =>
    Object.fromEntries([...document.querySelectorAll('[aria-label=Library] :is([aria-label], p, h2)')].map((one) => {
      const { left, top, width, height } = one.getBoundingClientRect();
      return [one.getAttribute('aria-label') ?? one.textContent, [left, top, width, height].join(' ')];
    }));
  const settings = (): HTMLElement | null => document.querySelector('[aria-label^=Settings]');
  const isOfProgram = (): boolean => Object.keys(settings() ?? {}).some((key) => key.startsWith('__react'));
  const turn = (): Promise<void> => new Promise((later) => setTimeout(later));
  while (!settings() || innerHeight === 0) await turn();
  await new Promise((shown) => requestAnimationFrame(shown));
  const frame = { ofProgram: isOfProgram(), text: document.body.textContent, places: places() };
  settings()?.click();
  for (let turns = 0; turns < 100 && !document.querySelector('dialog[open]'); turns++) await new Promise((later) => setTimeout(later, 50));
  return { frame, opened: document.querySelector('dialog[open]') !== null, ofProgram: isOfProgram(), places: places() };
}

/** In the window: the titles that the library lists once there are three. */
async function threeTitles() {
  const titles = (): string[] => [...document.querySelectorAll('[data-document] p:first-child')].map((one) => one.textContent);
  for (let turns = 0; turns < 600 && titles().length < 3; turns++) await new Promise((later) => setTimeout(later, 50));
  return titles();
}

/** Other tests begin with an empty library. */
function startAfresh(): void {
  rmSync(place.data, { recursive: true });
  mkdirSync(place.data);
}

const writePdf = (name: string, page: number): string => {
  writeFileSync(join(place.files, name), pdfOf([{ texts: prosePage(page, 3) }]));
  return join(place.files, name);
};

/** As the system ends a program that hangs, or the power fails: nothing is asked or told. */
async function kill({ electron }: Awaited<ReturnType<typeof launch>>): Promise<void> {
  const gone = new Promise((exited) => electron.process().once('exit', exited));
  electron.process().kill('SIGKILL');
  await gone;
}

/** The frame is drawn 2.5 s after the last change and stored 1.5 s later. */
const calmMs = 6000;

test('the very first start shows the empty library before the program, in the same places, and keeps the first click', async () => {
  const seen = await startAnd(useEmptyFrame);
  expect(seen.frame.ofProgram).toBe(false);
  expect(seen.frame.text).toContain('Nothing here yet');
  expect([seen.opened, seen.ofProgram]).toEqual([true, true]);
  // The search, five buttons, the heading, the two sentences.
  expect(Object.keys(seen.frame.places).length).toBeGreaterThan(8);
  expect(seen.places).toEqual(seen.frame.places);
  startAfresh();
});

test('a picture dropped before the program is there is brought in', async () => {
  const seen = await startAnd(dropEarly);
  expect(seen.before).toBe(0);
  expect(seen.taken).toBe(true);
  expect(seen.titles).toHaveLength(1);
  startAfresh();
});

test('files of the command line, of a second start and of the system, before anything is up, are all brought in', async () => {
  const [own, second, opened] = [writePdf('own.pdf', 0), writePdf('second.pdf', 1), writePdf('opened.pdf', 2)];
  const titles = await startAnd(threeTitles, {
    files: [own],
    // Without the script that this one was started with: the second would write the report.
    whenReady: `const { NODE_OPTIONS, ...env } = process.env;
      require('node:child_process').spawn(...${JSON.stringify(startWith([second]))}, { env, stdio: 'ignore' });
      app.emit('open-file', { preventDefault() {} }, ${JSON.stringify(opened)});`,
  });
  expect([...titles].sort()).toEqual(['opened', 'own', 'second']);
  startAfresh();
});

test('the second start shows the documents before the program, in the same places, and keeps the first click', async () => {
  const files = [writePdf('one.pdf', 0), writePdf('two.pdf', 1)];
  const first = await launch(place, { env: { LECTERN_SAMPLES: 'none' }, files });
  for (const name of ['one.pdf', 'two.pdf']) await waitUntilRead(first.window, name);
  // The frame is drawn when things are calm, and stored at the end.
  await first.window.waitForTimeout(calmMs);
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

test('after a session that was killed the next start shows what that one left, but not when something changed since', async () => {
  const first = await launch(place, { env: { LECTERN_SAMPLES: 'none' } });
  await first.window.getByRole('option').nth(1).waitFor();
  await first.window.waitForTimeout(calmMs);
  await kill(first);
  const seen = await startAnd(useFirstFrame);
  expect(seen.frame.ofProgram).toBe(false);
  expect(seen.chosen).toBe(true);
  expect(seen.places).toEqual(seen.frame.places);

  const second = await launch(place, { env: { LECTERN_SAMPLES: 'none' } });
  await second.window.getByRole('option').nth(1).waitFor();
  await second.window.waitForTimeout(calmMs);
  const renamed = await second.window.evaluate(async () => {
    const { lectern } = globalThis as unknown as { lectern: { request(name: string, input: unknown): Promise<{ ok: boolean; result: { id: string }[] }> } };
    const { result } = await lectern.request('document.list', {});
    return (await lectern.request('document.rename', { documentId: result[0]!.id, title: 'renamed' })).ok;
  });
  expect(renamed).toBe(true);
  await kill(second);
  const after = await startAnd(useFirstFrame);
  expect(after.frame.ofProgram).toBe(true);
  expect(Object.keys(after.places).join(' ')).toContain('renamed');
});
