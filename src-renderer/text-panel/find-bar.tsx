// Search in the open document: the field, which hit of how many, back and forth.
import { useEffect, useRef } from 'react';
import { ChevronDown, ChevronUp, Search, X } from 'lucide-react';
import { CommandButton } from '../commands/use-command.tsx';
import { closeFind, findInDocument, findNext, useFind } from '../stores/find-store.ts';
import { IconButton } from '../ui/button.tsx';
import { TextField } from '../ui/text-field.tsx';

export function FindBar() {
  const { text, hits, at, searching } = useFind();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  const close = (): void => {
    closeFind();
    document.getElementById('page-canvas')?.focus();
  };
  const state = text.trim() === '' ? '' : searching ? '…' : hits.length === 0 ? 'none' : at < 0 ? `${hits.length}` : `${at + 1} of ${hits.length}`;
  return (
    <div role="search" aria-label="In this document" className="flex items-center gap-0.5 border-b border-edge py-2 pr-2 pl-3">
      <TextField
        ref={field}
        id="find-field"
        label="Find in document"
        placeholder="Find in document"
        value={text}
        onText={(next) => findInDocument(next)}
        onEnter={(shift) => findNext(shift ? -1 : 1)}
        onEscape={close}
        icon={<Search size={14} />}
        className="mr-1 min-w-0 flex-1"
        after={<span role="status" className="shrink-0 text-tiny whitespace-nowrap text-faint tabular-nums">{state === 'none' ? 'Not found' : state}</span>}
      />
      <CommandButton id="find-previous" small><ChevronUp size={15} aria-hidden /></CommandButton>
      <CommandButton id="find-next" small><ChevronDown size={15} aria-hidden /></CommandButton>
      <IconButton small label="Close the search" onClick={close}><X size={15} aria-hidden /></IconButton>
    </div>
  );
}
