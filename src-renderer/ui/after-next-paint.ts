// Lets what has just been drawn reach the screen before more work begins. Knows nothing of what is drawn.

/** Calls `work` in a task of its own after the next frame has been painted. */
export function afterNextPaint(work: () => void): void {
  requestAnimationFrame(() => setTimeout(work));
}
