// The user's settings in one JSON file. A damaged file is put aside and the defaults rule; what is unknown in it is dropped.
import { readFileSync, renameSync } from 'node:fs';
import { settings } from '@contract/settings.ts';
import type { Settings } from '@contract/settings.ts';
import { writeFileAtomically } from '../base/atomic-file.ts';
import { systemCode } from '../base/errors.ts';
import { logFor } from '../base/log.ts';

const log = logFor('settings');

export interface SettingsStore {
  get(): Settings;
  /** Undefined values leave the setting as it is. */
  change(change: { [K in keyof Settings]?: Settings[K] | undefined }): Promise<Settings>;
}

/** Keys that fail their own schema fall back to their default alone: one bad value does not reset the rest. */
function parseSettings(stored: unknown): Settings {
  const whole = settings.safeParse(stored);
  if (whole.success) return whole.data;
  const kept: Record<string, unknown> = {};
  if (typeof stored === 'object' && stored !== null) {
    for (const [key, value] of Object.entries(stored)) {
      if (settings.safeParse({ [key]: value }).success) kept[key] = value;
    }
  }
  return settings.parse(kept);
}

export function openSettings(file: string): SettingsStore {
  let current = settings.parse({});
  try {
    current = parseSettings(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') {
      log('warn', 'settings were unreadable and start anew', error);
      try {
        renameSync(file, `${file}.damaged`);
      } catch (failure) {
        log('warn', 'the damaged settings could not be put aside', failure);
      }
    }
  }
  let writing: Promise<void> = Promise.resolve();
  return {
    get: () => current,
    async change(change) {
      const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
      current = settings.parse({ ...current, ...given });
      const content = `${JSON.stringify(current, null, 2)}\n`;
      // One after the other, so that the last change is the one that stays.
      writing = writing.catch(() => {}).then(() => writeFileAtomically(file, content));
      await writing;
      return current;
    },
  };
}
