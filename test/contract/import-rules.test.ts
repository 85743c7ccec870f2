// Every import rule must fire on an import that breaks it: a wall whose pattern has a typo stands open without a sound.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkImports } from '../../build/check-imports.mjs';
import { forbidden } from '../../build/import-rules.mjs';

/** For each rule one import that breaks it: the file, what it says, and the file it reaches for (if it is not a package). */
const violations: Record<string, [file: string, text: string, target?: string]> = {
  'main-never-renderer': ['src-main/app/a.ts', "import '../../src-renderer/api.ts';", 'src-renderer/api.ts'],
  'renderer-never-main': ['src-renderer/api.ts', "import '../src-main/base/errors.ts';", 'src-main/base/errors.ts'],
  'only-contract-from-preload': ['src-main/app/a.ts', "import '../../src-preload/index.ts';", 'src-preload/index.ts'],
  'contract-is-pure': ['src-preload/contract/a.ts', "import 'node:path';"],
  'renderer-has-no-node': ['src-renderer/api.ts', "import 'node:fs';"],
  'electron-in-the-shell': ['src-main/ipc/documents.ts', "import { dialog } from 'electron'; void dialog;"],
  'main-never-runs-models': ['src-main/app/a.ts', "void import('../inference/session.ts');", 'src-main/inference/session.ts'],
  'engine-never-shell': ['src-main/ocr/a.ts', "import '../library/database.ts';", 'src-main/library/database.ts'],
  'engine-process-writes-no-documents': ['src-main/engine/jobs/a.ts', "import '../../exporters/text.ts';", 'src-main/exporters/text.ts'],
  'library-through-its-port': ['src-main/ipc/a.ts', "import { open } from '../library/database.ts'; open();", 'src-main/library/database.ts'],
  'starts-are-not-imported': ['src-main/app/a.ts', "import '../index.ts';", 'src-main/index.ts'],
  'layer-base': ['src-main/base/a.ts', "import '../model/a.ts';", 'src-main/model/a.ts'],
  'layer-model': ['src-main/model/a.ts', "import '../compiler/a.ts';", 'src-main/compiler/a.ts'],
  'layer-compiler': ['src-main/compiler/a.ts', "import '../inference/a.ts';", 'src-main/inference/a.ts'],
  'layer-inference': ['src-main/inference/a.ts', "import '../compiler/a.ts';", 'src-main/compiler/a.ts'],
  'layer-ocr': ['src-main/ocr/a.ts', "import '../compiler/a.ts';", 'src-main/compiler/a.ts'],
  'layer-layout': ['src-main/layout/a.ts', "import '../ocr/a.ts';", 'src-main/ocr/a.ts'],
  'layer-compare': ['src-main/compare/a.ts', "import '../inference/session.ts';", 'src-main/inference/session.ts'],
  'layer-endpoints': ['src-main/endpoints/a.ts', "import '../ocr/a.ts';", 'src-main/ocr/a.ts'],
  'layer-training': ['src-main/training/a.ts', "import '../ocr/a.ts';", 'src-main/ocr/a.ts'],
  'layer-reader': ['src-main/reader/a.ts', "import '../model/a.ts';", 'src-main/model/a.ts'],
  'layer-evaluation': ['src-main/evaluation/a.ts', "import '../compiler/a.ts';", 'src-main/compiler/a.ts'],
  'layer-library': ['src-main/library/a.ts', "import '../model/a.ts';", 'src-main/model/a.ts'],
  'layer-exporters': ['src-main/exporters/a.ts', "import '../model/a.ts';", 'src-main/model/a.ts'],
  'layer-engine': ['src-main/ocr/a.ts', "import '../engine/scheduler.ts';", 'src-main/engine/scheduler.ts'],
  'features-are-strangers': ['src-renderer/canvas/a.ts', "import '../settings/b.ts';", 'src-renderer/settings/b.ts'],
  'stores-never-views': ['src-renderer/stores/a.ts', "import '../canvas/b.tsx';", 'src-renderer/canvas/b.tsx'],
  'ui-is-leaf': ['src-renderer/ui/a.ts', "import '../stores/b.ts';", 'src-renderer/stores/b.ts'],
  'one-door-koffi': ['src-main/inference/sampler.ts', "import 'koffi';"],
  'one-door-onnxruntime-node': ['src-main/ocr/a.ts', "import 'onnxruntime-node';"],
  'runtime-behind-session': ['src-main/ocr/a.ts', "import '../inference/ort-api.ts';", 'src-main/inference/ort-api.ts'],
  'one-door-sharp': ['src-main/ocr/a.ts', "import 'sharp';"],
  'one-door-embedpdf-pdfium': ['src-main/ocr/a.ts', "import '@embedpdf/pdfium';"],
  'one-door-libsql': ['src-main/ipc/a.ts', "import 'libsql';"],
  'one-door-openai': ['src-main/app/a.ts', "import 'openai';"],
  'no-cycles': ['src-main/base/a.ts', "import { open } from './b.ts'; export const a = () => open;", 'src-main/base/b.ts'],
  'no-unresolved': ['src-main/base/a.ts', "import './nowhere.ts';"],
  'only-listed-packages': ['src-main/base/a.ts', "import 'unlisted';"],
  'no-tests-in-sources': ['src-main/base/a.ts', "import '../../build/b.mjs';", 'build/b.mjs'],
};

