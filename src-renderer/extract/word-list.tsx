// A list of short texts that are typed one after another: labels, choices. Commas may stand in them; Enter ends one. Knows no schema.
import { useRef, useState } from 'react';
import { X } from 'lucide-react';
import { isComposing } from '../ui/is-composing.ts';

interface WordListProps {
  /** What the list is, in the names of its controls. */
  label: string;
  placeholder: string;
  values: readonly string[];
  onValues(values: string[]): void;
}

export function WordList({ label, placeholder, values, onValues }: WordListProps) {
  const [typed, setTyped] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const take = (text: string): void => {
    const word = text.trim();
    setTyped('');
    if (word !== '' && !values.includes(word)) onValues([...values, word]);
  };
  return (
    <div role="group" aria-label={label} onClick={(event) => event.target === event.currentTarget && field.current?.focus()} className="flex min-h-8 min-w-40 flex-1 cursor-text flex-wrap items-center gap-1 rounded-md border border-edge-strong bg-raised px-1 py-0.5 focus-within:border-accent-text focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-accent-text">
      {values.map((word) => (
        <span key={word} className="flex max-w-full items-center gap-0.5 rounded bg-hover py-0.5 pr-0.5 pl-1.5 text-small">
          <span className="truncate" title={word}>{word}</span>
          <button type="button" aria-label={`Remove “${word}” from: ${label}`} onClick={() => { onValues(values.filter((one) => one !== word)); field.current?.focus(); }} className="rounded p-0.5 text-muted hover:text-ink"><X size={11} aria-hidden /></button>
        </span>
      ))}
      <input
        ref={field}
        aria-label={`${label}: one more`}
        title="Enter keeps what is typed; Backspace takes the last one back"
        placeholder={values.length === 0 ? placeholder : ''}
        value={typed}
        maxLength={80}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setTyped(event.target.value)}
        onBlur={() => take(typed)}
        onPaste={(event) => {
          const lines = event.clipboardData.getData('text').split(/\r?\n|\t/).map((one) => one.trim()).filter((one) => one !== '');
          if (lines.length < 2) return;
          event.preventDefault();
          onValues([...new Set([...values, ...lines])]);
        }}
        onKeyDown={(event) => {
          if (isComposing(event)) return;
          if (event.key === 'Enter') {
            event.preventDefault();
            take(typed);
          }
          if (event.key === 'Backspace' && typed === '' && values.length > 0) onValues(values.slice(0, -1));
        }}
        className="h-6 min-w-20 flex-1 bg-transparent px-1 outline-none placeholder:text-muted"
      />
    </div>
  );
}
