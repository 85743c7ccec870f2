// The second start: the documents stand in the window before the program is loaded, exactly where the program will draw them,
// and what is clicked then is done.
import { expect, test } from '@playwright/test';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launch, newPlace } from '../helpers/application.ts';
import { pdfOf, prosePage } from '../helpers/pdf-files.ts';
import { ask, eventually, waitUntilRead } from '../helpers/window.ts';

const place = newPlace();
test.afterAll(() => place.remove());

/** The places of everything that can be pressed, by its name. */
interface Places { readonly [name: string]: string }

/** In the window, from its first moment on: waits for rows that are nobody's yet, notes where things stand, and says where the second row is. */
async function watchFirstFrame(): Promise<{ ofProgram: boolean; x: number; y: number; id: string; places: Places; shown: boolean }> {
  let row: Element | undefined;
  while (!row) {
    await new Promise((later) => setTimeout(later));
    row = document.querySelectorAll('[data-document]')[1];
  }
  const places: Record<string, string> = {};
  for (const one of document.querySelectorAll('#root [aria-label], #root [data-document], #root [data-document] p')) {
    const { left, top, width, height } = one.getBoundingClientRect();
    places[one.getAttribute('aria-label') ?? `${one.id}${one.textContent}`] = [left, top, width, height].join(' ');
  }
  const ofProgram = Object.keys(row).some((key) => key.startsWith('__react'));
  const { left, top } = row.getBoundingClientRect();
  (row as HTMLElement).click();
  return { ofProgram, x: left, y: top, id: row.id, places, shown: row.getAttribute('aria-selected') === 'true' };
}

test('the second start shows the documents before the program, in the same places, and keeps the first click', async () => {
  const first = await launch(place, { env: { LECTERN_SAMPLES: 'none' }, files: ['one.pdf', 'two.pdf'].map((name, page) => {
    writeFileSync(join(place.files, name), pdfOf([{ texts: prosePage(page, 3) }]));
    return join(place.files, name);
  }) });
  for (const name of ['one.pdf', 'two.pdf']) await waitUntilRead(first.window, name);
  // The frame is drawn when things are calm, and stored at the end.
  await first.window.waitForTimeout(5000);
  await first.quit();
  expect(existsSync(join(place.data, 'first-frame.json'))).toBe(true);

  const report = join(place.files, 'report.json');
  const probe = join(place.files, 'probe.cjs');
  writeFileSync(probe, `if (process.type === 'browser') setImmediate(() => {
    require('electron').app.once('web-contents-created', (_event, contents) => contents.once('dom-ready', async () => {
      require('node:fs').writeFileSync(${JSON.stringify(report)}, JSON.stringify(await contents.executeJavaScript(${JSON.stringify(`(${watchFirstFrame.toString()})()`)})));
    }));
  });`);
  const second = await launch(place, { env: { LECTERN_SAMPLES: 'none', NODE_OPTIONS: `--require ${probe}` } });
  try {
    const seen = JSON.parse(await eventually(async () => existsSync(report) && readFileSync(report, 'utf8'), 'the first frame')) as Awaited<ReturnType<typeof watchFirstFrame>>;
    expect(seen.ofProgram).toBe(false);
    expect(seen.shown).toBe(true);
    const row = second.window.locator(`#${seen.id}`);
    await expect(second.window.locator('#page-canvas')).toBeVisible();
    await expect(row).toHaveAttribute('aria-selected', 'true');
    await expect(row).toHaveAttribute('aria-current', 'true');
    expect(await ask(second.window, 'document.list', {})).toHaveLength(2);
    const now = await second.window.evaluate((names) => Object.fromEntries(names.map((name) => {
      const one = [...document.querySelectorAll('#root [aria-label], #root [data-document], #root [data-document] p')].find((candidate) => (candidate.getAttribute('aria-label') ?? `${candidate.id}${candidate.textContent}`) === name);
      const { left, top, width, height } = one?.getBoundingClientRect() ?? new DOMRect();
      return [name, [left, top, width, height].join(' ')];
    })), Object.keys(seen.places));
    expect(Object.keys(seen.places).length).toBeGreaterThan(8);
    expect(now).toEqual(seen.places);
  } finally {
    await second.quit();
  }
});
