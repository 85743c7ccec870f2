// @vitest-environment happy-dom
// What is done on the first frame, before the program is there: nothing of it may be lost, and a chosen row looks chosen at once.
import { beforeEach, expect, test } from 'vitest';
import { showFirstFrame, type FirstFrame } from '../../../src-renderer/first-frame/first-frame.ts';

const rows = '<input id="library-search"><div id="document-list" tabindex="0"><div data-document="a" id="document-a" data-style="height:62px"><p>A</p></div><div data-document="b" id="document-b"><p>B</p></div></div><button aria-label="Settings"></button>';
let root: HTMLElement;
const row = (id: string): HTMLElement => document.getElementById(`document-${id}`)!;

async function shown(): Promise<FirstFrame> {
  const frame = await showFirstFrame(root, Promise.resolve());
  expect(frame).not.toBeNull();
  return frame!;
}

/** The program draws itself in the frame's place and notes what it hears. */
function drawProgram(): string[] {
  root.innerHTML = rows;
  const heard: string[] = [];
  for (const kind of ['click', 'keydown', 'input', 'contextmenu']) {
    root.addEventListener(kind, (event) => {
      const target = event.target as HTMLElement;
      heard.push(`${kind} ${target.id || target.getAttribute('aria-label')}${(event as MouseEvent).ctrlKey ? ' ctrl' : ''}${event instanceof KeyboardEvent ? ` ${event.key}` : ''}${target instanceof HTMLInputElement ? ` ${target.value}` : ''}`);
    });
  }
  return heard;
}

beforeEach(() => {
  document.body.innerHTML = `<div id="root"></div><template id="first-frame">${rows}</template>`;
  root = document.getElementById('root')!;
});

test('without a frame of the last session there is none', async () => {
  document.querySelector('template')?.remove();
  expect(await showFirstFrame(root, Promise.resolve())).toBeNull();
});

test('rows lie where they belong: the content policy takes no style attributes from markup', async () => {
  await shown();
  expect(row('a').style.height).toBe('62px');
});

test('a clicked row looks chosen at once, and the click reaches the program', async () => {
  const frame = await shown();
  row('b').querySelector('p')!.dispatchEvent(new MouseEvent('click', { bubbles: true }));
  expect(row('b').getAttribute('aria-selected')).toBe('true');
  row('a').dispatchEvent(new MouseEvent('click', { bubbles: true }));
  expect([row('a').getAttribute('aria-selected'), row('b').getAttribute('aria-selected')]).toEqual(['true', 'false']);
  const heard = drawProgram();
  frame.handOver();
  expect(heard).toEqual(['click document-b', 'click document-a']);
});

test('keys, other buttons and modifiers come through in their order; typed text and the place of the keyboard too', async () => {
  const frame = await shown();
  const field = root.querySelector('input')!;
  field.focus();
  field.value = 'invoice';
  row('b').dispatchEvent(new MouseEvent('click', { bubbles: true, ctrlKey: true }));
  expect(row('b').getAttribute('aria-selected')).toBeNull();
  root.querySelector('button')!.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true }));
  root.querySelector('#document-list')!.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, key: 'ArrowDown' }));
  field.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, key: 'i' }));
  const heard = drawProgram();
  frame.handOver();
  expect(heard).toEqual(['input library-search invoice', 'click document-b ctrl', 'contextmenu Settings', 'keydown document-list ArrowDown']);
  expect(document.activeElement?.id).toBe('library-search');
});

test('after the handing over nothing is kept or shown any more', async () => {
  const frame = await shown();
  drawProgram();
  frame.handOver();
  row('a').click();
  expect(row('a').getAttribute('aria-selected')).toBeNull();
});
