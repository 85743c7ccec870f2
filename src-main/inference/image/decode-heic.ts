// HEIC photos through the decoder that the user's system has: libheif's on Linux, sips on macOS, the imaging component on Windows.
// npm has none under a licence that we may ship. Knows nothing of pixels: it turns one file into another that sharp reads.
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, copyFile, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { AppError, fileError } from '../../base/errors.ts';

/** A photo that takes longer is no photo. */
const longestMs = 60_000;
const maxFileBytes = 256 * 2 ** 20;
/** What decoding wrote at most: uncompressed pixels of the largest picture that is opened. */
const maxOutputBytes = 1024 * 2 ** 20;

interface Decoder {
  readonly program: string;
  /** Names in the working folder, which is ours: `in.heic` and `out`. */
  readonly args: readonly string[];
  /** The decoder leaves the pixels as the camera's sensor saw them and says in the result how to turn them. */
  readonly leavesTurn: boolean;
}

export interface DecodedPhoto {
  readonly bytes: Uint8Array;
  /** What the result says about its turn is still to be followed. */
  readonly isToBeTurned: boolean;
}

async function onPath(names: readonly string[]): Promise<string | null> {
  for (const name of names) {
    for (const folder of (process.env['PATH'] ?? '').split(delimiter).filter((one) => one !== '')) {
      const program = join(folder, name);
      if (await access(program, constants.X_OK).then(() => true, () => false)) return program;
    }
  }
  return null;
}

/** Constant text: names reach it only as the two fixed ones of the working folder. The component turns the pixels itself. */
const windowsScript = `$ErrorActionPreference = 'Stop'
Add-Type -AssemblyName PresentationCore
$in = [IO.File]::OpenRead([IO.Path]::Combine($PWD.ProviderPath, 'in.heic'))
$frame = [Windows.Media.Imaging.BitmapDecoder]::Create($in, 'None', 'OnLoad').Frames[0]
$encoder = New-Object Windows.Media.Imaging.PngBitmapEncoder
$encoder.Frames.Add([Windows.Media.Imaging.BitmapFrame]::Create([Windows.Media.Imaging.BitmapSource]$frame))
$out = [IO.File]::Create([IO.Path]::Combine($PWD.ProviderPath, 'out.png'))
$encoder.Save($out)
$out.Close()`;

async function findDecoder(): Promise<Decoder | null> {
  if (process.platform === 'darwin') return { program: '/usr/bin/sips', args: ['-s', 'format', 'tiff', 'in.heic', '--out', 'out.tiff'], leavesTurn: true };
  if (process.platform === 'win32') {
    const program = join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32\\WindowsPowerShell\\v1.0\\powershell.exe');
    return { program, args: ['-NoProfile', '-NonInteractive', '-EncodedCommand', Buffer.from(windowsScript, 'utf16le').toString('base64')], leavesTurn: false };
  }
  const program = await onPath(['heif-dec', 'heif-convert']);
  return program === null ? null : { program, args: ['in.heic', 'out.png'], leavesTurn: false };
}

/** Only what a program needs to start: nothing of ours reaches it, and no library of ours is loaded into it. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'SystemRoot', 'windir', 'TEMP', 'TMP', 'USERPROFILE', 'LOCALAPPDATA'];
  return { LC_ALL: 'C', ...Object.fromEntries(kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))) };
}

interface Ended {
  readonly code: number | null;
  readonly timedOut: boolean;
  readonly missing: boolean;
  readonly words: string;
}

function runDecoder({ program, args }: Decoder, folder: string): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(program, [...args], { cwd: folder, env: plainEnvironment(), timeout: longestMs, killSignal: 'SIGKILL', maxBuffer: 2 ** 20, windowsHide: true, shell: false }, (error, _, words) => {
      const missing = error !== null && 'code' in error && (error.code === 'ENOENT' || error.code === 'EACCES');
      resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : null, timedOut: error?.killed === true, missing, words: words.trim().slice(-400) });
    });
  });
}

/** The decoder is there, but not the part of it that knows this way of coding. */
const lacksCodec = /unsupported (?:codec|compression)|no (?:decoding|suitable) (?:plugin|imaging component)|no decoder|0x88982F50|0x88982F8B|0xC00D5212/i;

