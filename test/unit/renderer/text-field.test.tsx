// @vitest-environment happy-dom
// Enter and Escape in every text field: never while an input method is composing (Korean, Japanese, Chinese).
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { TextField } from '../../../src-renderer/ui/text-field.tsx';

let root: Root;
let input: HTMLInputElement;
const [enter, escape] = [vi.fn<(shift: boolean) => void>(), vi.fn<() => void>()];
(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

beforeEach(async () => {
  const host = document.body.appendChild(document.createElement('div'));
  root = createRoot(host);
  await act(async () => root.render(<TextField label="Find" value="한" onText={() => {}} onEnter={enter} onEscape={escape} />));
  input = host.querySelector('input')!;
});
afterEach(async () => {
  await act(async () => root.unmount());
  vi.clearAllMocks();
});

const press = (key: string, more: KeyboardEventInit & { keyCode?: number } = {}): void => {
  input.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));
};

it('Enter and Escape reach the owner', () => {
  press('Enter', { shiftKey: true });
  press('Escape');
  expect(enter).toHaveBeenCalledExactlyOnceWith(true);
  expect(escape).toHaveBeenCalledOnce();
});

it('the Enter that ends a composition does not', () => {
  press('Enter', { isComposing: true });
  press('Enter', { keyCode: 229 });
  press('Escape', { isComposing: true });
  expect(enter).not.toHaveBeenCalled();
  expect(escape).not.toHaveBeenCalled();
});

it('has a name', () => {
  expect(input.getAttribute('aria-label')).toBe('Find');
});
