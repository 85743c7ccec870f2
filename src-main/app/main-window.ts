// The one window: made, placed where it was, coloured before its first paint, remembered when closed. Knows no request.
import { BrowserWindow, nativeTheme, screen } from 'electron';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventName, EventPayload } from '@contract/events.ts';
import type { JobStarted } from '@contract/job.ts';
import type { Settings } from '@contract/settings.ts';
import type { MessagePortMain } from 'electron';
import { writeFileAtomically } from '../base/atomic-file.ts';
import { logFor } from '../base/log.ts';
import type { Paths } from './paths.ts';
import { developmentOrigin, windowOrigin } from './protocols.ts';
import { strictPreferences } from './security.ts';
import { minimumSize, placeWindow, windowState } from './window-state.ts';
import type { WindowState } from './window-state.ts';

const log = logFor('window');
/** Moving and resizing come in floods: written once they have been still for this long. */
const saveDelayMs = 500;

export interface MainWindow {
  readonly browserWindow: BrowserWindow;
  /** Sends an event; before the window listens, or after it is gone, nobody hears it and the window asks for the state itself. */
  send<N extends EventName>(name: N, payload: EventPayload<N>): void;
  /** Hands over a job's port. */
  sendJob(started: JobStarted, port: MessagePortMain): void;
  applyTheme(theme: Settings['theme']): void;
  show(): void;
}

/** The window's own `--panel`, so that neither opening nor resizing flashes. */
const backgroundColor = (): string => (nativeTheme.shouldUseDarkColors ? '#181c22' : '#f5f6f8');

function readState(file: string): WindowState | null {
  try {
    return windowState.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/** Primary screen first. */
function workAreas(): Electron.Rectangle[] {
  const primary = screen.getPrimaryDisplay();
  return [primary, ...screen.getAllDisplays().filter((one) => one.id !== primary.id)].map((one) => one.workArea);
}

export function openMainWindow(paths: Paths, theme: Settings['theme'], onShown: () => void): MainWindow {
  const saved = readState(paths.windowState);
  nativeTheme.themeSource = theme;
  const window = new BrowserWindow({
    ...placeWindow(saved, workAreas()),
    minWidth: minimumSize.width,
    minHeight: minimumSize.height,
    title: 'Lectern',
    show: false,
    backgroundColor: backgroundColor(),
    // Its scripts run while the graphics process is still starting; a window that paints has to wait for that first.
    paintWhenInitiallyHidden: false,
    webPreferences: strictPreferences(join(paths.program, 'preload', 'index.cjs')),
  });
  if (saved?.maximized) window.maximize();
  if (saved?.fullScreen) window.setFullScreen(true);

  let shown = false;
  const show = (): void => {
    if (shown || window.isDestroyed()) return;
    shown = true;
    window.show();
    onShown();
  };
  window.webContents.once('did-finish-load', show);
  // A window that fails to paint must still come up, or the program looks dead.
  window.webContents.once('did-fail-load', (_event, code, description) => {
    log('error', `the window did not load: ${description} (${code})`);
    show();
  });
  window.on('page-title-updated', (event) => event.preventDefault());
  const recolour = (): void => {
    if (!window.isDestroyed()) window.setBackgroundColor(backgroundColor());
  };
  nativeTheme.on('updated', recolour);
  window.on('closed', () => nativeTheme.off('updated', recolour));
  rememberPlace(window, paths.windowState);
  recoverRenderer(window);
  keepConsole(window);
  window.loadURL(developmentOrigin ? `${developmentOrigin}/` : `${windowOrigin}/`).catch((error: unknown) => log('error', 'loading failed', error));

  return {
    browserWindow: window,
    send: (name, payload) => {
      if (!window.isDestroyed() && !window.webContents.isDestroyed()) window.webContents.send('event', name, payload);
    },
    sendJob: (started, port) => {
      if (window.isDestroyed() || window.webContents.isDestroyed()) port.close();
      else window.webContents.postMessage('job', started, [port]);
    },
    applyTheme: (next) => {
      nativeTheme.themeSource = next;
    },
    show: () => {
      if (window.isDestroyed()) return;
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
  };
}

function rememberPlace(window: BrowserWindow, file: string): void {
  let timer: NodeJS.Timeout | null = null;
  const save = async (): Promise<void> => {
    if (window.isDestroyed()) return;
    const state: WindowState = { bounds: window.getNormalBounds(), maximized: window.isMaximized(), fullScreen: window.isFullScreen() };
    await writeFileAtomically(file, JSON.stringify(state)).catch((error: unknown) => log('warn', 'the window place was not saved', error));
  };
  const soon = (): void => {
    if (timer) clearTimeout(timer);
    timer = setTimeout(() => void save(), saveDelayMs);
  };
  window.on('resize', soon);
  window.on('move', soon);
  window.on('maximize', soon);
  window.on('unmaximize', soon);
  window.on('close', () => {
    if (timer) clearTimeout(timer);
    void save();
  });
}

/** What the window complains about belongs into our log: nobody looks into its console. */
function keepConsole(window: BrowserWindow): void {
  // Electron 35 moved level and message from arguments into the event; the older form has numbers for levels.
  window.webContents.on('console-message', (...heard: unknown[]) => {
    const event = heard[0] as { level?: unknown; message?: unknown };
    const level = typeof heard[1] === 'number' ? heard[1] : { warning: 2, error: 3 }[String(event.level)];
    const message = typeof heard[2] === 'string' ? heard[2] : event.message;
    if (level !== undefined && level >= 2) log(level === 3 ? 'error' : 'warn', `console: ${String(message)}`);
  });
}

/** A crashed renderer holds no facts: loading it again loses nothing. Not for ever, though. */
function recoverRenderer(window: BrowserWindow): void {
  let crashes = 0;
  window.webContents.on('render-process-gone', (_event, details) => {
    log('error', `the window process ended: ${details.reason} (${details.exitCode})`);
    if (details.reason !== 'clean-exit' && ++crashes <= 3 && !window.isDestroyed()) window.webContents.reload();
  });
}
