// Loads sharp's native library so that it is safe in every process that Lectern runs in. Used by decode-image.ts alone.
import { createRequire } from 'node:module';
import { readdirSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import type Sharp from 'sharp';
import { AppError } from '../../base/errors.ts';
import { logFor } from '../../base/log.ts';

const log = logFor('sharp');
let loaded: Promise<typeof Sharp> | null = null;

/** The file in `folder` whose name matches, or null. */
function fileIn(folder: string, name: RegExp): string | null {
  const found = readdirSync(folder).find((file) => name.test(file));
  return found ? join(folder, found) : null;
}

/**
 * Electron's executable links the system's GLib, and sharp's addon would take its few GLib calls from there instead of
 * from the GLib inside its own libvips: two copies of one object system in one heap, which ends in warnings or a crash.
 * Loading libvips first, and then the addon with its own symbols in front (RTLD_DEEPBIND), keeps the two apart.
 */
function bindOwnGlib(): void {
  const require = createRequire(import.meta.url);
  const flavours = [`linux-${process.arch}`, `linuxmusl-${process.arch}`];
  for (const flavour of flavours) {
    let addonFolder: string;
    let vipsFolder: string;
    try {
      addonFolder = join(dirname(require.resolve(`@img/sharp-${flavour}/package`)), 'lib');
      vipsFolder = join(dirname(require.resolve(`@img/sharp-libvips-${flavour}/package`, { paths: [addonFolder] })), 'lib');
    } catch {
      continue;
    }
    const vips = fileIn(vipsFolder, /^libvips-cpp\.so/);
    const addon = fileIn(addonFolder, /\.node$/);
    if (!vips || !addon) continue;
    try {
      process.dlopen({ exports: {} }, vips, constants.dlopen.RTLD_NOW);
    } catch {
      // Always "did not self-register": libvips is no addon. It stays loaded, which is all that is wanted.
    }
    process.dlopen({ exports: {} }, addon, constants.dlopen.RTLD_NOW | constants.dlopen.RTLD_DEEPBIND);
    return;
  }
  log('warn', 'no native sharp found to bind');
}

/** Binds first, and keeps back the warning about the very trouble that this solves. */
async function importBound(): Promise<{ default: typeof Sharp }> {
  bindOwnGlib();
  const { emitWarning } = process;
  process.emitWarning = ((...given: Parameters<typeof emitWarning>) => {
    if (given[1] as unknown !== 'SharpElectronLinux') emitWarning.apply(process, given);
  }) as typeof emitWarning;
  try {
    return await import('sharp');
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** sharp, loaded once. Throws `runtime-missing` when its native part is not there. */
export function loadSharp(): Promise<typeof Sharp> {
  loaded ??= (async () => {
    try {
      const { default: sharp } = await (process.platform === 'linux' && process.versions['electron'] ? importBound() : import('sharp'));
      // Nothing is decoded twice with the same settings: the operation cache would only hold memory.
      sharp.cache(false);
      return sharp;
    } catch (error) {
      loaded = null;
      throw new AppError('runtime-missing', { name: 'sharp' }, error);
    }
  })();
  return loaded;
}
