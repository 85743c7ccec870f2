// How long until Lectern's window can be used, next to how long a bare Electron window takes to show one line: started in
// turns, ratio of the medians. Usable = the library has answered and its documents are drawn.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchApplication } from './application-driver.mjs';
import { root } from './setup.mjs';

const rounds = Number(process.argv[2] ?? 7);
const target = 1.3;
const work = mkdtempSync(join(tmpdir(), 'lectern-bench-start-'));

const bare = join(work, 'bare');
mkdirSync(bare);
writeFileSync(join(bare, 'package.json'), JSON.stringify({ name: 'bare', main: 'index.cjs' }));
writeFileSync(join(bare, 'page.html'), '<!doctype html><meta charset="utf-8"><title>bare</title><main>Ready</main>');
writeFileSync(
  join(bare, 'index.cjs'),
  `const { app, BrowserWindow } = require('electron');
app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1280, height: 800, show: false, webPreferences: { sandbox: true } });
  window.once('ready-to-show', () => window.show());
  window.loadFile(require('node:path').join(__dirname, 'page.html'));
});`,
);

/** Milliseconds from starting the process until \`selector\` stands in a visible window that has painted. */
async function timeStart(folder, selector, data, untilIdle = false) {
  const started = performance.now();
  const { window, quit } = await launchApplication({ folder, env: { ...process.env, HOME: data, LECTERN_DATA: join(data, 'library') } });
  try {
    await window.waitForSelector(selector, { state: 'visible', timeout: 30_000 });
    await window.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
    const spentMs = performance.now() - started;
    if (untilIdle) while (!(await window.evaluate(isIdle))) await new Promise((later) => setTimeout(later, 500));
    return spentMs;
  } finally {
    await quit();
  }
}

/** In the window: every document is read. */
async function isIdle() {
  const { ok, result } = await globalThis.lectern.request('document.list', {});
  return ok && result.length > 0 && result.every((one) => one.status === 'ready' && one.readCount === one.pageCount);
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

try {
  const data = join(work, 'data');
  mkdirSync(data);
  const times = { bare: [], lectern: [] };
  // The first start of each fills the disk cache, imports the samples and reads them: not counted.
  for (let round = 0; round <= rounds; round += 1) {
    const bareMs = await timeStart(bare, 'main', data);
    const lecternMs = await timeStart(root, '[role=listbox][aria-label=Documents] [role=option]', data, round === 0);
    if (round === 0) continue;
    times.bare.push(bareMs);
    times.lectern.push(lecternMs);
    console.log(`round ${round}: bare ${bareMs.toFixed(0)} ms, Lectern ${lecternMs.toFixed(0)} ms`);
  }
  const ratio = median(times.lectern) / median(times.bare);
  console.log(`start: bare ${median(times.bare).toFixed(0)} ms, Lectern ${median(times.lectern).toFixed(0)} ms, ratio ${ratio.toFixed(2)} (target at most ${target})`);
  process.exitCode = ratio <= target ? 0 : 1;
} finally {
  rmSync(work, { recursive: true, force: true, maxRetries: 5 });
}
