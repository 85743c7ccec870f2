// Buttons, built once: plain, primary, dangerous, and the square one that shows only a picture and therefore always has a name.
import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { classes } from './classes.ts';
import { Tooltip } from './tooltip.tsx';

type Attributes = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'type'> & { ref?: Ref<HTMLButtonElement> };

const kinds = {
  plain: 'border border-edge-strong bg-raised text-ink hover:bg-hover active:bg-pressed',
  primary: 'bg-accent text-white hover:bg-accent-strong',
  danger: 'bg-bad-strong text-white hover:brightness-110',
  quiet: 'text-accent-text hover:bg-hover active:bg-pressed',
} as const;

export function Button({ kind = 'plain', className, children, ...rest }: Attributes & { kind?: keyof typeof kinds; children: ReactNode }) {
  return (
    <button
      type="button"
      className={classes('inline-flex h-8 shrink-0 items-center justify-center gap-1.5 rounded-md px-3 text-body font-medium whitespace-nowrap transition-colors disabled:pointer-events-none disabled:opacity-45', kinds[kind], className)}
      {...rest}
    >
      {children}
    </button>
  );
}

interface IconButtonProps extends Attributes {
  /** Its name for screen readers and its tooltip. */
  label: string;
  keys?: string | undefined;
  /** For buttons that are on or off. */
  pressed?: boolean | undefined;
  side?: 'top' | 'bottom' | 'left' | 'right';
  small?: boolean;
  children: ReactNode;
}

export function IconButton({ label, keys, pressed, side, small = false, className, children, disabled, onClick, ...rest }: IconButtonProps) {
  return (
    <Tooltip label={label} keys={keys} {...(side && { side })}>
      <button
        type="button"
        aria-label={label}
        aria-pressed={pressed}
        // A disabled button would lose its tooltip and the focus: it stays reachable and does nothing.
        aria-disabled={disabled || undefined}
        onClick={disabled ? undefined : onClick}
        className={classes(
          'inline-flex shrink-0 items-center justify-center rounded-md transition-colors',
          small ? 'size-6' : 'size-8',
          disabled ? 'text-faint opacity-45' : 'text-muted hover:bg-hover hover:text-ink active:bg-pressed',
          pressed && !disabled && 'bg-accent-soft text-accent-text',
          className,
        )}
        {...rest}
      >
        {children}
      </button>
    </Tooltip>
  );
}
