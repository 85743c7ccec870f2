// A dialog over the window, on the browser's own modal element: it traps the focus, closes with Escape and gives the focus back.
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { X } from 'lucide-react';
import { IconButton } from './button.tsx';
import { classes } from './classes.ts';
import { isComposing } from './is-composing.ts';

interface DialogProps {
  title: string;
  /** 'small' asks a question, 'wide' shows lists, 'full' a grid. */
  size?: 'small' | 'medium' | 'wide' | 'full';
  onClose(): void;
  /** Buttons at the foot. */
  actions?: ReactNode;
  children: ReactNode;
}

const widths = { small: 'w-[26rem]', medium: 'w-[32rem]', wide: 'w-[44rem]', full: 'w-[88rem]' } as const;

export function Dialog({ title, size = 'medium', onClose, actions, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = element.current;
    if (!dialog || dialog.open) return;
    dialog.showModal();
    // The browser would take the first control, which is Close, and its tip would eat the first Escape: begin where the
    // dialog's business is, or with its text, which then scrolls by keyboard.
    (dialog.querySelector<HTMLElement>('[data-start]:not(:disabled)') ?? body.current)?.focus();
    return () => dialog.close();
  }, []);
  return (
    <dialog
      ref={element}
      aria-labelledby={titleId}
      // Before the tips of its buttons can take the key for themselves.
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || isComposing(event)) return;
        event.preventDefault();
        event.stopPropagation();
        onClose();
      }}
      onCancel={(event) => { event.preventDefault(); onClose(); }}
      onMouseDown={(event) => { if (event.target === element.current) onClose(); }}
      className={classes('animate-rise rounded-xl border border-edge bg-raised p-0 shadow-dialog outline-none', widths[size], 'max-h-[calc(100vh-3rem)] max-w-[calc(100vw-3rem)] overflow-hidden')}
    >
      <div className="flex max-h-[calc(100vh-3rem)] flex-col">
        <header className="flex items-center justify-between gap-4 pt-4 pr-3 pb-2 pl-5">
          <h2 id={titleId} className="text-head font-semibold">{title}</h2>
          <IconButton label="Close" onClick={onClose}><X size={16} aria-hidden /></IconButton>
        </header>
        <div ref={body} tabIndex={0} className="focus-inside min-h-0 flex-1 overflow-y-auto px-5 pt-1 pb-5 focus-visible:outline-1 focus-visible:outline-edge-strong">{children}</div>
        {actions && <footer className="flex items-center justify-end gap-2 border-t border-edge bg-panel px-5 py-3">{actions}</footer>}
      </div>
    </dialog>
  );
}
