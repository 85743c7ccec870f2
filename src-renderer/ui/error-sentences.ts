// The words for every error of the contract: what happened, to which file, and what to do about it. Nothing else in the window words errors.
import { byteWords } from './byte-words.ts';
import type { ErrorCode, ErrorData, WireError } from '@contract/errors.ts';

export interface ErrorSentence {
  /** What happened, with the file's name when there is one. A full sentence. */
  what: string;
  /** What the user can do; empty when there is nothing. */
  advice: string;
}

type Words = (data: ErrorData) => ErrorSentence;

const text = (data: ErrorData, ...keys: string[]): string => {
  for (const key of keys) {
    const value = data[key];
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'number') return value.toLocaleString('en');
    if (Array.isArray(value) && value.length > 0) return value.join(', ');
  }
  return '';
};

/** The file's name in quotes, or a stand-in. Folders are cut off: a name is enough to know the file by. */
const file = (data: ErrorData, otherwise = 'The file'): string => {
  const path = text(data, 'fileName', 'file', 'path', 'folder');
  const name = path.split(/[\\/]/).findLast((part) => part !== '') ?? '';
  return name ? `“${name}”` : otherwise;
};

const model = (data: ErrorData): string => { const name = text(data, 'model', 'name', 'id'); return name ? `The model “${name}”` : 'The model'; };
const server = (data: ErrorData, otherwise = 'The server'): string => { const name = text(data, 'endpoint', 'host'); return name ? `“${name}”` : otherwise; };
const because = (data: ErrorData, ...keys: string[]): string => { const reason = text(data, ...keys); return reason ? ` (${reason})` : ''; };

const amount = (data: ErrorData, ...keys: string[]): string => {
  for (const key of keys) { const value = data[key]; if (typeof value === 'number') return byteWords(value); }
  return '';
};
const needs = (needed: string, available: string): string =>
  needed && available ? ` It needs ${needed}; ${available} are available.` : needed ? ` It needs ${needed}.` : '';

const sizeOf = (data: ErrorData): string => {
  const { width, height } = data;
  if (typeof width !== 'number' || typeof height !== 'number') return '';
  const limit = typeof data['limitMegapixels'] === 'number' ? `, at most ${data['limitMegapixels']} million` : '';
  return ` (${width.toLocaleString('en')} × ${height.toLocaleString('en')} pixels${limit})`;
};

const heicDecoders: Readonly<Record<string, string>> = {
  linux: 'Install the package libheif-examples (Debian, Ubuntu), libheif-tools (Fedora) or libheif (Arch), then try again.',
  win32: 'Install “HEIF Image Extensions” and “HEVC Video Extensions” from the Microsoft Store, then try again.',
};
const heicAdvice = 'Or export the photo as JPEG where it was taken: an iPhone takes JPEGs with Settings › Camera › Formats › Most Compatible.';
const readable = 'Lectern reads PNG, JPEG, WebP, TIFF, GIF, BMP, AVIF, SVG and HEIC pictures, and PDFs.';
const reread = 'Choose Read again; if it happens once more, please report it with the file.';

