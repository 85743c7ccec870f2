// Turns changed facts into events for the window. Called after the fact is stored, never before.
import type { EventName, EventPayload } from '@contract/events.ts';
import type { Changed } from '../library/methods.ts';

export interface Publisher {
  <N extends EventName>(name: N, payload: EventPayload<N>): void;
}

export function publishChanged(publish: Publisher, changed: Changed): void {
  if (changed.documents.length) publish('document.changed', { documents: changed.documents });
  if (changed.pages.length) publish('page.changed', { pages: changed.pages });
}
