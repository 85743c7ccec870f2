// Loaded into the engine process by a benchmark (`NODE_OPTIONS=--require`), before its own code: notes when a model's first token came and when each
// piece of its text was sent off, and writes that down when the answer is over. The application knows nothing of it.
// oxlint-disable-next-line typescript/no-require-imports -- loaded with --require, before the engine's own modules
const { appendFileSync } = require('node:fs');

const now = () => performance.timeOrigin + performance.now();
const file = process.env.LECTERN_ENGINE_CLOCK;

function watch(port) {
  const send = port.postMessage.bind(port);
  const times = { token: null, pieces: [] };
  port.postMessage = (moment) => {
    const at = now();
    // The engine says this the moment the first token is chosen, before it is made text.
    if (moment.type === 'progress' && moment.stage === 'generating') times.token ??= at;
    if (moment.type === 'text') times.pieces.push({ at, text: moment.text });
    send(moment);
    if (moment.type === 'done' || moment.type === 'failed') appendFileSync(file, `${JSON.stringify(times)}\n`);
  };
}

if (file && process.type === 'utility') {
  setImmediate(() => {
    const { parentPort } = process;
    const hear = parentPort.emit.bind(parentPort);
    parentPort.emit = (event, message) => {
      if (event === 'message' && message?.data?.input?.kind === 'answer' && message.ports?.[0]) watch(message.ports[0]);
      return hear(event, message);
    };
  });
}