const words: { [code in ErrorCode]: Words } = {
  'file-not-found': (d) => ({ what: `${file(d)} is no longer there.`, advice: 'It may have been moved or renamed. Add it again from its new place.' }),
  'file-unreadable': (d) => ({ what: `${file(d)} could not be opened${because(d, 'reason')}.`, advice: 'Check that you are allowed to read it and that no other program holds it, then try again.' }),
  'file-empty': (d) => ({ what: `${file(d)} is empty.`, advice: 'It holds no data at all. If it was downloaded or copied, do that again.' }),
  'file-unsupported': (d) => ({ what: `${file(d)} is not a kind of file that Lectern can read${because(d, 'format', 'found')}.`, advice: readable }),
  'decoder-missing': (d) => ({ what: `${file(d)} is a HEIC photo, and this system has no program that decodes it.`, advice: `${heicDecoders[text(d, 'system')] ?? ''} ${heicAdvice}`.trim() }),
  'file-corrupt': (d) => ({ what: `${file(d)} is damaged and could not be decoded.`, advice: 'Open it in another program and save it again, or get a fresh copy.' }),
  'file-truncated': (d) => ({ what: `${file(d)} ends too early: a part of it is missing.`, advice: 'The download or copy probably broke off. Get a fresh copy.' }),
  'file-too-large': (d) => ({ what: `${file(d)} is too large${because(d, 'size')}.`, advice: 'Split it or save it in a smaller size, then add it again.' }),
  'file-is-folder': (d) => ({ what: `${file(d, 'This')} is a folder, and no file was expected to be one.`, advice: 'Drop the folder on the window to add the pictures in it.' }),
  'image-too-large': (d) => ({ what: `${file(d, 'The picture')} has more pixels than Lectern can read safely${sizeOf(d)}.`, advice: 'Reduce it or cut it into parts, then add those.' }),
  'image-too-small': (d) => ({ what: `${file(d, 'The picture')} is too small to hold readable text${sizeOf(d)}.`, advice: 'Scan or photograph it at a higher resolution.' }),
  'pdf-encrypted': (d) => (d['passwordGiven'] === true ? { what: `The password does not open ${file(d, 'the file')}.`, advice: 'Mind capital letters and the keyboard’s language, then try again.' } : { what: `${file(d)} is protected by a password.`, advice: 'Type it to open the document. It is kept until Lectern closes, and never stored; other documents that it opens are opened, too.' }),
  'pdf-empty': (d) => ({ what: `${file(d)} has no pages.`, advice: 'Open it in a PDF program to see whether its pages are really missing.' }),
  'capture-refused': (d) => ({ what: `The system did not let Lectern see the screen${because(d, 'reason')}.`, advice: 'Allow it in the system’s privacy settings; or take the screenshot with the system’s own tool and paste it here, which always works.' }),
  'disk-full': (d) => ({ what: `The disk is full${because(d, 'path', 'folder')}.`, advice: 'Free some space, then try again. Nothing that was stored before is lost.' }),
  'file-exists': (d) => ({ what: `${file(d)} exists already and was left as it is.`, advice: 'Choose another name or folder.' }),
  'write-failed': (d) => ({ what: `${file(d)} could not be written${because(d, 'reason')}.`, advice: 'Check that the folder exists and that you may write to it, or choose another place.' }),

  'document-not-found': () => ({ what: 'This document is no longer in the library.', advice: 'Add its file again, or use Undo if it was deleted just now.' }),
  'page-not-found': () => ({ what: 'This page is no longer in the library.', advice: 'Add its file again, or use Undo if it was deleted just now.' }),
  'comparison-not-found': () => ({ what: 'This comparison is no longer there.', advice: 'One of its documents may have been deleted. Compare again.' }),
  'page-not-read': () => ({ what: 'This page has not been read yet.', advice: 'Wait until it has been read, then try again.' }),
  'schema-invalid': (d) => ({ what: `This schema contradicts itself: ${Array.isArray(d['reasons']) ? d['reasons'].join('; ') : 'it cannot be used'}.`, advice: 'Change the fields that are named.' }),
  'table-missing': () => ({ what: 'There is no table here.', advice: 'CSV and Excel hold tables only. Choose another format, or mark a region as a table first.' }),
  'reading-empty': (d) => ({ what: `${model(d)} wrote nothing down for this part of the page.`, advice: 'The text was left as it was. Try another model or recogniser, or type it.' }),
  'page-changed': () => ({ what: 'The page has changed meanwhile, so this was not done to it.', advice: 'Look at the page as it is now and try again.' }),
  'library-corrupt': (d) => ({ what: `The library file is damaged${because(d, 'detail', 'path')}.`, advice: 'Close Lectern and put back a copy of its data folder. Your original files are untouched.' }),
  'library-newer': () => ({ what: 'The library was made by a newer version of Lectern.', advice: 'Install that version again, or start this one with another data folder.' }),
  'library-locked': () => ({ what: 'The library is in use by another Lectern.', advice: 'Close the other window, then start again.' }),

  'conversation-not-found': () => ({ what: 'This conversation is no longer there.', advice: 'Use Undo if it was deleted just now, or begin a new one.' }),
  'page-blank': (d) => ({ what: `${file(d, 'The page')} is blank: there is nothing on it to describe.`, advice: 'Attach another page, or turn the page over.' }),
  'places-missing': () => ({ what: 'This answer points at no place on a page.', advice: 'Ask where something stands, then export that answer.' }),
  'answer-running': () => ({ what: 'This answer is being written already.', advice: 'Wait for its end, or stop it first.' }),
  'message-not-found': () => ({ what: 'This message is no longer there.', advice: 'Open the conversation again.' }),

  'engine-stopped': () => ({ what: 'The reading engine stopped unexpectedly and was started again.', advice: 'Pages that were waiting are read again by themselves. If one page does it every time, please report it.' }),
  'engine-not-ready': () => ({ what: 'The reading engine is not ready yet.', advice: 'Wait a moment, then try again.' }),
  'out-of-memory': (d) => ({ what: `There was not enough memory${file(d, '') && ` for ${file(d, '')}`}.${needs(amount(d, 'neededBytes', 'requiredBytes'), amount(d, 'availableBytes', 'freeBytes'))}`, advice: 'Close other programs, then try again.' }),
  'job-cancelled': () => ({ what: 'Reading was cancelled.', advice: 'Choose Read again to start over.' }),
  'model-missing': (d) => ({ what: `A file of the reading model is missing${because(d, 'file', 'path', 'model')}.`, advice: 'Install Lectern again, or run npm install in its folder.' }),
  'model-file-damaged': (d) => ({ what: `A file of the reading model is damaged${because(d, 'file', 'path', 'model')}.`, advice: 'Install Lectern again, or run npm install in its folder.' }),
  'model-closed': () => ({ what: 'The model was closed while it was in use.', advice: 'Try again.' }),
  'runtime-missing': (d) => ({ what: `The library that runs the models could not be loaded${because(d, 'detail', 'reason', 'path')}.`, advice: 'Install Lectern again, or run npm install in its folder.' }),

  'checkpoint-not-found': (d) => ({ what: `No model was found in ${file(d, 'that folder')}.`, advice: 'Choose the folder that holds config.json and the weight files.' }),
  'checkpoint-incomplete': (d) => ({ what: `The model in ${file(d, 'that folder')} is incomplete${because(d, 'missing', 'files')}.`, advice: 'Download the missing files, then try again.' }),
  'checkpoint-unsupported': (d) => ({ what: `This kind of model is not supported${because(d, 'architecture', 'reason')}.`, advice: 'Lectern runs Qwen-VL, Qwen2-VL, Qwen2.5-VL and Qwen3-VL.' }),
  'checkpoint-damaged': (d) => ({ what: `${file(d, 'A model file')} is damaged${because(d, 'detail', 'reason')}.`, advice: 'Download it again.' }),
  'checkpoint-unsafe': (d) => ({ what: `${file(d, 'A model file')} contains code, so it was not opened${because(d, 'detail', 'name')}.`, advice: 'Use a release in safetensors format, from a source that you trust.' }),
  'tensor-missing': (d) => ({ what: `The model lacks a part that it needs${because(d, 'tensor', 'name')}.`, advice: 'The download may be incomplete: get the model again.' }),
  'tensor-shape': (d) => ({ what: `A part of the model has an unexpected shape${because(d, 'tensor', 'name')}.`, advice: 'The files may belong to different models: get the model again.' }),
  'quantization-unsupported': (d) => ({ what: `The way this model was compressed is not supported${because(d, 'method', 'reason')}.`, advice: 'Use the uncompressed, GPTQ or AWQ Int4 release.' }),
  'package-damaged': (d) => ({ what: `${model(d)} is damaged on disk.`, advice: 'Remove it and import it again.' }),
  'package-not-found': (d) => ({ what: `${model(d)} is not installed.`, advice: 'Import it first.' }),
  'package-exists': (d) => ({ what: `${model(d)} is installed already.`, advice: 'Remove it first, or choose another name.' }),
  'model-not-found': (d) => ({ what: `${model(d)} is not installed.`, advice: 'Choose another model, or import this one.' }),
  'memory-insufficient': (d) => ({ what: `${model(d)} does not fit into memory.${needs(amount(d, 'neededBytes', 'requiredBytes'), amount(d, 'availableBytes', 'freeBytes'))}`, advice: 'Close other programs, or choose a smaller model or a stronger compression.' }),
  'disk-insufficient': (d) => ({ what: `There is not enough space on the disk.${needs(amount(d, 'neededBytes', 'requiredBytes'), amount(d, 'availableBytes', 'freeBytes'))}`, advice: 'Free some space, then try again.' }),
  'provider-unavailable': (d) => ({ what: `The chosen processor cannot be used${because(d, 'reason', 'provider')}.`, advice: 'Choose another one, or let Lectern choose.' }),
  'context-overflow': (d) => ({ what: tooLong(d), advice: 'Ask about fewer pages, or start a new conversation.' }),
  'install-not-found': () => ({ what: 'This installation is no longer there.', advice: 'It may have ended or been cancelled. Look at the list of models.' }),
  'token-unknown': (d) => ({ what: `The model’s vocabulary lacks a sign that it needs${because(d, 'token')}.`, advice: 'The tokenizer may belong to another model: get the model again.' }),
  'image-empty': (d) => ({ what: `${file(d, 'The picture')} has no area.`, advice: 'Choose another picture or a larger part of it.' }),
  'template-invalid': (d) => ({ what: `The model’s chat template could not be used${because(d, 'detail', 'reason')}.`, advice: 'Get the model again from its publisher.' }),
  'graph-invalid': (d) => ({ what: `The model could not be put together${because(d, 'detail', 'node', 'reason')}.`, advice: 'Please report this with the model’s name.' }),
  'logits-not-finite': () => ({ what: 'The model calculated something that is not a number and was stopped.', advice: 'Load the model with a weaker compression.' }),
  'import-stopped': (d) => ({ what: `Importing the model stopped unexpectedly${because(d, 'detail')}.`, advice: 'Nothing of it was kept. Try again; if it happens every time, please report it with the model’s name.' }),

  'download-failed': (d) => ({ what: `The download broke off${because(d, 'reason', 'status', 'url')}.`, advice: 'Try again: it goes on where it stopped.' }),
  'download-corrupt': (d) => ({ what: `${file(d, 'A downloaded file')} did not arrive as published and was thrown away.`, advice: 'Try again, or choose another mirror.' }),
  'download-not-found': (d) => ({ what: `Nothing is published under that name${because(d, 'repository', 'name', 'url')}.`, advice: 'Check the spelling.' }),
  'download-forbidden': (d) => ({ what: `The server refused the download${because(d, 'repository', 'status', 'url')}.`, advice: 'It may need an account or a licence to be accepted first.' }),
  'network-unavailable': (d) => ({ what: `${text(d, 'endpoint') ? server(d) : 'The server'} could not be reached${because(d, 'host', 'url')}.`, advice: 'Check the connection, then try again.' }),

  'endpoint-not-found': () => ({ what: 'This server is no longer set up.', advice: 'Choose another one, or set it up again in the settings.' }),
  'endpoint-unauthorised': (d) => ({ what: `${server(d)} did not accept the key${because(d, 'detail')}.`, advice: 'Check the key in the settings of this server, and that it is allowed to use this model.' }),
  'endpoint-busy': (d) => ({ what: `${server(d)} takes no more questions just now, also after several attempts${because(d, 'detail')}.`, advice: 'Wait a while, then choose Try again. A lower number of questions at once may help.' }),
  'endpoint-failed': (d) => ({ what: `${server(d)} failed${because(d, 'detail', 'status')}.`, advice: 'This is a fault on its side. Try again later.' }),
  'endpoint-refused': (d) => ({ what: `${server(d)} refused the question${because(d, 'detail', 'status')}.`, advice: 'Check the name of the model and the limits in the settings of this server.' }),
  'endpoint-timeout': (d) => ({ what: `${server(d)} gave no sign of life for ${d['seconds'] === 1 ? '1 second' : `${text(d, 'seconds') || 'too many'} seconds`}.`, advice: 'Try again, or allow more time in the settings of this server.' }),
  'endpoint-cut': (d) => ({ what: `The connection to ${server(d, 'the server')} broke off in the middle of the answer.`, advice: 'What arrived is kept. Choose Try again to ask once more.' }),
  'consent-missing': (d) => ({ what: `The pages would leave this machine for ${text(d, 'host') || 'another one'}, and you have not agreed to that.`, advice: 'Agree to it for this server, or ask a model on this machine.' }),
  'answer-unreadable': (d) => ({ what: `The answer of ${server(d)} does not have the form that was asked for${because(d, 'detail')}.`, advice: 'Choose a server and model that keep to a JSON Schema, allow a longer answer in its settings, or read with the built-in reader.' }),
  'model-blind': (d) => ({ what: `${model(d)} reads text only: it cannot see pages.`, advice: 'Choose a model that takes pictures, such as qwen-vl-max.' }),

  'request-unknown': () => ({ what: 'Lectern asked itself for something it does not know.', advice: 'The program may be half updated: close and start it again.' }),
  'request-invalid': (d) => ({ what: `Lectern refused its own request${because(d, 'detail', 'path', 'name')}.`, advice: 'Please report what you did just before.' }),
  'request-forbidden': () => ({ what: 'This is not allowed from here.', advice: '' }),
  'internal': (d) => ({ what: `Something went wrong inside Lectern${because(d, 'detail')}.`, advice: reread }),
};

function tooLong(data: WireError['data']): string {
  const who = text(data, 'endpoint') ? server(data) : 'The model';
  const [tokens, limit] = [data['tokens'], data['limit']].map((value) => (typeof value === 'number' ? value.toLocaleString('en') : ''));
  if (!limit) return 'The question and its pages are too long for the model.';
  return tokens ? `The question and its pages take ${tokens} tokens; ${who} has room for ${limit}.` : `The question and its pages are too long: ${who} has room for ${limit} tokens.`;
}

/** What to tell the user. `fileName` is the name the user knows the file by; the error may only know where the library keeps it. */
export function errorSentence(error: WireError, fileName?: string): ErrorSentence {
  return words[error.code](fileName ? { ...error.data, fileName } : error.data);
}

/** What happened, where the file's name stands beside it anyway. */
export function errorInShort(error: WireError, fileName: string): string {
  const { what } = errorSentence(error, fileName);
  const rest = what.startsWith(`“${fileName}” `) ? what.slice(fileName.length + 3) : what;
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

/** The same as one line. */
export function errorLine(error: WireError, fileName?: string): string {
  const { what, advice } = errorSentence(error, fileName);
  return advice ? `${what} ${advice}` : what;
}
