// How long a piece of an answer takes from the server that writes it to the screen: a server on this machine puts the time into the words themselves,
// and the window notes when they have been painted. Both clocks count from the same epoch (performance.timeOrigin).
import { createServer } from 'node:http';

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

/** Runs in the window: notes for every stamp that appears in the list of messages how old it was when it had been painted. */
function watchStamps() {
  const ages = [];
  const seen = new Set();
  globalThis.stampAges = ages;
  let waiting = [];
  let isAsked = false;
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    const painted = performance.timeOrigin + performance.now();
    for (const { stamp, first } of waiting) ages.push({ age: painted - Number(stamp), first });
    waiting = [];
    isAsked = false;
  };
  const look = () => {
    const last = [...document.querySelectorAll('#message-list [data-answer]')].at(-1);
    for (const [, stamp] of (last?.textContent ?? '').matchAll(/t(\d{13}\.\d{3})/g)) {
      if (seen.has(stamp)) continue;
      seen.add(stamp);
      waiting.push({ stamp, first: last.textContent.trim().startsWith(`t${stamp}`) });
    }
    if (waiting.length === 0 || isAsked) return;
    isAsked = true;
    // A task that follows the next frame runs when that frame has been handed to the screen.
    requestAnimationFrame(() => port2.postMessage(null));
  };
  new MutationObserver(look).observe(document.getElementById('conversation-panel'), { subtree: true, childList: true, characterData: true });
}

/** The server as the application is told of it. */
export const clockServer = (baseUrl) => ({ name: 'clock', kind: 'vllm', baseUrl, model: 'qwen-vl', notation: 'thousand', tokenSide: 28, maxImageTokens: 64, maxNewTokens: 4000, concurrency: 1, timeoutSeconds: 60 });

/** Asks `answers` questions of `clockServer`, which the library knows already; the ages of all pieces, and of the first ones alone, in milliseconds. */
export async function measureStream(window, answers) {
  await window.click('[aria-label="New conversation"]');
  await window.click('[aria-label^="Answers: "]');
  await window.getByRole('menuitemcheckbox', { name: 'clock' }).click();
  await window.evaluate(watchStamps);
  for (let round = 0; round < answers; round++) {
    // Without a page: what is measured begins at the server's first word.
    for (const remove of await window.locator('#conversation-panel ul[aria-label="Attached"] [aria-label^="Remove "]').all()) await remove.click();
    await window.fill('#question-field', `Question ${round + 1}`);
    await window.press('#question-field', 'Enter');
    const stop = window.locator('#conversation-panel [aria-label="Stop the answer"]');
    await stop.waitFor();
    await stop.waitFor({ state: 'hidden' });
  }
  const ages = await window.evaluate(() => globalThis.stampAges);
  return { all: ages.map((one) => one.age), first: ages.filter((one) => one.first).map((one) => one.age), expected: answers * piecesPerAnswer };
}
