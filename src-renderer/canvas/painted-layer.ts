// One canvas that is painted a little larger than the view and then moved: while the page pans or zooms, the browser shifts and scales
// what is already painted, and the canvas is painted anew only when its edge would show, when it has come to rest, or when it is out of date.
import type { Camera, Size } from '../page/view-transform.ts';

/** How much is painted beyond each edge of the view, in CSS pixels. */
const overscan = 160;
/** While zooming, a sharp picture is painted at most this often, and never so often that painting takes most of the time. */
const sharpenEveryMs = 120;
const paintShare = 6;

export interface PaintedLayer {
  /** What it shows has changed. */
  invalidate(): void;
  /**
   * Brings the canvas in line with the camera: by moving it when that is enough, else by calling `paint`.
   * @param rested nothing has moved for a while: paint exactly
   * @returns true when a later frame should sharpen what was only moved now
   */
  follow(camera: Camera, viewport: Size, ratio: number, rested: boolean, paint: (camera: Camera, painted: Size) => void): boolean;
}

export function createPaintedLayer(canvas: HTMLCanvasElement): PaintedLayer {
  let painted: Camera | null = null;
  let paintedAt = 0;
  let paintMs = 0;

  canvas.style.position = 'absolute';
  canvas.style.left = `${-overscan}px`;
  canvas.style.top = `${-overscan}px`;
  canvas.style.transformOrigin = '0 0';
  canvas.style.willChange = 'transform';

  const move = (transform: string): void => { if (canvas.style.transform !== transform) canvas.style.transform = transform; };

  return {
    invalidate() { painted = null; },
    follow(camera, viewport, ratio, rested, paint) {
      const across = Math.round((viewport.width + 2 * overscan) * ratio);
      const down = Math.round((viewport.height + 2 * overscan) * ratio);
      if (canvas.width !== across || canvas.height !== down) {
        canvas.width = across;
        canvas.height = down;
        canvas.style.width = `${across / ratio}px`;
        canvas.style.height = `${down / ratio}px`;
        painted = null;
      }
      if (painted) {
        const zoom = camera.scale / painted.scale;
        // View x = camera.x + scale·u, and the canvas shows view x at x + overscan.
        const dx = camera.x - painted.x * zoom + overscan * (1 - zoom);
        const dy = camera.y - painted.y * zoom + overscan * (1 - zoom);
        const still = zoom === 1 && dx === 0 && dy === 0;
        const covered = zoom === 1 ? Math.abs(dx) <= overscan && Math.abs(dy) <= overscan : performance.now() - paintedAt < Math.max(sharpenEveryMs, paintMs * paintShare);
        if (still || (covered && !rested)) {
          move(still ? 'none' : `translate(${Math.round(dx * ratio) / ratio}px, ${Math.round(dy * ratio) / ratio}px) scale(${zoom})`);
          return !still;
        }
      }
      const began = performance.now();
      paint({ scale: camera.scale, x: camera.x + overscan, y: camera.y + overscan }, { width: viewport.width + 2 * overscan, height: viewport.height + 2 * overscan });
      move('none');
      painted = camera;
      paintedAt = performance.now();
      paintMs = paintedAt - began;
      return false;
    },
  };
}
