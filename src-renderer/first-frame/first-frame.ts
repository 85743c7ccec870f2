// The window's first frame: the markup that the last session drew (app/draw-first-frame.tsx) and main put into the page. It is
// on the screen before the program is loaded. What is pressed on it is shown where that can be, kept, and done on the real thing.

/** A window that does not paint (minimised) must start all the same. */
const paintPatienceMs = 500;

const pressed = ['pointerdown', 'pointerup', 'mousedown', 'mouseup', 'click', 'dblclick', 'contextmenu', 'keydown', 'keyup'];

export interface FirstFrame {
  /** To be called when the program has drawn itself in the frame's place: does there what was done on the frame. */
  handOver(): void;
}

/** Resolves when the frame has been painted; null when main had none. */
export async function showFirstFrame(root: HTMLElement, fonts: Promise<void>): Promise<FirstFrame | null> {
  const template = document.querySelector<HTMLTemplateElement>('#first-frame');
  if (!template) return null;
  await fonts;
  // The content policy forbids style attributes in markup; set by a script they are allowed.
  for (const one of template.content.querySelectorAll<HTMLElement>('[data-style]')) {
    one.style.cssText = one.dataset['style'] ?? '';
    delete one.dataset['style'];
  }
  root.append(template.content);
  template.remove();
  const frame = keepPressed(root);
  await new Promise<void>((painted) => {
    requestAnimationFrame(() => setTimeout(painted));
    setTimeout(painted, paintPatienceMs);
  });
  return frame;
}

/** How an element of the frame is found again among the program's. */
function addressOf(target: EventTarget | null): string | null {
  const known = target instanceof Element ? target.closest('#document-list, #library-search, [data-document], [aria-label]') : null;
  if (!known) return null;
  const label = known.getAttribute('aria-label');
  return known.id && !known.id.startsWith('radix') ? `#${CSS.escape(known.id)}` : label === null ? null : `[aria-label="${CSS.escape(label)}"]`;
}

function keepPressed(root: HTMLElement): FirstFrame {
  const kept: { address: string | null; event: Event }[] = [];
  const keep = (event: Event): void => {
    // What is typed into the field of the frame stands there.
    if (event.target instanceof HTMLInputElement && event instanceof KeyboardEvent && event.key.length === 1) return;
    kept.push({ address: addressOf(event.target), event });
    if (event.type === 'click') showChosen(root, event as MouseEvent);
  };
  for (const kind of pressed) window.addEventListener(kind, keep, { capture: true });
  const field = root.querySelector<HTMLInputElement>('#library-search');
  let focused: string | null = null;
  // Taking the frame away takes the focus: it is too late to look then.
  const look = (): void => void (focused = addressOf(document.activeElement));
  root.addEventListener('focusin', look);
  return {
    handOver() {
      for (const kind of pressed) window.removeEventListener(kind, keep, { capture: true });
      root.removeEventListener('focusin', look);
      if (focused !== null) document.querySelector<HTMLElement>(focused)?.focus();
      if (field?.value) typeInto(document.querySelector<HTMLInputElement>('#library-search'), field.value);
      for (const { address, event } of kept) {
        const target = address === null ? document.body : document.querySelector(address);
        const again = event.constructor as new (type: string, init: Event) => Event;
        target?.dispatchEvent(new again(event.type, event));
      }
    },
  };
}

/** The row that was clicked looks chosen at once; what the click means is found out by the program. */
function showChosen(root: HTMLElement, { target, shiftKey, ctrlKey, metaKey }: MouseEvent): void {
  const row = target instanceof Element ? target.closest('[data-document]') : null;
  if (!row || shiftKey || ctrlKey || metaKey) return;
  for (const one of root.querySelectorAll('[data-document]')) {
    one.setAttribute('aria-selected', String(one === row));
    if (one === row) one.setAttribute('aria-current', 'true');
    else one.removeAttribute('aria-current');
  }
}

/** As if it had been typed: React hears of it. */
function typeInto(field: HTMLInputElement | null, text: string): void {
  if (!field) return;
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, text);
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
