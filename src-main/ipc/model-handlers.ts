// Handlers about models: what there is, what installing takes, installing, loading, unloading, removing.
import { findPackage, removePackage } from '../model/store.ts';
import type { HandlerContext, HandlersFor, RequestsOf } from './handlers.ts';

export function modelHandlers({ engine, installs, dialogs, folders }: HandlerContext): HandlersFor<RequestsOf<'model'>> {
  return {
    'model.list': async () => ({ ...(await engine.run('describe-models', { root: folders.models })), installs: await installs.list() }),
    'model.choose-folder': async () => {
      const folder = await dialogs.chooseModelFolder();
      return folder === null ? null : { folder };
    },
    'model.forecast': ({ source }) => engine.run('forecast-model', { source, root: folders.models }),
    'model.install': ({ source }) => installs.install(source),
    'model.pause': async ({ installId }) => {
      await installs.pause(installId);
      return {};
    },
    'model.resume': async ({ installId }) => {
      await installs.resume(installId);
      return {};
    },
    'model.cancel': async ({ installId }) => {
      await installs.cancel(installId);
      return {};
    },
    'model.load': async ({ modelId }) => engine.run('load-model', { folder: await findPackage(folders.models, modelId) }),
    'model.unload': () => engine.run('unload-model', {}),
    'model.remove': async ({ modelId }) => {
      // Its files must not be open when they are removed.
      await engine.run('unload-model', {});
      await removePackage(folders.models, modelId);
      return {};
    },
  };
}
