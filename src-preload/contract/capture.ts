// What the window that lies over the screen while a part of it is captured says to main: the part that was chosen. Knows nothing of Electron.
import { z } from 'zod';

const share = z.number().min(0).max(1);

/** A part of a screen, in shares of its sides. */
export const captureArea = z.object({ left: share, top: share, width: share, height: share });
export type CaptureArea = z.infer<typeof captureArea>;

/** What the preload of that window puts on `window.capture`. */
export interface CaptureBridge {
  /** The screen as it was, as a JPEG. */
  picture(): Promise<Uint8Array>;
  /** Null: never mind. The window closes. */
  take(area: CaptureArea | null): void;
}
