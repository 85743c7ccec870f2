// The bridge between the sandboxed window and main: one fixed channel each for requests, events and job ports.
// It checks the shape of names only; main checks the sender, the name and the input.
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { jobMessageType } from '@contract/bridge.ts';
import type { LecternBridge } from '@contract/bridge.ts';

const namePattern = /^[a-z]+\.[a-z]+(-[a-z]+)*$/;

const listeners = new Map<string, Set<(payload: never) => void>>();
ipcRenderer.on('event', (_event, name: string, payload: unknown) => {
  for (const listener of listeners.get(name) ?? []) listener(payload as never);
});

const bridge: LecternBridge = {
  request: (name, input) => {
    if (typeof name !== 'string' || !namePattern.test(name)) {
      return Promise.resolve({ ok: false, error: { code: 'request-unknown', data: {}, message: 'not a request name' } });
    }
    return ipcRenderer.invoke('request', name, input);
  },
  on: (name, listener) => {
    const hearers = listeners.get(name) ?? new Set();
    listeners.set(name, hearers.add(listener));
    return () => void hearers.delete(listener);
  },
  pathOf: (file) => webUtils.getPathForFile(file as File),
};

contextBridge.exposeInMainWorld('lectern', bridge);

// Ports cannot cross the context bridge: they go on as a message of the window to itself.
ipcRenderer.on('job', (event, started: unknown) => {
  window.postMessage({ type: jobMessageType, started }, window.location.origin, event.ports as MessagePort[]);
});
