// The window's page: a style whose hash does not fit is refused by the browser, and the window stands there without any.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { windowPage } from '../../../src-main/app/window-page.ts';

const folder = mkdtempSync(join(tmpdir(), 'lectern-page-'));
afterAll(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, 'assets'));
writeFileSync(join(folder, 'assets/index-1.css'), '@font-face{src:url(./inter.woff2)}p::after{content:"$&"}');
for (const name of ['window-1.js', 'start-window-2.js', 'draw-first-frame-3.js']) writeFileSync(join(folder, 'assets', name), '');
const built = '<html><head><script type="module" src="./assets/index.js"></script>\n<link rel="stylesheet" crossorigin href="./assets/index-1.css"></head><body><div id="root"></div></body></html>';

test('the styles stand in the page as they are, with addresses seen from it, and their hash allows them', async () => {
  const { page, styleHashes } = await windowPage(built, folder, null);
  const style = /<style>(.*)<\/style>/s.exec(page)?.[1] ?? '';
  expect(style).toBe('@font-face{src:url(./assets/inter.woff2)}p::after{content:"$&"}');
  expect(styleHashes).toEqual([`sha256-${createHash('sha256').update(style).digest('base64')}`]);
  expect(page).not.toContain('<link rel="stylesheet"');
  expect(page).toContain('src="./assets/index.js"');
});

test('the first frame stands beside the place where it will be shown, whatever a title holds', async () => {
  // As the pattern of a replacement, `$'` would repeat the rest of the page.
  const { page } = await windowPage(built, folder, "<p>Costs $' and $& </p>");
  expect(page).toContain(`<div id="root"></div><template id="first-frame"><p>Costs $' and $& </p></template></body></html>`);
});

// Found by one script after the other, the program would come three requests later.
test('without a first frame the page asks for the program itself, with one it does not', async () => {
  const preloaded = ({ page }: { page: string }): string[] => [...page.matchAll(/<link rel="modulepreload" crossorigin href="([^"]+)"/g)].map(([, address]) => address!).sort();
  expect(preloaded(await windowPage(built, folder, null))).toEqual(['./assets/start-window-2.js', './assets/window-1.js']);
  expect(preloaded(await windowPage(built, folder, '<p></p>'))).toEqual([]);
});
