// One of a few, side by side: radio buttons that look like a segmented control and keep the keyboard behaviour of radios.
import { useId } from 'react';
import { classes } from './classes.ts';

interface ChoiceProps<T extends string> {
  legend: string;
  value: T;
  options: readonly { value: T; label: string }[];
  onChange(value: T): void;
  /** The dialog begins here. */
  start?: boolean;
}

export function Choice<T extends string>({ legend, value, options, onChange, start = false }: ChoiceProps<T>) {
  const name = useId();
  return (
    <fieldset className="inline-flex rounded-lg border border-edge bg-panel p-0.5">
      <legend className="sr-only">{legend}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          className={classes(
            'rounded-md px-3 py-1 text-body has-focus-visible:outline-2 has-focus-visible:outline-accent-text',
            option.value === value ? 'bg-raised font-medium text-ink shadow-[0_0_0_1px_var(--edge-strong)]' : 'text-muted hover:text-ink',
          )}
        >
          <input type="radio" name={name} checked={option.value === value} onChange={() => onChange(option.value)} data-start={(start && option.value === value) || undefined} className="sr-only" />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}
