// A GPU for machines without one: the software Vulkan that the Electron runtime carries, as environment variables for a child process.
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

function electronFolder(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  const places = [...(existsSync('.cache') ? readdirSync('.cache').filter((name) => name.startsWith('electron-')).map((name) => path.join('.cache', name)) : []), 'node_modules/electron/dist'];
  return places.map((place) => path.resolve(place)).find((folder) => existsSync(path.join(folder, 'libvk_swiftshader.so')));
}

/** Null, with a printed reason, where there is none. */
export const softwareVulkan: Readonly<Record<string, string>> | null = (() => {
  const folder = electronFolder();
  if (!folder) {
    process.stderr.write(`Tests on a GPU device are skipped: ${process.platform === 'linux' ? 'no Electron runtime with its software Vulkan lies in .cache (npm run setup fetches one)' : `software Vulkan is looked for on Linux only, this is ${process.platform}`}.\n`);
    return null;
  }
  const icd = path.join(tmpdir(), `lectern-vulkan-${process.pid}.json`);
  writeFileSync(icd, JSON.stringify({ file_format_version: '1.0.0', ICD: { library_path: path.join(folder, 'libvk_swiftshader.so'), api_version: '1.0.5' } }));
  process.once('exit', () => rmSync(icd, { force: true }));
  return { VK_ICD_FILENAMES: icd, VK_DRIVER_FILES: icd, LD_LIBRARY_PATH: folder };
})();
