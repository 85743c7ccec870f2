// Handlers about the program itself: its facts, its settings, the engine's state, pausing.
import type { ParsedInput, RequestResult } from '@contract/requests.ts';
import type { Settings } from '@contract/settings.ts';
import type { HandlerContext, HandlersFor, RequestsOf } from './handlers.ts';

export type AppInfo = RequestResult<'app.info'>;

export function appHandlers({ info, queue, settings, dialogs, publish, engineStatus, firstFrame }: HandlerContext): HandlersFor<RequestsOf<'app' | 'engine' | 'settings' | 'reading'>> {
  const change = async (wanted: ParsedInput<'settings.change'>): Promise<Settings> => {
    const changed = await settings.change(wanted);
    publish('settings.changed', changed);
    return changed;
  };
  return {
    'app.info': () => info,
    'app.keep-first-frame': ({ html }) => {
      firstFrame.keep(html);
      return {};
    },
    'engine.status': () => engineStatus(),
    'settings.get': () => settings.get(),
    'settings.change': change,
    'settings.choose-watched-folder': async () => {
      const watchedFolder = await dialogs.chooseWatchedFolder(settings.get().watchedFolder);
      return watchedFolder === null ? settings.get() : await change({ watchedFolder });
    },
    'reading.pause': () => {
      queue.pause();
      return {};
    },
    'reading.resume': () => {
      queue.resume();
      return {};
    },
  };
}
