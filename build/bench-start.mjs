// How long until Lectern's window can be used, next to how long a bare Electron window takes to show one line: started in
// turns, without a test driver (its share would be in both), ratio of the medians. Usable = the documents are painted, and a
// click made on one of them at that moment is shown within a tenth of a second and leads to its page.
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './setup.mjs';

const rounds = Number(process.argv[2] ?? 7);
const target = 1.3;
const answerTarget = 100;
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

/** In the window. The first contentful paint is the first frame with text; the row must stand there by then, else what is drawn after it counts. */
async function paintedRow(selector) {
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  let row = document.querySelector(selector);
  let late = 0;
  while (!row) {
    await frame();
    row = document.querySelector(selector);
    late = performance.now();
  }
  while (performance.getEntriesByName('first-contentful-paint').length === 0) await frame();
  if (late) await frame();
  const paintedMs = late ? performance.now() : performance.getEntriesByName('first-contentful-paint')[0].startTime;
  const { left, top, width, height } = row.getBoundingClientRect();
  return { id: row.id, at: performance.timeOrigin + paintedMs, late: late > 0, x: Math.round(left + width / 2), y: Math.round(top + height / 2) };
}

/** In the window, after a click: when the row was shown chosen, and when its page lay open. */
async function chosenRow(id) {
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const row = () => document.getElementById(id);
  const times = {};
  while (row()?.getAttribute('aria-selected') !== 'true') await frame();
  times.chosen = performance.timeOrigin + performance.now();
  while (row()?.getAttribute('aria-selected') !== 'true' || !document.querySelector('#page-canvas')) await frame();
  times.open = performance.timeOrigin + performance.now();
  await new Promise((later) => setTimeout(later, 700));
  return { ...times, kept: row()?.getAttribute('aria-selected') === 'true' && row()?.getAttribute('aria-current') === 'true' };
}

/** In the window, after a click on the settings of an empty library: when they lay open. */
async function openSettings() {
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  for (const end = performance.now() + 5000; performance.now() < end; await frame()) if (document.querySelector('dialog[open]')) return { open: performance.timeOrigin + performance.now(), kept: true };
  return { open: performance.timeOrigin + performance.now(), kept: false };
}

/** In the window: every document is read, and the next start's first frame has been drawn. */
async function isIdle() {
  const { ok, result } = await globalThis.lectern.request('document.list', {});
  return ok && result.length > 0 && result.every((one) => one.status === 'ready' && one.readCount === one.pageCount);
}

// Loaded into the application's main process before its own script.
const probe = join(work, 'probe.cjs');
writeFileSync(
  probe,
  `const { writeFileSync } = require('node:fs');
const { SELECTOR, TIMES, UNTIL_IDLE } = process.env;
const later = (ms) => new Promise((done) => setTimeout(done, ms));
if (process.type === 'browser') setImmediate(() => {
  const { app } = require('electron');
  app.once('web-contents-created', (_event, contents) => contents.once('dom-ready', async () => {
    const run = (source, ...given) => contents.executeJavaScript('(' + source + ')(' + given.map((one) => JSON.stringify(one)).join(',') + ')');
    const times = { painted: await run(${JSON.stringify(paintedRow.toString())}, SELECTOR) };
    if (SELECTOR !== 'main') {
      const { x, y, id } = times.painted;
      times.pressed = Date.now();
      for (const type of ['mouseDown', 'mouseUp']) contents.sendInputEvent({ type, x, y, button: 'left', clickCount: 1 });
      times.answered = await (id ? run(${JSON.stringify(chosenRow.toString())}, id) : run(${JSON.stringify(openSettings.toString())}));
      if (UNTIL_IDLE) {
        while (!(await run(${JSON.stringify(isIdle.toString())}))) await later(500);
        // The next start's first frame is drawn when things are calm.
        await later(6000);
      }
    }
    writeFileSync(TIMES, JSON.stringify(times));
    app.quit();
  }));
});`,
);

