// The small label that appears beside a control, with its shortcut. Opens on hover and on keyboard focus.
import type { ReactNode } from 'react';
import { Tooltip as Radix } from 'radix-ui';

export function TooltipProvider({ children }: { children: ReactNode }) {
  return <Radix.Provider delayDuration={450} skipDelayDuration={200}>{children}</Radix.Provider>;
}

export function Tooltip({ label, keys, side = 'bottom', children }: { label: string; keys?: string | undefined; side?: 'top' | 'bottom' | 'left' | 'right'; children: ReactNode }) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content side={side} sideOffset={6} collisionPadding={8} className="z-50 flex animate-fade items-center gap-2 rounded-md bg-ink px-2 py-1 text-small text-raised shadow-float">
          {label}
          {keys && <span className="text-tiny opacity-70">{keys}</span>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
