// House rules that no linter knows: length, the opening sentence, which errors may be thrown, no barrels. Knows text, not syntax.
import { readFileSync } from 'node:fs';
import { basename, extname, join, relative } from 'node:path';
import { filesUnder, root } from './setup.mjs';

const maxLines = 600;
/** Files that may be longer, each with the reason. */
const longer = new Map([]);

const sources = ['src-main', 'src-preload', 'src-renderer', 'build', 'test']
  .flatMap((folder) => filesUnder(join(root, folder)))
  .map((path) => relative(root, path).replaceAll('\\', '/'))
  .filter((path) => ['.ts', '.tsx', '.mjs', '.cjs', '.css', '.py'].includes(extname(path)) && !path.startsWith('test/fixtures/'));

const findings = [];
for (const path of sources) {
  const text = readFileSync(join(root, path), 'utf8');
  const lines = text.split('\n').length;
  if (lines > maxLines && !longer.has(path)) findings.push(`${path}: ${lines} lines; the limit is ${maxLines}. Does it still own one thing?`);
  if (!/^(#!.*\n)?\s*(\/\/|\/\*|#|""")/.test(text)) findings.push(`${path}: open with one to three sentences: what this file owns, and what it does not know.`);
  if (!path.startsWith('src-')) continue;
  if (/\bthrow new (Error|TypeError|RangeError)\(/.test(text) && path !== 'src-main/base/errors.ts') {
    findings.push(`${path}: throw an AppError with a code from the contract, or assert() what must hold.`);
  }
  if (/^\s*export \* from/m.test(text)) findings.push(`${path}: no barrels: import from the file that owns the thing.`);
  if (/(^|\/)(utils?|helpers?|common|misc|manager|service)(\/|-|\.|$)/.test(path)) findings.push(`${path}: name it after what it does.`);
  if (/^index\.tsx?$/.test(basename(path)) && !/^src-(main|preload)\/((engine|library)\/)?index\.ts$/.test(path)) findings.push(`${path}: index means "a process starts here".`);
}

for (const finding of findings) console.log(finding);
console.log(`${findings.length} findings in ${sources.length} files (at most ${maxLines} lines each)`);
process.exit(findings.length ? 1 : 0);