/** Milliseconds since the process was started. */
async function timeStart(folder, selector, data, untilIdle = false) {
  const times = join(work, 'times.json');
  rmSync(times, { force: true });
  const started = Date.now();
  const child = spawn(process.env.ELECTRON_EXEC_PATH, [...(process.env.LECTERN_NO_SANDBOX === '1' ? ['--no-sandbox'] : []), folder], {
    env: { ...process.env, HOME: data, LECTERN_DATA: join(data, 'library'), NODE_OPTIONS: `--require ${probe}`, SELECTOR: selector, TIMES: times, ...(untilIdle ? { UNTIL_IDLE: '1' } : {}) },
    stdio: process.env.BENCH_SAY ? 'inherit' : 'ignore',
  });
  await new Promise((gone) => child.once('exit', gone));
  const { painted, pressed, answered } = JSON.parse(readFileSync(times, 'utf8'));
  return { painted: painted.at - started, late: painted.late, ...(answered ? { answer: answered.chosen - pressed, open: answered.open - started, kept: answered.kept } : {}) };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

try {
  const data = join(work, 'data');
  mkdirSync(data);
  const row = '[role=listbox][aria-label=Documents] [role=option]:nth-child(2)';
  const all = { bare: [], lectern: [], bareFirst: [], first: [], anew: [] };
  /** In a home where neither has been: a browser's profile is made then. */
  const timeFirst = async (folder, selector, name) => {
    const home = join(work, name);
    mkdirSync(home);
    const times = await timeStart(folder, selector, home);
    rmSync(home, { recursive: true, maxRetries: 5 });
    return times;
  };

  // The first start of each fills the disk cache, imports the samples and reads them: not counted.
  for (let round = 0; round <= rounds; round += 1) {
    const [bareStart, lectern] = [await timeStart(bare, 'main', data), await timeStart(root, row, data, round === 0)];
    if (round === 0) continue;
    const [bareFirst, first] = [await timeFirst(bare, 'main', `bare-${round}`), await timeFirst(root, '#root button[aria-label^=Settings]', `first-${round}`)];
    // As after an update, or a session that was cut off with changes: without the frame that the last one left.
    const frame = join(data, 'library/first-frame.json');
    renameSync(frame, `${frame}.away`);
    const anew = await timeStart(root, row, data);
    renameSync(`${frame}.away`, frame);
    all.bare.push(bareStart);
    all.lectern.push(lectern);
    all.bareFirst.push(bareFirst);
    all.first.push(first);
    all.anew.push(anew);
    const { painted, answer, open, kept, late } = lectern;
    console.log(`round ${round}: bare ${bareStart.painted.toFixed(0)} ms, Lectern ${painted.toFixed(0)} ms${late ? ' (no first frame)' : ''}; a click is shown after ${answer.toFixed(0)} ms, its page lies open at ${open.toFixed(0)} ms${kept ? '' : ', CLICK LOST'}; the very first start ${first.painted.toFixed(0)} ms (bare ${bareFirst.painted.toFixed(0)})${first.late ? ' (no first frame)' : ''}${first.kept ? '' : ', CLICK LOST'}; without a first frame ${anew.painted.toFixed(0)} ms`);
  }
  const of = (name, what) => median(all[name].map((one) => one[what]));
  const ratio = (name, beside = 'bare') => of(name, 'painted') / of(beside, 'painted');
  const lost = [...all.lectern, ...all.first].filter((one) => !one.kept).length;
  console.log(`start: bare ${of('bare', 'painted').toFixed(0)} ms, Lectern ${of('lectern', 'painted').toFixed(0)} ms, ratio ${ratio('lectern').toFixed(2)} (target at most ${target})`);
  console.log(`a click at that moment: shown after ${of('lectern', 'answer').toFixed(0)} ms (target at most ${answerTarget}), its page open at ${of('lectern', 'open').toFixed(0)} ms, ${lost} lost`);
  console.log(`the very first start: bare ${of('bareFirst', 'painted').toFixed(0)} ms, Lectern ${of('first', 'painted').toFixed(0)} ms, ratio ${ratio('first', 'bareFirst').toFixed(2)} (target at most ${target}); settings clicked then lie open at ${of('first', 'open').toFixed(0)} ms`);
  console.log(`without a first frame (after an update, or a session cut off with changes): ${of('anew', 'painted').toFixed(0)} ms, ratio ${ratio('anew').toFixed(2)}`);
  process.exitCode = ratio('lectern') <= target && ratio('first', 'bareFirst') <= target && of('lectern', 'answer') <= answerTarget && lost === 0 ? 0 : 1;
} finally {
  rmSync(work, { recursive: true, force: true, maxRetries: 5 });
}
