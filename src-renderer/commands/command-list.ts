// The one list of everything the user can do: menu bar, shortcuts, toolbar buttons, context menus and the palette all read it.
// A command acts on stores only; it knows neither who called it nor how it looks.
import type { MenuCommand } from '@contract/events.ts';
import { attach, focusComposer, selectedLinesAttachment } from '../stores/composer-store.ts';
import { useConversations } from '../stores/conversation-store.ts';
import { compareDocuments, compareOpenPage, exportReport, judgeChange, stepChange, useCompare } from '../stores/compare-store.ts';
import { hasStoredSteps, useCorrection } from '../stores/correction-store.ts';
import { clearSelection, currentLines, currentPage, currentText, openPage, pickDoubtful, selectedFigure, selectWholePage, setFitMode, useDesk, zoomStep, zoomTo } from '../stores/desk-store.ts';
import { copyPicture, savePicture } from '../stores/copy-picture.ts';
import { openExtraction } from '../stores/extraction-store.ts';
import { closeFind, findNext, openFind, useFind } from '../stores/find-store.ts';
import { useHistory } from '../stores/history-store.ts';
import { openDialog, useLayout } from '../stores/layout-store.ts';
import { askToDelete, captureScreen, importWithDialog, openNextDocument, redoLast, undoLast } from '../stores/library-actions.ts';
import { markedDocuments, useLibrary } from '../stores/library-store.ts';
import { dismissNotice, notify, useNotices } from '../stores/notice-store.ts';
import { cancelOpenDocument, copyAs, copyText, openExport, rereadPage, rotatePage } from '../stores/page-actions.ts';
import { pagesOf } from '../stores/page-store.ts';
import { setPaused, useReading } from '../stores/reading-store.ts';
import { reportFailure } from '../stores/report-failure.ts';
import { changeSettings, useSettings } from '../stores/settings-store.ts';
import { hasTable } from '../stores/table-store.ts';
import { isEmpty } from '../page/selection.ts';
import { correctionCommands, type CorrectionCommandId } from './correction-commands.ts';
import { tableCommands, type TableCommandId } from './table-commands.ts';
import type { Shortcut } from './shortcut.ts';

export type CommandId =
  | MenuCommand
  | CorrectionCommandId
  | TableCommandId
  | 'next-change' | 'previous-change' | 'accept-change' | 'dismiss-change' | 'export-report-html' | 'export-report-pdf' | 'export-report-json'
  | 'copy-markdown' | 'copy-table' | 'copy-picture' | 'save-picture' | 'clear' | 'first-page' | 'last-page' | 'cancel-reading' | 'focus-library-search';

export type CommandGroup = 'Documents' | 'Page' | 'Text' | 'Correct' | 'Ask' | 'View' | 'Reading' | 'Compare' | 'Lectern';

export interface Command {
  id: CommandId;
  label: string;
  group: CommandGroup;
  /** The first is shown; all work. */
  shortcuts: readonly Shortcut[];
  /** Works while the cursor is in a text field. */
  inFields?: boolean;
  /** Its keys mean it only while the page has the focus, or nothing has. */
  onPage?: boolean;
  enabled(): boolean;
  run(): void;
}

const always = (): boolean => true;
const pageOpen = (): boolean => currentPage() !== null;
const hasText = (): boolean => currentLines().lines.length > 0;
const hasHits = (): boolean => useFind.getState().hits.length > 0;
const pageCount = (): number => pagesOf(useDesk.getState().documentId).length;
const lowConfidence = (): number => useSettings.getState().settings.lowConfidence;

/** Documents that Delete and Rename mean: the marked ones, else the open one. */
function meantDocuments(): string[] {
  const marked = markedDocuments().map((one) => one.id);
  const { documentId } = useDesk.getState();
  return marked.length > 0 ? marked : documentId === null ? [] : [documentId];
}

/** The one before and six versions of it: more would be too narrow to see. */
const mostCompared = 7;
const comparing = (): boolean => useCompare.getState().pairs.length > 0;
const atChange = (): boolean => useCompare.getState().change !== null && useCompare.getState().listing === 'changes';

/** What came into the library first is the one before; the others are its versions. */
function compareMarked(): void {
  const [earliest, ...later] = markedDocuments().toReversed().toSorted((a, b) => a.createdAt - b.createdAt);
  if (earliest && later.length > 0) void compareDocuments(earliest.id, ...later.map((one) => one.id));
}

function command(id: CommandId, group: CommandGroup, label: string, shortcuts: readonly Shortcut[], run: () => void, enabled: () => boolean = always, inFields = false): Command {
  return { id, label, group, shortcuts, run, enabled, ...(inFields && { inFields }) };
}

function doubtful(direction: 1 | -1): void {
  if (!pickDoubtful(lowConfidence(), direction)) notify('Every line of this page is above the confidence limit.');
}

