// Captures a part of the screen: takes Lectern's own window out of the way, asks the system for the screen (on Wayland its portal asks the
// person), and lays a window over each screen on which a rectangle is drawn. Knows no library.
import { BrowserWindow, desktopCapturer, screen } from 'electron';
import type { Display, NativeImage } from 'electron';
import { join } from 'node:path';
import { captureArea } from '@contract/capture.ts';
import { AppError } from '../base/errors.ts';
import { logFor } from '../base/log.ts';
import type { Paths } from './paths.ts';
import { developmentOrigin, windowOrigin } from './protocols.ts';
import { isOwnAddress, strictPreferences } from './security.ts';

const log = logFor('screen-capture');

/** What other programs need to draw what our window stood before. */
const settleMs = 350;
/** Less is a click that slipped, in pixels. */
const leastSide = 6;

interface Shot {
  display: Display;
  image: NativeImage;
}

/** @throws capture-refused */
async function shots(): Promise<Shot[]> {
  const displays = screen.getAllDisplays();
  const most = (side: 'width' | 'height'): number => Math.max(...displays.map(({ size, scaleFactor }) => Math.round(size[side] * scaleFactor)));
  const sources = await desktopCapturer.getSources({ types: ['screen'], thumbnailSize: { width: most('width'), height: most('height') } }).catch((error: unknown) => {
    throw new AppError('capture-refused', { reason: error instanceof Error ? error.message : '' }, error);
  });
  const seen = sources.filter(({ thumbnail }) => !thumbnail.isEmpty());
  if (seen.length === 0) throw new AppError('capture-refused', {});
  // The portal gives one screen and no number.
  return seen.map(({ display_id, thumbnail }) => ({ display: displays.find(({ id }) => String(id) === display_id) ?? screen.getPrimaryDisplay(), image: thumbnail }));
}

function overlay({ bounds }: Display, paths: Pick<Paths, 'program'>): BrowserWindow {
  return new BrowserWindow({
    ...bounds,
    show: false,
    frame: false,
    movable: false,
    resizable: false,
    minimizable: false,
    maximizable: false,
    skipTaskbar: true,
    alwaysOnTop: true,
    hasShadow: false,
    enableLargerThanScreen: true,
    // Elsewhere panels of the desktop would stay above it.
    fullscreen: process.platform !== 'darwin',
    title: 'Capture a part of the screen',
    backgroundColor: '#000000',
    webPreferences: strictPreferences(join(paths.program, 'preload', 'capture.cjs')),
  });
}

/** The part of one screen that the person draws, as PNG; null when they draw nothing there. */
function drawnPart({ image }: Shot, window: BrowserWindow): Promise<Uint8Array | null> {
  return new Promise((resolve) => {
    const { webContents } = window;
    const isOwn = (frame: Electron.WebFrameMain | null): boolean => frame !== null && frame === webContents.mainFrame && isOwnAddress(frame.url);
    webContents.ipc.handle('picture', ({ senderFrame }) => (isOwn(senderFrame) ? new Uint8Array(image.toJPEG(90)) : null));
    webContents.ipc.on('take', ({ senderFrame }, said: unknown) => {
      const area = captureArea.nullable().safeParse(said);
      if (!isOwn(senderFrame) || !area.success || !area.data) return resolve(null);
      const { width, height } = image.getSize();
      const x = Math.round(area.data.left * width), y = Math.round(area.data.top * height);
      const part = { x, y, width: Math.min(width - x, Math.round(area.data.width * width)), height: Math.min(height - y, Math.round(area.data.height * height)) };
      resolve(part.width < leastSide || part.height < leastSide ? null : new Uint8Array(image.crop(part).toPNG()));
    });
    window.once('closed', () => resolve(null));
    webContents.once('render-process-gone', () => resolve(null));
    webContents.once('did-fail-load', () => resolve(null));
    window.once('ready-to-show', () => {
      window.show();
      window.focus();
    });
    window.loadURL(`${developmentOrigin ?? windowOrigin}/capture.html`).catch((error: unknown) => log('error', 'the capture window did not load', error));
  });
}

let isCapturing = false;

/** What the person drew on the screen, as PNG; null when they changed their mind, or are drawing already. @throws capture-refused */
export async function captureScreen(own: BrowserWindow, paths: Pick<Paths, 'program'>): Promise<Uint8Array | null> {
  if (isCapturing) return null;
  isCapturing = true;
  own.hide();
  const windows: BrowserWindow[] = [];
  try {
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    const taken = await shots();
    return await Promise.race(
      taken.map((shot) => {
        const window = overlay(shot.display, paths);
        windows.push(window);
        return drawnPart(shot, window);
      }),
    );
  } finally {
    isCapturing = false;
    for (const window of windows) if (!window.isDestroyed()) window.destroy();
    if (!own.isDestroyed()) {
      own.show();
      own.focus();
    }
  }
}
