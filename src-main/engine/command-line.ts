// The command line starts here: picks the verb, tells it what it was given, turns its failures into sentences and an exit
// code. Each verb is a file in commands/; only results go to stdout.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, isCancellation } from '../base/errors.ts';
import { configureLog } from '../base/log.ts';
import type { Command } from './commands/command.ts';
import { sentenceFor } from './commands/error-sentences.ts';

/** ONNX Runtime reports to its maker unless told not to; told here too, for whoever starts this file by itself. */
process.env['ORT_DISABLE_TELEMETRY'] = '1';
configureLog('lectern');

/** Loaded when named: `--help` needs no networks. */
const verbs: Readonly<Record<string, { summary: string; load: () => Promise<Command> }>> = {
  read: { summary: 'read the text of pictures and PDFs', load: async () => (await import('./commands/read.ts')).readCommand },
  ask: { summary: 'ask about pictures and PDFs, by a Qwen-VL model or the built-in reader', load: async () => (await import('./commands/ask.ts')).askCommand },
  extract: { summary: 'take named fields and rows out of documents, by a schema', load: async () => (await import('./commands/extract.ts')).extractCommand },
  compare: { summary: 'find what changed between two pictures or documents', load: async () => (await import('./commands/compare.ts')).compareCommand },
  model: { summary: 'import, download, list and remove Qwen-VL models', load: async () => (await import('./commands/model.ts')).modelCommand },
  bench: { summary: 'measure an installed model on this machine', load: async () => (await import('./commands/bench.ts')).benchCommand },
};

function usage(): string {
  const width = Math.max(...Object.keys(verbs).map((verb) => verb.length));
  const list = Object.entries(verbs).map(([verb, { summary }]) => `  ${verb.padEnd(width)}  ${summary}`).join('\n');
  return `Usage: lectern VERB [ARGUMENTS]\n\n${list}\n\n"lectern VERB --help" tells more about a verb.\n`;
}

async function main(args: readonly string[]): Promise<number> {
  const [verb, ...rest] = args;
  if (verb === undefined || verb === '--help' || verb === '-h' || verb === 'help') {
    process[verb === undefined ? 'stderr' : 'stdout'].write(usage());
    return verb === undefined ? 2 : 0;
  }
  if (verb === '--version' || verb === '-v') {
    const about = JSON.parse(await readFile(join(import.meta.dirname, '../../package.json'), 'utf8')) as { version: string };
    process.stdout.write(`lectern ${about.version}\n`);
    return 0;
  }
  const entry = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (!entry) {
    process.stderr.write(`There is no "${verb}".\n\n${usage()}`);
    return 2;
  }
  const command = await entry.load();
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(command.usage);
    return 0;
  }
  const controller = new AbortController();
  // The first Ctrl+C ends the work in order, the second one at once.
  process.once('SIGINT', () => controller.abort(new AppError('job-cancelled')));
  return command.run(rest, controller.signal);
}

// A reader that closes the pipe early (`| head`) is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(isCancellation(error) ? 'Cancelled.\n' : `${sentenceFor(error)}\n`);
    process.exitCode = isCancellation(error) ? 130 : 1;
  },
);
