// How long a piece of an answer takes to the screen: from the engine in which a model chose its first token (engine-clock.cjs notes the moment), and from
// a server on this machine that puts the time into the words themselves. The window notes when they have been painted. All clocks count from the same
// epoch (performance.timeOrigin).
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { root } from './setup.mjs';

const now = () => performance.timeOrigin + performance.now();
const piecesPerAnswer = 24;
const pieceEveryMs = 45;
/** No model answers at once: by then the question stands on the screen. */
const thinkMs = 400;

/** Streams answers whose every piece carries the moment in which it was sent: paragraphs, a list, then a table that grows. */
export async function startStampServer() {
  const answer = async (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.socket.setNoDelay(true);
    response.flushHeaders();
    await new Promise((done) => setTimeout(done, thinkMs));
    const send = (delta, finish) => response.write(`data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 0, model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`);
    for (let at = 0; at < piecesPerAnswer; at++) {
      const lead = at === 0 ? '' : at < 8 ? (at % 4 === 0 ? '\n\n' : ' ') : at < 14 ? '\n- ' : at === 14 ? '\n\n| Moment | Text |\n|---|---|\n| ' : ' | row of the table |\n| ';
      send({ content: `${lead}t${now().toFixed(3)}` }, null);
      await new Promise((done) => setTimeout(done, pieceEveryMs));
      if (response.destroyed) return;
    }
    send({}, 'stop');
    response.end('data: [DONE]\n\n');
  };
  const server = createServer((request, response) => void request.resume().on('end', () => void answer(response)));
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { baseUrl: `http://127.0.0.1:${server.address().port}/v1`, close: () => { server.closeAllConnections(); server.close(); } };
}

/**
 * Runs in the window: notes what an answer's element shows, and when that had been painted. What changes inside a frame's own callbacks is painted by
 * that frame, everything else by the next one; a task that follows the frame runs when it has been handed to the screen.
 */
function watchAnswers() {
  const shown = [];
  globalThis.shownAnswers = shown;
  const askFrame = globalThis.requestAnimationFrame.bind(globalThis);
  let isInFrame = false;
  globalThis.requestAnimationFrame = (run) => askFrame((time) => {
    isInFrame = true;
    afterFrame.port2.postMessage(null);
    run(time);
  });
  const afterFrame = new MessageChannel();
  afterFrame.port1.onmessage = () => (isInFrame = false);
  const painted = new MessageChannel();
  let waiting = [];
  let isAsked = false;
  painted.port1.onmessage = () => {
    const at = performance.timeOrigin + performance.now();
    for (const one of waiting) shown.push({ ...one, at });
    waiting = [];
    isAsked = false;
  };
  const look = () => {
    const last = [...document.querySelectorAll('#message-list [data-answer]')].at(-1);
    const text = (last?.textContent ?? '').trim();
    if (text === '') return;
    waiting.push({ answer: last.getAttribute('data-answer'), text });
    if (isAsked) return;
    isAsked = true;
    if (isInFrame) painted.port2.postMessage(null);
    else askFrame(() => painted.port2.postMessage(null));
  };
  new MutationObserver(look).observe(document.getElementById('conversation-panel'), { subtree: true, childList: true, characterData: true });
}

/** The server as the application is told of it. */
export const clockServer = (baseUrl) => ({ name: 'clock', kind: 'vllm', baseUrl, model: 'qwen-vl', notation: 'thousand', tokenSide: 28, maxImageTokens: 64, maxNewTokens: 4000, concurrency: 1, timeoutSeconds: 60 });

/** Asks `count` questions without a page: what is measured begins at the first word. What each answer showed, and when. */
async function ask(window, answerer, count) {
  await window.click('[aria-label="New conversation"]');
  await window.click('[aria-label^="Answers: "]');
  await window.getByRole('menuitemcheckbox', { name: answerer }).click();
  await window.evaluate(() => (globalThis.shownAnswers.length = 0));
  for (let round = 0; round < count; round++) {
    for (const remove of await window.locator('#conversation-panel ul[aria-label="Attached"] [aria-label^="Remove "]').all()) await remove.click();
    await window.fill('#question-field', `Question ${round + 1}`);
    await window.press('#question-field', 'Enter');
    const stop = window.locator('#conversation-panel [aria-label="Stop the answer"]');
    await stop.waitFor();
    await stop.waitFor({ state: 'hidden' });
  }
  const shown = await window.evaluate(() => globalThis.shownAnswers);
  const answers = new Map();
  for (const { answer, ...one } of shown) answers.set(answer, [...(answers.get(answer) ?? []), one]);
  return [...answers.values()];
}

/** Ages in milliseconds of the first words of `answers` answers from `clockServer`, which the library knows already, and of all of them. */
export async function measureServer(window, answers) {
  const [first, all] = [[], []];
  for (const states of await ask(window, 'clock', answers)) {
    const seen = new Set();
    for (const { text, at } of states) {
      for (const [, stamp] of text.matchAll(/t(\d{13}\.\d{3})/g)) {
        if (seen.has(stamp)) continue;
        if (seen.size === 0) first.push(at - Number(stamp));
        seen.add(stamp);
        all.push(at - Number(stamp));
      }
    }
  }
  return { first, all };
}

/** What the engine is started with, so that it notes the moments of its answers in `file`. To be set before the application starts it. */
export function clockEngine(electron, file) {
  return electron.evaluate((_electron, [to, hook]) => Object.assign(process.env, { LECTERN_ENGINE_CLOCK: to, NODE_OPTIONS: `--require "${hook}"` }), [file, join(root, 'build/engine-clock.cjs')]);
}

/**
 * The same of a model in the engine, from the moment in which each piece of text was sent off, which the first one is when it is written; `token`: the first
 * text from the first token, which may be no text yet.
 */
export async function measureModel(window, name, file, answers) {
  const shown = await ask(window, name, answers);
  const engine = readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  const [first, token, all] = [[], [], []];
  const letters = (text) => text.replace(/[^\p{L}\p{N}]/gu, '').length;
  for (const [round, states] of shown.entries()) {
    const { pieces, ...noted } = engine[round];
    first.push(states[0].at - pieces.find(({ text }) => text.trim() !== '').at);
    token.push(states[0].at - noted.token);
    let written = 0;
    for (const piece of pieces) {
      const before = written;
      written += letters(piece.text);
      // Marks of Markdown are not seen; letters and digits are.
      const state = written > before && states.find(({ text }) => letters(text) >= written);
      if (state) all.push(state.at - piece.at);
    }
  }
  return { first, token, all };
}

/** To be called once, before anything is measured. */
export const startWatching = (window) => window.evaluate(watchAnswers);
