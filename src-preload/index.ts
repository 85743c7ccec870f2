// The bridge between the sandboxed window and main: one fixed channel each for requests, events and job ports.
// It checks the shape of names only; main checks the sender, the name and the input.
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { IpcRendererEvent } from 'electron';
import { jobMessageType } from '@contract/bridge.ts';
import type { LecternBridge } from '@contract/bridge.ts';
import type { EventPayload } from '@contract/events.ts';

const namePattern = /^[a-z]+\.[a-z]+(-[a-z]+)*$/;

const bridge: LecternBridge = {
  request: (name, input) => {
    if (typeof name !== 'string' || !namePattern.test(name)) {
      return Promise.resolve({ ok: false, error: { code: 'request-unknown', data: {}, message: 'not a request name' } });
    }
    return ipcRenderer.invoke('request', name, input);
  },
  on: (name, listener) => {
    const hear = (_event: IpcRendererEvent, sentName: unknown, payload: EventPayload<typeof name>): void => {
      if (sentName === name) listener(payload);
    };
    ipcRenderer.on('event', hear);
    return () => void ipcRenderer.off('event', hear);
  },
  pathOf: (file) => webUtils.getPathForFile(file as File),
};

contextBridge.exposeInMainWorld('lectern', bridge);

// Ports cannot cross the context bridge: they go on as a message of the window to itself.
ipcRenderer.on('job', (event, started: unknown) => {
  window.postMessage({ type: jobMessageType, started }, window.location.origin, event.ports as MessagePort[]);
});
