// Size and place of the window between sessions, as plain data: where it may open again given the screens there are now.
import { z } from 'zod';

const bounds = z.object({ x: z.number().int(), y: z.number().int(), width: z.number().int().positive(), height: z.number().int().positive() });
export type Bounds = z.infer<typeof bounds>;

export const windowState = z.object({ bounds, maximized: z.boolean(), fullScreen: z.boolean().default(false) });
export type WindowState = z.infer<typeof windowState>;

export const minimumSize = { width: 720, height: 480 } as const;
const preferredSize = { width: 1280, height: 800 } as const;
/** So much of the title bar must lie on a screen that the window can be taken hold of. */
const grip = { width: 120, height: 40 } as const;

function overlap(a: Bounds, b: Bounds): { width: number; height: number } {
  return {
    width: Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x),
    height: Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y),
  };
}

function centred(area: Bounds, size: { width: number; height: number }): Bounds {
  const width = Math.min(size.width, area.width);
  const height = Math.min(size.height, area.height);
  return { x: Math.round(area.x + (area.width - width) / 2), y: Math.round(area.y + (area.height - height) / 2), width, height };
}

/** Where to open: the saved place while its title bar is reachable on some screen, else the middle of the first (primary) one. */
export function placeWindow(saved: WindowState | null, workAreas: readonly Bounds[]): Bounds {
  const primary = workAreas[0] ?? { x: 0, y: 0, ...preferredSize };
  if (!saved) return centred(primary, preferredSize);
  const size = { width: Math.max(saved.bounds.width, minimumSize.width), height: Math.max(saved.bounds.height, minimumSize.height) };
  const titleBar: Bounds = { x: saved.bounds.x, y: saved.bounds.y, width: size.width, height: grip.height };
  const home = workAreas.find((area) => {
    const shared = overlap(titleBar, area);
    return shared.width >= grip.width && shared.height >= grip.height;
  });
  if (!home) return centred(primary, size);
  return { x: saved.bounds.x, y: saved.bounds.y, width: Math.min(size.width, home.width), height: Math.min(size.height, home.height) };
}