const listed = ['electron', 'koffi', 'onnxruntime-node', 'sharp', 'libsql', '@embedpdf/pdfium', 'openai', 'zod'];

describe('import rules', () => {
  let root: string;
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'lectern-imports-'));
    write('package.json', JSON.stringify({ name: 'probe', dependencies: Object.fromEntries(listed.map((name) => [name, '1.0.0'])) }));
    for (const name of [...listed, 'unlisted']) {
      write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
      write(`node_modules/${name}/index.js`, 'module.exports = {};');
    }
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('has an example that breaks each rule', () => {
    expect(Object.keys(violations).sort()).toEqual(forbidden.map((rule) => rule.name).sort());
  });

  it.each(Object.entries(violations))('%s fires', async (rule, [file, text, target]) => {
    if (target) write(target, rule === 'no-cycles' ? "import { a } from './a.ts'; export const open = () => a;" : 'export const open = () => 0;');
    write(file, text);
    const { broken } = await checkImports(root);
    expect(broken.map((one) => one.rule)).toContain(rule);
  });

  // The opposite bug: a wall that also stands where the design has a gate would make people switch rules off.
  it('lets through what the design allows', async () => {
    const empty = 'export const open = () => 0;';
    const files: Record<string, string> = {
      'src-preload/contract/page.ts': "import { z } from 'zod'; export const page = z;",
      'src-preload/index.ts': "import { contextBridge } from 'electron'; import { page } from '@contract/page.ts'; void [contextBridge, page];",
      'src-main/index.ts': "import { app } from 'electron'; import './app/windows.ts'; void app;",
      'src-main/app/windows.ts': "import { BrowserWindow } from 'electron'; import type { Rows } from '../library/rows.ts'; export type R = Rows; void BrowserWindow;",
      'src-main/library/rows.ts': "import { page } from '@contract/page.ts'; export type Rows = typeof page;",
      'src-main/library/database.ts': "import 'libsql';",
      'src-main/inference/session.ts': "import 'koffi'; import './ort-api.ts';",
      'src-main/inference/ort-api.ts': "import { page } from '@contract/page.ts'; void page;",
      'src-main/ocr/read.ts': "import '../inference/session.ts';",
      'src-main/engine/command-line.ts': "import '../ocr/read.ts'; import '../exporters/text.ts';",
      'src-main/exporters/text.ts': empty,
      'src-renderer/main.tsx': "import './canvas/a.ts'; import './settings/b.ts';",
      'src-renderer/canvas/a.ts': "import '../stores/c.ts'; import '../ui/d.ts';",
      'src-renderer/settings/b.ts': empty,
      'src-renderer/stores/c.ts': empty,
      'src-renderer/ui/d.ts': empty,
    };
    for (const [path, text] of Object.entries(files)) write(path, text);
    expect((await checkImports(root)).broken).toEqual([]);
  });
});
