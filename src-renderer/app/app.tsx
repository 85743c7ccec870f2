// The window's parts put together: library, desk, text, status line, and whatever dialog is open.
import { createElement, lazy, Suspense, useEffect, useState } from 'react';
import { FolderInput, Paperclip } from 'lucide-react';
import { Desk } from '../canvas/desk.tsx';
import { CommandPalette } from '../commands/command-palette.tsx';
import { CompareView } from '../compare/compare-view.tsx';
import { LibraryPanel } from '../library/library-panel.tsx';
import { TagsDialog } from '../library/tags-dialog.tsx';
import { AboutDialog } from '../settings/about-dialog.tsx';
import { SettingsDialog } from '../settings/settings-dialog.tsx';
import { useCompare } from '../stores/compare-store.ts';
import { useLayout, type DialogName } from '../stores/layout-store.ts';
import { isDark, useSettings } from '../stores/settings-store.ts';
import { afterNextPaint } from '../ui/after-next-paint.ts';
import { TooltipProvider } from '../ui/tooltip.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { Notices } from './notices.tsx';
import { PanelDivider } from './panel-divider.tsx';
import { PasswordDialog } from './password-dialog.tsx';
import { RefusedDialog } from './refused-dialog.tsx';
import { RightPanel } from './right-panel.tsx';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';
import { StatusLine } from './status-line.tsx';

/** Loaded when first opened: the window starts without it. */
const EndpointsDialog = lazy(() => import('../endpoints/endpoints-dialog.tsx'));
const ConsentDialog = lazy(() => import('../endpoints/consent-dialog.tsx'));
const PresetsDialog = lazy(() => import('../conversation/presets-dialog.tsx'));
const ExtractDialog = lazy(() => import('../extract/extract-dialog.tsx'));
const ModelsDialog = lazy(() => import('../models/models-dialog.tsx'));

const dialogs: Record<DialogName, React.ComponentType> = {
  extract: ExtractDialog, models: ModelsDialog, endpoints: EndpointsDialog, consent: ConsentDialog, presets: PresetsDialog,
  settings: SettingsDialog, shortcuts: ShortcutsDialog, about: AboutDialog, palette: CommandPalette, export: ExportDialog, delete: DeleteDialog, password: PasswordDialog, tags: TagsDialog, refused: RefusedDialog,
};

export function App() {
  const dark = useSettings(isDark);
  const sidebar = useLayout((layout) => layout.sidebar);
  const textPanel = useLayout((layout) => layout.textPanel);
  const comparison = useCompare((compare) => compare.comparison);
  const dialog = useLayout((layout) => layout.dialog);
  useEffect(() => { document.documentElement.dataset['theme'] = dark ? 'dark' : 'light'; }, [dark]);
  useEffect(moveBetweenParts, []);
  const painted = useFirstPaint();
  return (
    <TooltipProvider>
      <div className="flex h-full flex-col">
        <div className="flex min-h-0 flex-1">
          {sidebar && <PanelDivider side="left" landmark="complementary" name="Library" setting="sidebarWidth" label="Width of the library" min={180} max={600} share={0.26}><LibraryPanel /></PanelDivider>}
          {!painted ? <div className="flex-1 bg-desk" /> : comparison ? <CompareView comparison={comparison} /> : <Desk />}
          {textPanel && !comparison && <PanelDivider side="right" landmark="region" name="Text and questions" setting="textPanelWidth" label="Width of the text" min={240} max={900} share={0.34}>{painted ? <RightPanel /> : <div className="size-full bg-raised" />}</PanelDivider>}
        </div>
        {painted ? <StatusLine /> : <div className="h-8 shrink-0 border-t border-edge bg-panel" />}
      </div>
      <Notices />
      {dialog && <Suspense>{createElement(dialogs[dialog], { key: dialog })}</Suspense>}
      <DropOverlay />
    </TooltipProvider>
  );
}

/** False while the first drawing is on its way to the screen. */
function useFirstPaint(): boolean {
  const [painted, setPainted] = useState(false);
  useEffect(() => afterNextPaint(() => setPainted(true)), []);
  return painted;
}

function DropOverlay() {
  const dropping = useLayout((layout) => layout.dropping);
  if (!dropping) return null;
  if (dropping === 'question') return <QuestionOverlay />;
  return (
    <div className="pointer-events-none fixed inset-0 z-50 flex animate-fade items-center justify-center bg-accent-strong/90 p-5">
      <div role="status" className="flex size-full flex-col items-center justify-center gap-3 rounded-2xl border-2 border-dashed border-white text-white">
        <FolderInput size={36} aria-hidden />
        <p className="text-large font-semibold">Drop to add to the library</p>
        <p className="text-read">Pictures, PDFs and whole folders, as many as you like</p>
      </div>
    </div>
  );
}

/** Over the conversation alone: what is dropped there is asked about. */
function QuestionOverlay() {
  const place = document.getElementById('conversation-panel')?.getBoundingClientRect();
  if (!place) return null;
  return (
    <div className="pointer-events-none fixed z-50 flex animate-fade items-center justify-center bg-accent-strong/90 p-4" style={{ left: place.left, top: place.top, width: place.width, height: place.height }}>
      <div role="status" className="flex size-full flex-col items-center justify-center gap-2 rounded-2xl border-2 border-dashed border-white px-4 text-center text-white">
        <Paperclip size={30} aria-hidden />
        <p className="text-head font-semibold">Drop to ask about it</p>
      </div>
    </div>
  );
}

/** F6 goes from part to part, Shift+F6 back, as in other programs with panes. */
function moveBetweenParts(): () => void {
  const parts = ['#document-list', '#page-canvas', '#compare-pages', '#change-list', '#text-panel [role="group"], #question-field'];
  const press = (event: KeyboardEvent): void => {
    if (event.key !== 'F6' || useLayout.getState().dialog !== null) return;
    const elements = parts.map((part) => document.querySelector<HTMLElement>(part)).filter((one) => one !== null);
    const at = elements.findIndex((one) => one.contains(document.activeElement));
    const step = event.shiftKey ? -1 : 1;
    elements[(at < 0 ? (step > 0 ? 0 : elements.length - 1) : at + step + elements.length) % elements.length]?.focus();
    event.preventDefault();
  };
  window.addEventListener('keydown', press);
  return () => window.removeEventListener('keydown', press);
}
