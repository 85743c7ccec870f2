// The only listener of the window's requests: refuses senders that are not our window's top frame, then answers.
import { ipcMain } from 'electron';
import type { IpcMainInvokeEvent } from 'electron';
import { AppError, toWireError } from '../base/errors.ts';
import { logFor } from '../base/log.ts';
import { answerRequest } from './answer-request.ts';
import type { Handlers } from './handlers.ts';

const log = logFor('router');

/** Requests that come before `handlers` are there wait for them. */
export function routeRequests(handlers: Promise<Handlers>, isTrusted: (event: IpcMainInvokeEvent) => boolean): void {
  ipcMain.handle('request', async (event, name: unknown, input: unknown) => {
    // The frame is asked for at once: later it may be gone.
    if (!isTrusted(event)) {
      log('warn', 'a request from an unknown sender was refused', { url: event.senderFrame?.url ?? null });
      return { ok: false, error: toWireError(new AppError('request-forbidden')) };
    }
    try {
      return await answerRequest(await handlers, name, input);
    } catch (error) {
      // The handlers never came: the library could not be opened.
      return { ok: false, error: toWireError(error) };
    }
  });
}
