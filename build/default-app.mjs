// The archive that lets a bare Electron runtime start an application folder (`electron FOLDER …`).
// The fallback runtime comes without it; this one does the little that starting and testing Lectern need.

const starter = `// Electron holds its ready event until this module has loaded, so the application can still register schemes.
import { app } from 'electron';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = process.argv.slice(1).find((arg) => !arg.startsWith('-'));
try {
  if (!folder) throw new TypeError('usage: electron FOLDER');
  const target = resolve(folder);
  process.defaultApp = true;
  let entry = target;
  const description = join(target, 'package.json');
  if (existsSync(description)) {
    const json = JSON.parse(readFileSync(description, 'utf8'));
    if (json.version) app.setVersion(json.version);
    app.name = json.productName ?? json.name ?? app.name;
    app.setAppPath(target);
    entry = join(target, json.main ?? 'index.js');
  }
  await import(pathToFileURL(entry).href);
} catch (error) {
  process.stderr.write('Cannot start ' + folder + ': ' + (error?.stack ?? error) + '\\n');
  process.exit(1);
}
`;

/** The bytes of default_app.asar. An asar archive is a size, a JSON header with offsets, then the files' bytes one after another. */
export function defaultAppArchive() {
  const contents = {
    'package.json': Buffer.from(JSON.stringify({ name: 'electron', productName: 'Electron', main: 'main.js', type: 'module' })),
    'main.js': Buffer.from(starter),
  };
  const files = {};
  let offset = 0;
  for (const [name, bytes] of Object.entries(contents)) {
    files[name] = { size: bytes.length, offset: String(offset) };
    offset += bytes.length;
  }
  const header = Buffer.from(JSON.stringify({ files }));
  const padded = Math.ceil(header.length / 4) * 4;
  const prefix = Buffer.alloc(16 + padded);
  prefix.writeUInt32LE(4, 0);
  prefix.writeUInt32LE(8 + padded, 4);
  prefix.writeUInt32LE(4 + padded, 8);
  prefix.writeUInt32LE(header.length, 12);
  header.copy(prefix, 16);
  return Buffer.concat([prefix, ...Object.values(contents)]);
}
