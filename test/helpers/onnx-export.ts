// The tiny Qwen2-VL as an ONNX export for transformers.js (build/fixtures/onnx_export.py), put together as it would be published.
import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { checkpointsFolder } from './reference.ts';

/** Makes `folder` an export: the graphs, and the companion files of the checkpoint that they were made from. */
export function writeExport(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const source = path.join(checkpointsFolder, 'qwen2-vl');
  for (const name of readdirSync(source)) if (!/^(model|reference)/.test(name)) cpSync(path.join(source, name), path.join(folder, name));
  cpSync(path.resolve('test/fixtures/onnx-export/onnx'), path.join(folder, 'onnx'), { recursive: true });
  return folder;
}
