// Settings survive: restarts, damaged files, values of another version.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { settings } from '@contract/settings.ts';
import { openSettings } from '../../../src-main/app/settings-store.ts';
import { temporaryFolder } from '../../helpers/library.ts';

let folder: ReturnType<typeof temporaryFolder>;
let file: string;
beforeEach(() => {
  folder = temporaryFolder();
  file = join(folder.path, 'settings.json');
});
afterEach(() => folder.remove());

test('defaults first, then what was chosen, also after a restart', async () => {
  const store = openSettings(file);
  expect(store.get()).toEqual(settings.parse({}));
  await store.change({ theme: 'dark' });
  await store.change({ sidebarWidth: 300, theme: undefined });
  expect(openSettings(file).get()).toMatchObject({ theme: 'dark', sidebarWidth: 300 });
});

test('of many quick changes the last one is on disk', async () => {
  const store = openSettings(file);
  await Promise.all(Array.from({ length: 20 }, (_, index) => store.change({ sidebarWidth: 200 + index })));
  expect(openSettings(file).get().sidebarWidth).toBe(219);
});

test('one bad value falls back alone, unknown ones are dropped', () => {
  writeFileSync(file, JSON.stringify({ theme: 'dark', sidebarWidth: -5, invented: true }));
  expect(openSettings(file).get()).toEqual(settings.parse({ theme: 'dark' }));
});

test('a damaged file is put aside, not overwritten', () => {
  writeFileSync(file, '{"theme": "da');
  expect(openSettings(file).get()).toEqual(settings.parse({}));
  expect(existsSync(file)).toBe(false);
  expect(readFileSync(`${file}.damaged`, 'utf8')).toBe('{"theme": "da');
});
