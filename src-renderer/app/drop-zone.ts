// Files dropped anywhere on the window, documents dragged to a question, and pictures pasted. Knows how a drag announces itself, not what becomes of the files.
import { isTextField } from '../commands/command-keys.ts';
import { documentDragType, useLayout } from '../stores/layout-store.ts';
import { attachDocuments, attachFiles } from '../stores/attach-files.ts';
import { importFiles } from '../stores/library-actions.ts';
import { notify } from '../stores/notice-store.ts';

export function connectDropAndPaste(): () => void {
  // Enter and leave come for every element on the way: only the outermost pair counts.
  let depth = 0;
  const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
  const carriesDocuments = (event: DragEvent): boolean => event.dataTransfer?.types.includes(documentDragType) ?? false;
  const overQuestion = (event: DragEvent): boolean => event.target instanceof Element && event.target.closest('[data-drop="question"]') !== null;
  const placeOf = (event: DragEvent): 'library' | 'question' | false => (overQuestion(event) ? 'question' : carriesFiles(event) ? 'library' : false);
  const show = (dropping: false | 'library' | 'question'): void => { if (useLayout.getState().dropping !== dropping) useLayout.setState({ dropping }); };

  const enter = (event: DragEvent): void => {
    if (!carriesFiles(event) && !carriesDocuments(event)) return;
    event.preventDefault();
    depth++;
    show(placeOf(event));
  };
  const over = (event: DragEvent): void => {
    event.preventDefault();
    const place = carriesFiles(event) || carriesDocuments(event) ? placeOf(event) : false;
    if (event.dataTransfer) event.dataTransfer.dropEffect = place ? 'copy' : 'none';
    show(place);
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
    const documents = event.dataTransfer?.getData(documentDragType) ?? '';
    if (documents !== '' && overQuestion(event)) attachDocuments(documents.split(' '));
    else if (files.length > 0) void (overQuestion(event) ? attachFiles(files) : importFiles(files));
  };
  const paste = (event: ClipboardEvent): void => {
    if (isTextField(event.target)) return;
    const items = [...(event.clipboardData?.items ?? [])];
    const files = items.filter((item) => item.kind === 'file').map((item) => item.getAsFile()).filter((file) => file !== null);
    event.preventDefault();
    if (files.length === 0) return void notify('The clipboard holds no picture.');
    void importFiles(files);
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
