// Gives main what the next start shows before the program is loaded, whenever that has changed and things are calm again.
import { request } from '../api.ts';
import { useLibrary } from '../stores/library-store.ts';
import { reportFailure } from '../stores/report-failure.ts';
import { useSettings } from '../stores/settings-store.ts';

/** Main takes no frame within a second of a change: it may have been drawn before the window heard of it. */
const calmMs = 2500;

export function keepFirstFrame(): void {
  const keep = async (): Promise<void> => {
    const { drawFirstFrame } = await import('./draw-first-frame.tsx');
    await request('app.keep-first-frame', { html: drawFirstFrame() });
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void keep().catch(reportFailure), calmMs);
  };
  useLibrary.subscribe((now, before) => {
    if (now.byId !== before.byId) soon();
  });
  useSettings.subscribe(soon);
  soon();
}
