// `npm start` where there is no display: drives the real application through a first start, prints what it read, and leaves a
// picture of its window and the exports in a folder. Fails loudly when any of that fails. Result on stdout, progress on stderr.
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { launchApplication } from './application-driver.mjs';
import { say } from './processes.mjs';
import { root } from './setup.mjs';

const cwd = process.env.INIT_CWD ?? process.cwd();
const { values, positionals } = parseArgs({ allowPositionals: true, options: { output: { type: 'string', default: join(root, 'out/demo') } } });
const output = resolve(cwd, values.output);
const files = positionals.map((file) => resolve(cwd, file));
/** A slow machine may take long for everything, but not this long for one step. */
const patienceMs = 180_000;

/** As a person would type it: from their folder when it lies in there. */
const shortPath = (file) => (relative(cwd, file).startsWith('..') ? file : relative(cwd, file));

/** Asks main through the window's own bridge. */
async function ask(window, name, input = {}) {
  const answer = await window.evaluate(([what, argument]) => globalThis.lectern.request(what, argument), [name, input]);
  if (!answer.ok) throw new Error(`${name} failed: ${answer.error.code} ${JSON.stringify(answer.error.data)}`);
  return answer.result;
}

const many = (count, what) => `${count} ${what}${count === 1 ? '' : 's'}`;

/** The documents that the given files became (all, when none were given), once each is read or failed; says how far it is. */
async function waitUntilRead(window, ids) {
  let until = Date.now() + patienceMs;
  let last = '';
  for (;;) {
    const documents = (await ask(window, 'document.list')).filter((one) => !ids || ids.includes(one.id));
    const pages = documents.reduce((sum, one) => sum + one.pageCount, 0);
    const done = documents.reduce((sum, one) => sum + one.readCount + one.failedCount, 0);
    const progress = `${many(documents.length, 'document')}, ${done} of ${many(pages, 'page')} read`;
    if (progress !== last) {
      say(`  ${(last = progress)}`);
      until = Date.now() + patienceMs;
    }
    const settled = documents.every((one) => one.status === 'failed' || (one.status === 'ready' && one.readCount + one.failedCount === one.pageCount));
    if (documents.length > 0 && settled) return documents;
    if (Date.now() > until) throw new Error(`nothing went on for ${patienceMs / 1000} s (${progress})`);
    await window.waitForTimeout(200);
  }
}

/** Exports through the application's own dialog, answered as a person would: this name in this folder. */
async function exportAs(application, document, format) {
  const file = join(output, `${document.title}.${format}`);
  rmSync(file, { force: true });
  await application.electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath });
  }, file);
  const target = { kind: 'documents', documentIds: [document.id] };
  const written = await ask(application.window, 'document.export', { target, format });
  if (!written || !existsSync(file) || statSync(file).size === 0) throw new Error(`the ${format} export of "${document.title}" was not written`);
  return file;
}

async function main() {
  for (const file of files) if (!existsSync(file)) throw new Error(`there is no file ${file}`);
  mkdirSync(output, { recursive: true });
  // A library of its own, as on a first start, unless the person names one.
  const own = process.env.LECTERN_DATA ? null : mkdtempSync(join(tmpdir(), 'lectern-demo-'));
  say(`No display here: driving the application on a virtual one …`);
  const started = Date.now();
  const application = await launchApplication({ files, cwd, env: { ...process.env, LECTERN_DATA: process.env.LECTERN_DATA ?? own } });
  try {
    const { window } = application;
    await application.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1440, 900));
    // The application has the files from its command line; importing them once more says what became of each.
    const imported = files.length ? await ask(window, 'document.import', { paths: files }) : null;
    const taken = imported && [...imported.documents, ...imported.alreadyThere];
    const documents = taken?.length === 0 ? [] : await waitUntilRead(window, taken);
    const failed = [
      ...(imported?.refused ?? []).map(({ fileName, error }) => `${fileName} (${error.code})`),
      ...documents.filter((one) => one.status === 'failed' || one.failedCount > 0).map((one) => `${one.fileName} (${one.error?.code ?? 'a page failed'})`),
    ];
    const shown = documents.find((one) => one.readCount > 0);
    if (!shown) throw new Error(`nothing could be read: ${failed.join(', ')}`);

    await window.getByText(shown.title, { exact: true }).first().click();
    await window.waitForTimeout(1000); // The picture is decoded and the view has settled.
    const picture = join(output, 'window.png');
    await window.screenshot({ path: picture });

    const target = { kind: 'documents', documentIds: [shown.id] };
    const { text } = await ask(window, 'document.render', { target, format: 'txt' });
    if (!text.trim()) throw new Error(`"${shown.title}" was read, but no text was found in it`);
    const written = [];
    for (const format of ['txt', 'md', 'json']) written.push(await exportAs(application, shown, format));

    process.stdout.write(`\n── ${shown.fileName} ──\n${text.trim()}\n\n`);
    process.stdout.write(`Window: ${shortPath(picture)}\nExports: ${written.map(shortPath).join(', ')}\n`);
    say(`\nRead ${many(documents.length, 'document')} in ${((Date.now() - started) / 1000).toFixed(1)} s, start included.`);
    for (const one of failed) say(`Could not read ${one}`);
    return failed.length ? 1 : 0;
  } catch (error) {
    await application.window.screenshot({ path: join(output, 'failed.png') }).catch(() => {});
    say(application.stderr().split('\n').slice(-20).join('\n'));
    throw error;
  } finally {
    await application.quit();
    if (own) rmSync(own, { recursive: true, force: true, maxRetries: 5 });
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  say(`\nnpm start failed: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
