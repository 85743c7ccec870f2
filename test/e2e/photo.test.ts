// HEIC photos in the real application: said plainly where the system cannot decode them, read as soon as it can.
import { expect, test } from '@playwright/test';
import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { linesOf } from '@contract/document.ts';
import { findProgram } from '../../build/processes.mjs';
import { launch, newPlace } from '../helpers/application.ts';
import { dropFiles, waitUntilRead } from '../helpers/window.ts';

const decoder = findProgram('heif-dec') ?? findProgram('heif-convert');

test('a HEIC photo names the package that is missing, and is read once that is installed', async () => {
  test.skip(process.platform !== 'linux' || !decoder, 'neither heif-dec nor heif-convert is installed (Debian: libheif-examples)');
  const place = newPlace();
  const programs = join(place.files, 'programs');
  mkdirSync(programs);
  const application = await launch(place, { env: { LECTERN_SAMPLES: 'none', PATH: [programs, '/nowhere'].join(delimiter) } });
  try {
    const { window } = application;
    const photo = join(place.files, 'IMG_0042.HEIC');
    copyFileSync(resolve(import.meta.dirname, '../fixtures/photos/en-card.heic'), photo);
    await dropFiles(window, [photo]);
    await window.getByRole('listbox', { name: 'Documents' }).getByRole('option', { name: 'IMG_0042' }).click();
    const main = window.getByRole('main');
    await expect(main.getByText('this system has no program that decodes it')).toBeVisible();
    await expect(main.getByText('libheif-examples')).toBeVisible();
    symlinkSync(decoder!, join(programs, 'heif-dec'));
    await main.getByRole('button', { name: 'Try again' }).click();
    const { texts } = await waitUntilRead(window, 'IMG_0042.HEIC');
    expect(linesOf(texts[0]!).map((line) => line.text).join('\n')).toContain('simone.verhagen@alderton.example');
    await expect(window.locator('[data-picture="shown"]')).toBeVisible();
  } finally {
    await application.quit();
    place.remove();
  }
});
