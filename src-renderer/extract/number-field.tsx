// A number to type; nothing typed is no number. What is typed stays as it is while the field has the focus.
import { useState } from 'react';
import { TextField } from '../ui/text-field.tsx';

interface NumberFieldProps {
  label: string;
  value: number | undefined;
  placeholder?: string;
  onValue(value: number | undefined): void;
}

export function NumberField({ label, value, placeholder = 'any', onValue }: NumberFieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const number = typed === null ? 0 : Number(typed.replace(',', '.'));
  return (
    <TextField
      label={label}
      placeholder={placeholder}
      inputMode="decimal"
      aria-invalid={!Number.isFinite(number)}
      value={typed ?? String(value ?? '')}
      onText={(text) => {
        setTyped(text);
        const next = Number(text.replace(',', '.'));
        if (text.trim() === '') onValue(undefined);
        else if (Number.isFinite(next)) onValue(next);
      }}
      onBlur={() => setTyped(null)}
      className={Number.isFinite(number) ? 'w-24' : 'w-24 text-bad'}
    />
  );
}