/** The right panel with its conversation side up, the cursor in the question. */
function showAsk(): void {
  useLayout.setState({ textPanel: true });
  void changeSettings({ panelTab: 'ask' }).catch(reportFailure);
  focusComposer();
}

/** Selected lines go along; without a selection, the page. */
function askAbout(): void {
  const page = currentPage();
  const attachment = selectedLinesAttachment() ?? (page && { kind: 'page' as const, pageId: page.id });
  if (attachment) attach(useConversations.getState().openId, [attachment]);
  showAsk();
}

/** Escape leaves one thing at a time. */
function leaveOne(): void {
  if (useCorrection.getState().boxes) useCorrection.setState({ boxes: false });
  else if (!isEmpty(useDesk.getState().selection) || selectedFigure()) clearSelection();
  else if (useFind.getState().open) closeFind();
  else dismissNotice(useNotices.getState().notices.at(-1)!.id);
}

function showFind(): void {
  useLayout.setState({ textPanel: true });
  void changeSettings({ panelTab: 'text' }).catch(reportFailure);
  openFind();
  document.getElementById('find-field')?.focus();
}

export const commands: readonly Command[] = [
  // First: on the page, Delete and F2 mean lines.
  ...correctionCommands,
  ...tableCommands,
  command('open', 'Documents', 'Add files…', ['Mod+O'], () => void importWithDialog(), always, true),
  command('capture-screen', 'Documents', 'Capture a part of the screen…', ['Mod+Shift+S'], () => void captureScreen(), always, true),
  command('paste', 'Documents', 'Paste a picture', ['Mod+V'], () => void document.execCommand('paste')),
  command('export', 'Documents', 'Export…', ['Mod+S', 'Mod+E'], () => openExport(), () => useDesk.getState().documentId !== null, true),
  command('extract', 'Documents', 'Extract fields…', ['Mod+Shift+E'], () => openExtraction(meantDocuments()), () => meantDocuments().length > 0, true),
  command('rename', 'Documents', 'Rename document', ['F2'], () => useLayout.setState({ renamingId: meantDocuments()[0] ?? null, sidebar: true }), () => meantDocuments().length === 1),
  command('tag', 'Documents', 'Tags…', ['Mod+T'], () => openDialog('tags'), () => meantDocuments().length > 0),
  command('delete', 'Documents', 'Delete document…', ['Delete'], () => askToDelete(meantDocuments()), () => meantDocuments().length > 0),
  command('undo', 'Documents', 'Undo', ['Mod+Z'], () => void undoLast(), () => useHistory.getState().done.length > 0 || hasStoredSteps('made')),
  command('redo', 'Documents', 'Redo', ['Mod+Shift+Z', 'Mod+Y'], () => void redoLast(), () => useHistory.getState().undone.length > 0 || hasStoredSteps('undone')),
  command('previous-document', 'Documents', 'Previous document', ['Alt+ArrowUp'], () => openNextDocument(-1), () => useLibrary.getState().documents.length > 1, true),
  command('next-document', 'Documents', 'Next document', ['Alt+ArrowDown'], () => openNextDocument(1), () => useLibrary.getState().documents.length > 1, true),
  command('focus-library-search', 'Documents', 'Search the library', ['Mod+Shift+F'], () => { useLayout.setState({ sidebar: true }); document.getElementById('library-search')?.focus(); }, always, true),

  command('previous-page', 'Page', 'Previous page', ['PageUp'], () => openPage(useDesk.getState().pageIndex - 1), () => useDesk.getState().pageIndex > 0),
  command('next-page', 'Page', 'Next page', ['PageDown'], () => openPage(useDesk.getState().pageIndex + 1), () => useDesk.getState().pageIndex < pageCount() - 1),
  command('first-page', 'Page', 'First page', ['Mod+Home'], () => openPage(0), () => pageCount() > 1),
  command('last-page', 'Page', 'Last page', ['Mod+End'], () => openPage(pageCount() - 1), () => pageCount() > 1),
  command('rotate-left', 'Page', 'Rotate left', ['Mod+Shift+ArrowLeft'], () => void rotatePage(-90), pageOpen),
  command('rotate-right', 'Page', 'Rotate right', ['Mod+Shift+ArrowRight'], () => void rotatePage(90), pageOpen),
  command('reread', 'Page', 'Read again', ['Mod+Alt+O', 'Mod+R'], () => void rereadPage(), pageOpen),

  command('copy', 'Text', 'Copy text', ['Mod+C'], () => void copyText(), hasText),
  command('ask', 'Ask', 'Ask…', ['Mod+J'], showAsk, always, true),
  command('ask-about', 'Ask', 'Ask about this', ['Mod+Shift+J'], askAbout, pageOpen),

  command('models', 'Ask', 'Models…', ['Mod+Shift+M'], () => openDialog('models'), always, true),
  command('endpoints', 'Ask', 'Servers…', [], () => openDialog('endpoints')),

  command('copy-markdown', 'Text', 'Copy as Markdown', ['Mod+Shift+C'], () => void copyAs('md'), () => currentText() !== null),
  command('copy-table', 'Text', 'Copy table', [], () => void copyAs('tsv'), hasTable),
  command('copy-picture', 'Text', 'Copy as picture', ['Mod+Alt+C'], () => void copyPicture(), pageOpen),
  command('save-picture', 'Text', 'Save as picture…', ['Mod+Alt+S'], () => void savePicture(), pageOpen),
  command('select-all', 'Text', 'Select all text of the page', ['Mod+A'], selectWholePage, hasText),
  command('clear', 'Text', 'Clear the selection', ['Escape'], leaveOne, () => useCorrection.getState().boxes || !isEmpty(useDesk.getState().selection) || selectedFigure() !== null || useFind.getState().open || useNotices.getState().notices.length > 0),
  command('find', 'Text', 'Find in document', ['Mod+F'], showFind, () => useDesk.getState().documentId !== null, true),
  command('find-next', 'Text', 'Find next', ['F3', 'Mod+G'], () => findNext(1), hasHits, true),
  command('find-previous', 'Text', 'Find previous', ['Shift+F3', 'Mod+Shift+G'], () => findNext(-1), hasHits, true),
  command('next-doubtful', 'Text', 'Next uncertain line', ['F8'], () => doubtful(1), hasText),
  command('previous-doubtful', 'Text', 'Previous uncertain line', ['Shift+F8'], () => doubtful(-1), hasText),

  command('zoom-in', 'View', 'Zoom in', ['Mod++', '+'], () => zoomStep(1), pageOpen),
  command('zoom-out', 'View', 'Zoom out', ['Mod+-', '-'], () => zoomStep(-1), pageOpen),
  command('zoom-actual', 'View', 'Actual size', ['Mod+0', '1'], () => zoomTo(1), pageOpen),
  command('zoom-fit', 'View', 'Fit page', ['Mod+9', '0'], () => setFitMode('fit'), pageOpen),
  command('zoom-width', 'View', 'Fit width', ['Mod+8', 'w'], () => setFitMode('width'), pageOpen),
  command('toggle-boxes', 'View', 'Show boxes', ['Mod+B', 'b'], () => void changeSettings({ showBoxes: !useSettings.getState().settings.showBoxes }).catch(reportFailure)),
  command('toggle-sidebar', 'View', 'Show library', ['Mod+Shift+B'], () => useLayout.setState(({ sidebar }) => ({ sidebar: !sidebar })), always, true),
  command('toggle-text-panel', 'View', 'Show text and questions', ['Mod+Shift+T'], () => useLayout.setState(({ textPanel }) => ({ textPanel: !textPanel })), always, true),

  command('pause-reading', 'Reading', 'Pause reading', [], () => void setPaused(true).catch(reportFailure), () => !useReading.getState().engine.paused),
  command('resume-reading', 'Reading', 'Resume reading', [], () => void setPaused(false).catch(reportFailure), () => useReading.getState().engine.paused),
  command('cancel-reading', 'Reading', 'Stop reading this document', [], () => void cancelOpenDocument(), () => pagesOf(useDesk.getState().documentId).some((page) => page.status === 'waiting' || page.status === 'reading')),

  command('compare', 'Compare', 'Compare the marked documents', ['Mod+D'], compareMarked, () => markedDocuments().length >= 2 && markedDocuments().length <= mostCompared),
  command('compare-page', 'Compare', 'Compare this page with another', ['Mod+Shift+D'], compareOpenPage, pageOpen),
  command('next-change', 'Compare', 'Next change', ['n'], () => stepChange(1), comparing),
  command('previous-change', 'Compare', 'Previous change', ['p'], () => stepChange(-1), comparing),
  command('accept-change', 'Compare', 'Accept the change', ['a'], () => judgeChange('accepted'), atChange),
  command('dismiss-change', 'Compare', 'Dismiss the change', ['d'], () => judgeChange('dismissed'), atChange),
  command('export-report-html', 'Compare', 'Report as HTML…', [], () => void exportReport('html'), comparing),
  command('export-report-pdf', 'Compare', 'Report as PDF…', [], () => void exportReport('pdf'), comparing),
  command('export-report-json', 'Compare', 'Report as JSON…', [], () => void exportReport('json'), comparing),

  command('palette', 'Lectern', 'All commands…', ['Mod+K', 'Mod+Shift+P'], () => openDialog('palette'), always, true),
  command('settings', 'Lectern', 'Settings…', ['Mod+,'], () => openDialog('settings'), always, true),
  command('shortcuts', 'Lectern', 'Keyboard shortcuts', ['F1', '?'], () => openDialog('shortcuts')),
  command('about', 'Lectern', 'About Lectern', [], () => openDialog('about')),
];

const byId = new Map(commands.map((one) => [one.id, one]));

export function commandOf(id: CommandId): Command {
  return byId.get(id)!;
}

export function runCommand(id: CommandId): void {
  const found = byId.get(id);
  if (found?.enabled()) found.run();
}
