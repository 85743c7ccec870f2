// `npm run check`: every static check at once, each with its closing line. A failing check also shows what it found.
import { join } from 'node:path';
import { run } from './processes.mjs';
import { bin, root } from './setup.mjs';

const program = (name, args) => [bin(name), args];
const checks = [
  ...['contract', 'main', 'renderer', 'test'].map((name) => [`types: ${name}`, ...program('typescript', ['-p', `tsconfig.${name}.json`, '--pretty', 'false'])]),
  ['lint', ...program('oxlint', ['--type-aware', '--deny-warnings', '.'])],
  ['imports', join(root, 'build/check-imports.mjs'), []],
  ['dead code', ...program('knip', ['--no-progress', '--no-config-hints'])],
  ['files', join(root, 'build/check-files.mjs'), []],
];

const lastLine = (output) => output.trim().split('\n').at(-1)?.trim() || 'nothing found';
const started = Date.now();
const queue = [...checks];
const failed = [];

async function work() {
  for (let next = queue.shift(); next; next = queue.shift()) {
    const [name, script, args] = next;
    const began = Date.now();
    const { code, output } = await run(process.execPath, [script, ...args], { cwd: root, capture: true });
    const seconds = ((Date.now() - began) / 1000).toFixed(1);
    if (code !== 0) {
      failed.push(name);
      console.log(`\n${output.trim()}\n`);
    }
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(16)} ${seconds.padStart(5)} s  ${name === 'lint' ? (/Found .*/.exec(output)?.[0] ?? lastLine(output)) : code === 0 ? lastLine(output) : ''}`);
  }
}

// A few at a time: each of them uses the cores itself.
await Promise.all(Array.from({ length: 3 }, work));
console.log(`check: ${failed.length ? `FAILED: ${failed.join(', ')}` : `${checks.length} checks passed`} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
process.exit(failed.length ? 1 : 0);
