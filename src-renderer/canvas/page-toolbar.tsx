// The slim bar over the page: which page, how large, which way up, what is drawn on it. Every button is a command of the one list.
import { useState } from 'react';
import { BoxSelect, ChevronDown, ChevronLeft, ChevronRight, Ellipsis, Minus, PanelLeft, PanelRight, Plus, RefreshCw, RotateCcw, RotateCw, ScanText } from 'lucide-react';
import { CommandButton, commandEntries } from '../commands/use-command.tsx';
import { useCorrection } from '../stores/correction-store.ts';
import { openPage, useDesk, zoomTo } from '../stores/desk-store.ts';
import { useLayout } from '../stores/layout-store.ts';
import { useSettings } from '../stores/settings-store.ts';
import { useOpenDocument, useOpenPages } from '../stores/use-open-page.ts';
import { IconButton } from '../ui/button.tsx';
import { DropMenu } from '../ui/menu.tsx';
import { TextField } from '../ui/text-field.tsx';

const zooms = [0.25, 0.5, 0.75, 1, 1.5, 2, 4];

export function PageToolbar() {
  const document = useOpenDocument();
  const count = useOpenPages().length;
  const sidebar = useLayout((layout) => layout.sidebar);
  const textPanel = useLayout((layout) => layout.textPanel);
  return (
    <div role="toolbar" aria-label="Page" className="@container flex h-11 shrink-0 items-center gap-1 border-b border-edge bg-raised px-2">
      <CommandButton id="toggle-sidebar" label={sidebar ? 'Hide library' : 'Show library'} aria-expanded={sidebar}><PanelLeft size={16} aria-hidden /></CommandButton>
      <h1 className="min-w-8 flex-1 truncate px-1.5 text-body font-semibold" title={document?.title}>{document?.title ?? 'Lectern'}</h1>
      {document && (
        <>
          {count > 1 && <PageNumber count={count} />}
          <Zoom />
          <Divider className="@max-xl:hidden" />
          <CommandButton id="rotate-left" className="@max-2xl:hidden"><RotateCcw size={16} aria-hidden /></CommandButton>
          <CommandButton id="rotate-right" className="@max-xl:hidden"><RotateCw size={16} aria-hidden /></CommandButton>
          <Boxes />
          <EditBoxes />
          <CommandButton id="reread" className="@max-2xl:hidden"><RefreshCw size={16} aria-hidden /></CommandButton>
          <Divider />
          <More />
        </>
      )}
      <CommandButton id="toggle-text-panel" label={textPanel ? 'Hide text' : 'Show text'} aria-expanded={textPanel}><PanelRight size={16} aria-hidden /></CommandButton>
    </div>
  );
}

function Divider({ className = '' }: { className?: string }) {
  return <span aria-hidden className={`mx-1 h-5 w-px shrink-0 bg-edge ${className}`} />;
}

function Boxes() {
  const showBoxes = useSettings(({ settings }) => settings.showBoxes);
  return <CommandButton id="toggle-boxes" label={showBoxes ? 'Hide boxes' : 'Show boxes'} pressed={showBoxes} className="@max-md:hidden"><ScanText size={16} aria-hidden /></CommandButton>;
}

function EditBoxes() {
  const boxes = useCorrection((state) => state.boxes);
  return <CommandButton id="edit-boxes" pressed={boxes} className="@max-lg:hidden"><BoxSelect size={16} aria-hidden /></CommandButton>;
}

/** What a narrow bar has no room for stays within reach. */
function More() {
  const [entries, setEntries] = useState(() => commandEntries([]));
  const renew = (): void => setEntries(commandEntries(
    ['export', 'extract', 'copy', 'copy-markdown', 'copy-table', 'copy-picture', null, 'rotate-left', 'rotate-right', 'reread', null, 'toggle-boxes', 'edit-boxes', 'edit-table', 'next-doubtful', 'compare-page', null, 'rename', 'delete', null, 'palette'],
    { 'toggle-boxes': useSettings.getState().settings.showBoxes, 'edit-boxes': useCorrection.getState().boxes },
  ));
  return (
    <DropMenu entries={entries}>
      <IconButton label="More" onPointerDown={renew} onKeyDown={renew}><Ellipsis size={16} aria-hidden /></IconButton>
    </DropMenu>
  );
}

function PageNumber({ count }: { count: number }) {
  const pageIndex = useDesk((desk) => desk.pageIndex);
  // What is being typed counts only while the page it began on lies open.
  const [draft, setDraft] = useState<{ on: number; text: string } | null>(null);
  const typed = draft?.on === pageIndex ? draft.text : null;
  const setTyped = (text: string | null): void => setDraft(text === null ? null : { on: pageIndex, text });
  const go = (): void => {
    const wanted = Number.parseInt(typed ?? '', 10);
    if (Number.isFinite(wanted)) openPage(wanted - 1);
    setTyped(null);
  };
  return (
    <div className="flex shrink-0 items-center">
      <CommandButton id="previous-page" className="@max-md:hidden"><ChevronLeft size={16} aria-hidden /></CommandButton>
      <TextField
        label="Page number"
        inputMode="numeric"
        value={typed ?? String(pageIndex + 1)}
        onText={(text) => setTyped(text.replace(/\D/g, ''))}
        onEnter={go}
        onEscape={() => setTyped(null)}
        onBlur={() => setTyped(null)}
        onFocus={(event) => event.currentTarget.select()}
        className="h-7! w-11 px-1! [&_input]:text-center [&_input]:tabular-nums"
      />
      <span className="px-1.5 text-small whitespace-nowrap text-muted tabular-nums">of {count.toLocaleString('en')}</span>
      <CommandButton id="next-page" className="@max-md:hidden"><ChevronRight size={16} aria-hidden /></CommandButton>
      <Divider />
    </div>
  );
}

function Zoom() {
  const percent = useDesk((desk) => `${Math.round(desk.camera.scale * 100)} %`);
  const entries = [
    ...commandEntries(['zoom-fit', 'zoom-width', 'zoom-actual', null]),
    ...zooms.map((zoom) => ({ kind: 'item' as const, id: String(zoom), label: `${zoom * 100} %`, run: () => zoomTo(zoom) })),
  ];
  return (
    <div className="flex shrink-0 items-center">
      <CommandButton id="zoom-out" className="@max-lg:hidden"><Minus size={16} aria-hidden /></CommandButton>
      <DropMenu entries={entries} align="center">
        <button type="button" aria-label={`Zoom ${percent}`} className="inline-flex h-8 min-w-16 items-center justify-center gap-0.5 rounded-md px-1 text-small text-muted tabular-nums hover:bg-hover hover:text-ink">
          {percent}<ChevronDown size={12} aria-hidden />
        </button>
      </DropMenu>
      <CommandButton id="zoom-in" className="@max-lg:hidden"><Plus size={16} aria-hidden /></CommandButton>
    </div>
  );
}
