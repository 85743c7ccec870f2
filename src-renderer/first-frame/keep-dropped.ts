// Files that are dropped on the window or pasted before its program is there. The program brings them in; this only keeps them.

/** Listens at once. What it returns ends that and gives the files of every drop and paste until then. */
export function keepDropped(): () => File[] {
  const kept: File[] = [];
  const letGo = new AbortController();
  const listen = <K extends keyof WindowEventMap>(kind: K, hear: (event: WindowEventMap[K]) => void): void => window.addEventListener(kind, hear, { signal: letGo.signal });
  listen('dragover', (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    // Only where this is forbidden to be the page's own matter is there a drop.
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
  });
  listen('drop', (event) => {
    event.preventDefault();
    kept.push(...(event.dataTransfer?.files ?? []));
  });
  listen('paste', (event) => {
    if (!(event.target instanceof HTMLInputElement)) kept.push(...(event.clipboardData?.files ?? []));
  });
  return () => {
    letGo.abort();
    return kept;
  };
}
