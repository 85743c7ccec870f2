// A virtual screen for machines without one, and fonts for it: Xvfb with its own access cookie, and the page fonts that npm
// already brought when the system has none for Chinese, Japanese and Korean. Nothing is installed and nothing stays behind.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SetupError, findProgram, run, start } from './processes.mjs';

/** An X authority file with one cookie that fits every address and display. */
function authorityFile() {
  const field = (bytes) => Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
  const any = Buffer.from([0xff, 0xff]);
  return Buffer.concat([any, field(Buffer.alloc(0)), field(Buffer.alloc(0)), field(Buffer.from('MIT-MAGIC-COOKIE-1')), field(randomBytes(16))]);
}

/** Starts Xvfb on a free display; the environment to start programs with. It ends with this process. */
export async function startVirtualDisplay(size = '1920x1200x24') {
  const folder = mkdtempSync(join(tmpdir(), 'lectern-display-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const authority = join(folder, 'authority');
  writeFileSync(authority, authorityFile(), { mode: 0o600 });
  const child = start('Xvfb', ['-displayfd', '3', '-screen', '0', size, '-nolisten', 'tcp', '-auth', authority, '-noreset'], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    tied: true,
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (complaint += text));
  const display = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new SetupError(`The virtual display (Xvfb) did not start: ${complaint.trim()}`)));
    let answer = '';
    child.stdio[3].setEncoding('utf8').on('data', (text) => {
      answer += text;
      if (answer.includes('\n')) resolve(`:${answer.trim()}`);
    });
  });
  child.unref();
  for (const stream of [child.stderr, child.stdio[3]]) stream.unref?.();
  return { DISPLAY: display, XAUTHORITY: authority };
}

/** Where the system has no font for Korean or Chinese: a font configuration that adds those npm brought. Empty otherwise. */
export async function fontEnvironment(root) {
  if (process.platform !== 'linux' || process.env.FONTCONFIG_FILE) return {};
  if (findProgram('fc-list')) {
    const found = await Promise.all(['ko', 'zh-cn', 'ja'].map((language) => run('fc-list', [`:lang=${language}`, 'family'], { capture: true })));
    if (found.every((one) => one.output.trim())) return {};
  }
  const folders = ['jp', 'kr', 'sc', 'tc'].map((name) => join(root, `node_modules/@embedpdf/fonts-${name}/fonts`)).filter((folder) => existsSync(folder));
  if (folders.length === 0) return {};
  const cache = join(root, '.cache/fonts');
  mkdirSync(cache, { recursive: true });
  const file = join(cache, 'fonts.conf');
  const lines = [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">',
    '<fontconfig>',
    `  <cachedir>${cache}</cachedir>`,
    '  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>',
    ...folders.map((folder) => `  <dir>${folder}</dir>`),
    '</fontconfig>',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  return { FONTCONFIG_FILE: file };
}
