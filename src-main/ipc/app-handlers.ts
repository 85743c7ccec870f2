// Handlers about the program itself: its facts, its settings, the engine's state, pausing.
import type { RequestResult } from '@contract/requests.ts';
import type { HandlerContext, HandlersFor, RequestsOf } from './handlers.ts';

export type AppInfo = RequestResult<'app.info'>;

export function appHandlers({ info, queue, settings, publish, engineStatus }: HandlerContext): HandlersFor<RequestsOf<'app' | 'engine' | 'settings' | 'reading'>> {
  return {
    'app.info': () => info,
    'engine.status': () => engineStatus(),
    'settings.get': () => settings.get(),
    'settings.change': async (change) => {
      const changed = await settings.change(change);
      publish('settings.changed', changed);
      return changed;
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
