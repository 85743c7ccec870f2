// A line of text to type: search fields, titles, page numbers. Enter and Escape reach the owner only when no input method is composing.
import type { InputHTMLAttributes, ReactNode, Ref } from 'react';
import { classes } from './classes.ts';
import { isComposing } from './is-composing.ts';

type Attributes = Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'onSubmit' | 'type' | 'value'>;

export interface TextFieldProps extends Attributes {
  label: string;
  value: string;
  onText(text: string): void;
  /** Enter; `shift` when Shift was held. */
  onEnter?: (shift: boolean) => void;
  onEscape?: () => void;
  /** What is typed is not shown. */
  secret?: boolean;
  icon?: ReactNode;
  /** Controls at the right end. */
  after?: ReactNode;
  ref?: Ref<HTMLInputElement>;
}

export function TextField({ label, value, onText, onEnter, onEscape, secret = false, icon, after, className, onKeyDown, ...rest }: TextFieldProps) {
  return (
    <div className={classes('flex h-8 items-center gap-1.5 rounded-md border border-edge-strong bg-raised px-2 focus-within:border-accent-text focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-accent-text', className)}>
      {icon && <span className="text-faint" aria-hidden>{icon}</span>}
      <input
        type={secret ? 'password' : 'text'}
        aria-label={label}
        value={value}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => onText(event.target.value)}
        onKeyDown={(event) => {
          if (isComposing(event)) return;
          if (event.key === 'Enter' && onEnter) { event.preventDefault(); onEnter(event.shiftKey); }
          if (event.key === 'Escape' && onEscape) { event.preventDefault(); onEscape(); }
          onKeyDown?.(event);
        }}
        className="h-full min-w-0 flex-1 bg-transparent outline-none placeholder:text-faint"
        {...rest}
      />
      {after}
    </div>
  );
}