/** The largest picture that the file says it holds, from its `ispe` properties. @source ISO/IEC 23008-12, 6.5.3 */
export function largestSize(file: Uint8Array): { width: number; height: number } | null {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const found: { width: number; height: number }[] = [];
  const walk = (start: number, end: number, path: readonly string[]): void => {
    for (let at = start; at + 8 <= end; ) {
      const size = view.getUint32(at), name = String.fromCharCode(...file.subarray(at + 4, at + 8));
      const boxEnd = size === 0 ? end : at + size;
      if (size === 1 || (size !== 0 && size < 8) || boxEnd > end) return;
      if (name === path[0] && path.length > 1) walk(at + (name === 'meta' ? 12 : 8), boxEnd, path.slice(1));
      else if (name === path[0] && boxEnd - at >= 20) found.push({ width: view.getUint32(at + 12), height: view.getUint32(at + 16) });
      at = boxEnd;
    }
  };
  walk(0, file.byteLength, ['meta', 'iprp', 'ipco', 'ispe']);
  return found.sort((a, b) => b.width * b.height - a.width * a.height)[0] ?? null;
}

async function resultIn(folder: string, file: string): Promise<Uint8Array> {
  // Of several pictures in one file the decoder numbers its results: the first is meant.
  const [name] = (await readdir(folder)).filter((one) => one.startsWith('out')).sort();
  if (name === undefined) throw new AppError('file-corrupt', { file, format: 'heic' });
  const path = join(folder, name);
  if ((await stat(path)).size > maxOutputBytes) throw new AppError('file-too-large', { file });
  return await readFile(path);
}

/**
 * A photo as a file that sharp reads. `file` names it in errors; `check` refuses sizes before anything is decoded.
 * @throws decoder-missing, file-corrupt, file-too-large, and what `check` throws
 */
async function decodeHeic(source: string | Uint8Array, file: string, check: (width: number, height: number) => void): Promise<DecodedPhoto> {
  const decoder = await findDecoder();
  if (!decoder) throw new AppError('decoder-missing', { file, format: 'heic', system: process.platform });
  const sizeBytes = typeof source === 'string' ? (await stat(source)).size : source.byteLength;
  if (sizeBytes > maxFileBytes) throw new AppError('file-too-large', { file });
  const folder = await mkdtemp(join(tmpdir(), 'lectern-photo-'));
  try {
    const copy = join(folder, 'in.heic');
    // The decoder never sees the name that the file came with.
    await (typeof source === 'string' ? copyFile(source, copy) : writeFile(copy, source));
    const size = largestSize(await readFile(copy));
    if (size) check(size.width, size.height);
    const { code, timedOut, missing, words } = await runDecoder(decoder, folder);
    if (missing || lacksCodec.test(words)) throw new AppError('decoder-missing', { file, format: 'heic', system: process.platform, ...(words && { reason: words }) });
    if (code !== 0) throw new AppError(/end of file|outside of file bounds/i.test(words) ? 'file-truncated' : 'file-corrupt', { file, format: 'heic', reason: timedOut ? `not decoded within ${longestMs / 1000} seconds` : words });
    return { bytes: await resultIn(folder, file), isToBeTurned: decoder.leavesTurn };
  } catch (error) {
    throw fileError(error, file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Kept {
  readonly key: string;
  readonly photo: Promise<DecodedPhoto>;
}

let last: Kept | null = null;
let forgetting: NodeJS.Timeout | null = null;
/** A photo is measured, drawn and read one after the other: it is decoded once for all of them. */
const keepMs = 15_000;

/** The same, with the last photo kept for a while. */
export async function decodedPhoto(source: string | Uint8Array, check: (width: number, height: number) => void): Promise<DecodedPhoto> {
  if (typeof source !== 'string') return decodeHeic(source, '', check);
  const facts = await stat(source).catch((error: unknown) => { throw fileError(error, source); });
  const key = JSON.stringify([source, facts.size, facts.mtimeMs]);
  if (last?.key !== key) last = { key, photo: decodeHeic(source, source, check) };
  const mine = last;
  if (forgetting) clearTimeout(forgetting);
  forgetting = setTimeout(() => (last = null), keepMs);
  forgetting.unref();
  mine.photo.catch(() => { if (last === mine) last = null; });
  return mine.photo;
}
