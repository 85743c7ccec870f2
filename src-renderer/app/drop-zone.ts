// Files dropped anywhere on the window, and pictures pasted into it. Knows how a drag announces itself, not what becomes of the files.
import { isTextField } from '../commands/command-keys.ts';
import { useLayout } from '../stores/layout-store.ts';
import { importFiles, importPicture } from '../stores/library-actions.ts';
import { notify } from '../stores/notice-store.ts';

export function connectDropAndPaste(): () => void {
  // Enter and leave come for every element on the way: only the outermost pair counts.
  let depth = 0;
  const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
  const show = (dropping: boolean): void => { if (useLayout.getState().dropping !== dropping) useLayout.setState({ dropping }); };

  const enter = (event: DragEvent): void => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    depth++;
    show(true);
  };
  const over = (event: DragEvent): void => {
    event.preventDefault();
    const files = carriesFiles(event);
    if (event.dataTransfer) event.dataTransfer.dropEffect = files ? 'copy' : 'none';
    if (files) show(true);
  };
  const leave = (event: DragEvent): void => {
    // A drag that was called off says no longer what it carried.
    depth = Math.max(0, depth - 1);
    // Leaving the window gives no related element, whatever the count says.
    if (depth === 0 || event.relatedTarget === null) { depth = 0; show(false); }
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    depth = 0;
    show(false);
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length > 0) void importFiles(files);
  };
  const paste = (event: ClipboardEvent): void => {
    if (isTextField(event.target)) return;
    const items = [...(event.clipboardData?.items ?? [])];
    const files = items.filter((item) => item.kind === 'file').map((item) => item.getAsFile()).filter((file) => file !== null);
    event.preventDefault();
    if (files.length === 0) return void notify('The clipboard holds no picture.');
    // A picture copied in a program has no path; files copied in a file manager have one.
    const [first] = files;
    if (files.length === 1 && first && first.type.startsWith('image/') && first.name === 'image.png') void importPicture(first);
    else void importFiles(files);
  };

  const letGo = new AbortController();
  const options = { signal: letGo.signal };
  window.addEventListener('dragenter', enter, options);
  window.addEventListener('dragover', over, options);
  window.addEventListener('dragleave', leave, options);
  window.addEventListener('drop', drop, options);
  window.addEventListener('paste', paste, options);
  return () => letGo.abort();
}
