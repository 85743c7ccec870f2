// The user's settings as main holds them, and the theme that follows from them. Changes go to main first and come back as an event.
import { create } from 'zustand';
import { settings, type Settings } from '@contract/settings.ts';
import { request } from '../api.ts';

interface SettingsState {
  settings: Settings;
  /** What the operating system asks for. */
  systemDark: boolean;
}

export const useSettings = create<SettingsState>(() => ({ settings: settings.parse({}), systemDark: false }));

export function isDark({ settings: { theme }, systemDark }: SettingsState): boolean {
  return theme === 'dark' || (theme === 'system' && systemDark);
}

export function takeSettings(taken: Settings): void {
  useSettings.setState({ settings: taken });
}

/** Shows the change at once; main's answer has the last word. */
export async function changeSettings(change: Partial<Settings>): Promise<void> {
  const before = useSettings.getState().settings;
  takeSettings({ ...before, ...change });
  try {
    takeSettings(await request('settings.change', change));
  } catch (failure) {
    takeSettings(before);
    throw failure;
  }
}

/** The system's dialog; the folder comes back as a setting. */
export async function chooseWatchedFolder(): Promise<void> {
  takeSettings(await request('settings.choose-watched-folder', {}));
}
