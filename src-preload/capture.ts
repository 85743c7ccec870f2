// The bridge between main and the window that lies over the screen while a part of it is captured: one picture in, one rectangle out.
import { contextBridge, ipcRenderer } from 'electron';
import type { CaptureBridge } from '@contract/capture.ts';

const bridge: CaptureBridge = {
  picture: () => ipcRenderer.invoke('picture'),
  take: (area) => ipcRenderer.send('take', area),
};

contextBridge.exposeInMainWorld('capture', bridge);
