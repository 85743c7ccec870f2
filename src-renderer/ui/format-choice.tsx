// The export formats to choose from: radio buttons in labelled rows, one keyboard order through all of them.
import { useId } from 'react';
import type { ExportFormat } from '@contract/export.ts';
import { classes } from './classes.ts';
import { exportGroups } from './export-formats.ts';

interface FormatChoiceProps {
  value: ExportFormat;
  onChange(value: ExportFormat): void;
}

export function FormatChoice({ value, onChange }: FormatChoiceProps) {
  const name = useId();
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1.5 text-small font-medium text-muted">Format</legend>
      {exportGroups.map((group) => (
        <div key={group.label} className="flex items-center gap-2">
          <span className="w-14 shrink-0 text-small text-muted">{group.label}</span>
          <span className="inline-flex rounded-lg border border-edge bg-panel p-0.5">
            {group.formats.map((format) => (
              <label
                key={format.value}
                className={classes(
                  'rounded-md px-2.5 py-1 text-body has-focus-visible:outline-2 has-focus-visible:outline-accent-text',
                  format.value === value ? 'bg-raised font-medium text-ink shadow-[0_0_0_1px_var(--edge-strong)]' : 'text-muted hover:text-ink',
                )}
              >
                <input type="radio" name={name} checked={format.value === value} onChange={() => onChange(format.value)} data-start={format.value === value || undefined} className="sr-only" />
                {format.label}
              </label>
            ))}
          </span>
        </div>
      ))}
    </fieldset>
  );
}
