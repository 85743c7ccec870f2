// `npm run -s lectern -- read …`: the same engine without Electron; only the result on stdout, a failing file in the exit code.
import { expect, test } from '@playwright/test';
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { newPlace } from '../helpers/application.ts';
import { fixturePage, shareFound } from '../helpers/fixture-pages.ts';

const root = resolve(import.meta.dirname, '../..');
const point = z.tuple([z.number(), z.number()]);
const quad = z.tuple([point, point, point, point]);
/** The form that the scorer of the sample pages reads. */
const readFile = z.object({
  file: z.string(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  rotation: z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]),
  lines: z.array(z.object({ text: z.string(), quad, confidence: z.number().min(0).max(1), words: z.array(z.object({ text: z.string(), quad, confidence: z.number() })) })),
});

const place = newPlace();
test.afterAll(() => place.remove());

function lectern(args: readonly string[], cwd = place.files): { code: number | null; stdout: string; stderr: string } {
  // Through npm, from another folder: what a person types. The test's own home shows what the run leaves behind.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(ORT_|XDG_|npm_|INIT_CWD$|LECTERN_)/.test(name)));
  const result = spawnSync('npm', ['--prefix', root, 'run', '-s', 'lectern', '--', ...args], { cwd, encoding: 'utf8', env: { ...env, HOME: place.home, npm_config_cache: join(place.data, 'npm') } });
  return { code: result.status, stdout: result.stdout, stderr: result.stderr };
}

test('reads files into JSON on stdout, in reading order, in pixels of the stored picture', () => {
  const receipt = fixturePage('en-receipt');
  copyFileSync(receipt.path, join(place.files, 'a receipt.png'));
  const { code, stdout, stderr } = lectern(['read', 'a receipt.png', '--format', 'json']);
  expect(code, stderr).toBe(0);
  const [page] = z.array(readFile).length(1).parse(JSON.parse(stdout));
  expect(page!.file).toContain('a receipt.png');
  expect(shareFound(receipt.lines.join('\n'), page!.lines.map((line) => line.text).join('\n'))).toBeGreaterThan(0.95);
  for (const [x, y] of page!.lines.flatMap((line) => line.quad)) {
    expect(x).toBeGreaterThanOrEqual(-2);
    expect(y).toBeGreaterThanOrEqual(-2);
    expect(x).toBeLessThanOrEqual(page!.width + 2);
    expect(y).toBeLessThanOrEqual(page!.height + 2);
  }
});

test('says what it is, and what it can do', () => {
  expect(lectern(['--version'])).toMatchObject({ code: 0, stdout: `lectern ${(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version}\n` });
  const help = lectern(['--help']);
  expect(help.code).toBe(0);
  expect(help.stdout).toMatch(/^Usage: lectern VERB\b.*\n\n {2}read .*\n {2}ask /);
  expect(lectern(['raed'])).toMatchObject({ code: 2, stdout: '' });
});

test('one bad file costs the exit code, not the others', () => {
  writeFileSync(join(place.files, 'broken.png'), 'no picture');
  const { code, stdout, stderr } = lectern(['read', 'broken.png', 'a receipt.png', 'nowhere.png', '--format', 'json']);
  expect(code).toBe(1);
  const pages = z.array(readFile.partial({ width: true, height: true, rotation: true, lines: true })).parse(JSON.parse(stdout));
  expect(pages.some((page) => page.file.includes('a receipt.png') && (page.lines?.length ?? 0) > 5)).toBe(true);
  expect(stderr).toContain('broken.png');
  expect(stderr).toContain('nowhere.png');
});

test('writes the formats whose libraries are bundled', () => {
  for (const [format, start] of [['pdf', '%PDF'], ['xlsx', 'PK'], ['docx', 'PK']] as const) {
    const { code, stderr } = lectern(['read', 'a receipt.png', '--format', format, '--output', 'written']);
    expect(code, stderr).toBe(0);
    expect(readFileSync(join(place.files, 'written', `a receipt.png.${format}`), 'latin1').slice(0, start.length)).toBe(start);
  }
});

test('leaves nothing in the home folder', () => {
  expect(readdirSync(place.home)).toEqual([]);
});
