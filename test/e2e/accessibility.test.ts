// What assistive tools meet: names, roles, contrast, in both themes and with the dialogs open. And every button by keyboard.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import type { Application } from '../../build/application-driver.mjs';
import { launch, newPlace } from '../helpers/application.ts';
import { fixturePage } from '../helpers/fixture-pages.ts';
import { ask, dropFiles, waitUntilRead } from '../helpers/window.ts';

const place = newPlace();
let application: Application;

test.beforeAll(async () => {
  const page = fixturePage('mixed-notice');
  application = await launch(place, { files: [page.path] });
  const { window } = application;
  await waitUntilRead(window, page.fileName);
  await window.getByRole('listbox', { name: 'Documents' }).getByRole('option').first().click();
  await expect(window.locator('[data-picture="shown"]')).toBeVisible();
});
test.afterAll(async () => {
  await application.quit();
  place.remove();
});

async function violations(): Promise<string[]> {
  // Legacy mode: Electron cannot open the second page that axe would otherwise finish its report in.
  const { violations: found } = await new AxeBuilder({ page: application.window }).setLegacyMode(true).analyze();
  return found.map((one) => `${one.id} (${one.impact}): ${one.help}\n${one.nodes.map((node) => `    ${node.html.slice(0, 160)}\n      ${node.failureSummary?.replace(/\s+/g, ' ')}`).join('\n')}`);
}

for (const theme of ['light', 'dark'] as const) {
  test(`nothing is wrong for assistive tools in the ${theme} theme`, async () => {
    const { window } = application;
    await ask(window, 'settings.change', { theme });
    await expect.poll(() => window.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)).toBe(theme === 'dark');
    await window.waitForTimeout(400); // Colours cross-fade; half-way they have no contrast.
    expect((await violations()).join('\n')).toBe('');
  });

  for (const [name, keys] of [['settings', 'Control+,'], ['shortcuts', 'F1'], ['commands', 'Control+k'], ['export', 'Control+e']] as const) {
    test(`nor in the ${name} dialog, ${theme}; Escape closes it`, async () => {
      const { window } = application;
      await window.locator('#page-canvas').focus();
      await window.keyboard.press(keys);
      await expect(window.getByRole('dialog')).toBeVisible();
      await window.waitForTimeout(400);
      const found = (await violations()).join('\n');
      await window.keyboard.press('Escape');
      await expect(window.getByRole('dialog')).toHaveCount(0);
      expect(found).toBe('');
    });
  }
}

test('nor with a table as a grid over the page', async () => {
  const { window } = application;
  const table = fixturePage('en-table');
  await dropFiles(window, [table.path]);
  await waitUntilRead(window, table.fileName);
  await window.getByRole('listbox', { name: 'Documents' }).getByRole('option', { name: 'en-table' }).click();
  const canvas = window.locator('#page-canvas');
  await expect(canvas.getByRole('option').nth(5)).toBeAttached();
  await canvas.focus();
  await window.keyboard.press('g');
  await expect(window.getByRole('grid')).toBeFocused();
  await window.waitForTimeout(400);
  const found = (await violations()).join('\n');
  await window.keyboard.press('Enter');
  await expect(window.getByLabel(/^Text of cell/)).toBeFocused();
  const inCell = (await violations()).join('\n');
  await window.keyboard.press('Escape');
  await window.keyboard.press('Escape');
  expect(found + inCell).toBe('');
});

test('Tab reaches every control, and each shows that it has the focus', async () => {
  const { window } = application;
  await window.locator('body').press('Escape');
  const reached = new Set<string>();
  const unmarked: string[] = [];
  for (let step = 0; step < 80; step += 1) {
    await window.keyboard.press('Tab');
    const at = await window.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      const name = element.getAttribute('aria-label') ?? element.textContent?.trim().slice(0, 40) ?? element.tagName;
      return { name: `${element.tagName} ${name}`, marked: (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none' || element.matches('input') };
    });
    if (!at) continue;
    if (reached.has(at.name) && reached.size > 5 && step > 40) break;
    reached.add(at.name);
    if (!at.marked) unmarked.push(at.name);
  }
  expect([...reached].join('\n')).toMatch(/Documents/);
  expect([...reached].join('\n')).toMatch(/Text on page 1 of/);
  expect(reached.size).toBeGreaterThan(8);
  expect(unmarked).toEqual([]);
});
