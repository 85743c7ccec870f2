// The only listener of the window's requests: refuses senders that are not our window's top frame, then answers.
import { ipcMain } from 'electron';
import type { IpcMainInvokeEvent } from 'electron';
import type { Answer } from '@contract/requests.ts';
import { AppError, toWireError } from '../base/errors.ts';
import { logFor } from '../base/log.ts';

const log = logFor('router');

/** Requests that come before `services` are there wait for them. */
export function routeRequests(services: Promise<{ answer(name: unknown, input: unknown): Promise<Answer<unknown>> }>, isTrusted: (event: IpcMainInvokeEvent) => boolean): void {
  ipcMain.handle('request', async (event, name: unknown, input: unknown) => {
    // The frame is asked for at once: later it may be gone.
    if (!isTrusted(event)) {
      log('warn', 'a request from an unknown sender was refused', { url: event.senderFrame?.url ?? null });
      return { ok: false, error: toWireError(new AppError('request-forbidden')) };
    }
    try {
      return await (await services).answer(name, input);
    } catch (error) {
      // The services never came: the library could not be opened.
      return { ok: false, error: toWireError(error) };
    }
  });
}
