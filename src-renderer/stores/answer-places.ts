// Where the latest answer (or the one that was chosen) points on the pages, and which phrase and box are under the pointer. Joins the
// panel and the canvas, which do not know each other.
import { create } from 'zustand';
import type { MessageGrounding } from '@contract/conversation.ts';
import { boundsOf } from '@contract/geometry.ts';
import { currentPage, openDocument, revealOnPage } from './desk-store.ts';
import { useStreams } from './answer-streams.ts';
import { ensureAttached, useAttached } from './attached-pages.ts';
import { latestAnswer, useConversations } from './conversation-store.ts';
import { markOnly } from './library-store.ts';
import { notify } from './notice-store.ts';
import { ensurePages } from './page-store.ts';

export interface PlaceRef { messageId: string; index: number }

interface PlacesState {
  /** The answer whose boxes are drawn; null for the latest. */
  messageId: string | null;
  hovered: PlaceRef | null;
  /** The place that was chosen last, on the page or in the text. */
  chosen: PlaceRef | null;
  /** Counts up whenever the panel should bring the chosen phrase into view. */
  revealInPanel: number;
}

export const usePlaces = create<PlacesState>(() => ({ messageId: null, hovered: null, chosen: null, revealInPanel: 0 }));

const none: readonly MessageGrounding[] = [];

/** The answer whose boxes are drawn: the one under the pointer, the one that was chosen, else the latest; as far as it is written. */
export function shownPlaces(): { messageId: string; groundings: readonly MessageGrounding[] } {
  const { branch } = useConversations.getState();
  const { hovered, messageId } = usePlaces.getState();
  const wanted = hovered?.messageId ?? messageId;
  const answer = branch.find((one) => one.id === wanted) ?? latestAnswer(branch);
  if (!answer) return { messageId: '', groundings: none };
  const stream = answer.status === 'streaming' ? useStreams.getState().byMessage.get(answer.id) : undefined;
  return { messageId: answer.id, groundings: stream?.groundings ?? answer.groundings };
}

/** Calls `changed` when other places are to be drawn; text that streams in without a place is no such change. */
export function onPlacesChanged(changed: () => void): () => void {
  let { groundings } = shownPlaces();
  const look = (): void => {
    const now = shownPlaces().groundings;
    if (now === groundings) return;
    groundings = now;
    changed();
  };
  const letGo = [usePlaces.subscribe(changed), useConversations.subscribe(look), useStreams.subscribe(look)];
  return () => letGo.forEach((one) => one());
}

/** The places of the shown answer on a page, with their index among all of the answer's. */
export function placesOn(pageId: string): { ref: PlaceRef; grounding: MessageGrounding }[] {
  const { messageId, groundings } = shownPlaces();
  return groundings.flatMap((grounding, index) => (grounding.pageId === pageId && grounding.quad ? [{ ref: { messageId, index }, grounding }] : []));
}

export function samePlace(a: PlaceRef | null, b: PlaceRef | null): boolean {
  return a === b || (a !== null && b !== null && a.messageId === b.messageId && a.index === b.index);
}

export function hoverPlace(hovered: PlaceRef | null): void {
  if (!samePlace(usePlaces.getState().hovered, hovered)) usePlaces.setState({ hovered });
}

/** A click on a phrase: its page is opened, of whichever document, and its box brought into view. */
export async function goToPlace(chosen: PlaceRef, grounding: MessageGrounding): Promise<void> {
  usePlaces.setState({ messageId: chosen.messageId, chosen });
  if (currentPage()?.id !== grounding.pageId) {
    await ensureAttached([grounding.pageId]);
    const page = useAttached.getState().byId.get(grounding.pageId);
    if (!page) return void notify('The page is no longer in the library.');
    await ensurePages(page.documentId);
    openDocument(page.documentId, page.index);
    markOnly(page.documentId);
  }
  if (grounding.quad && currentPage()?.id === grounding.pageId) revealOnPage(boundsOf(grounding.quad));
}

/** A click on a box of the page: its phrase is brought into view. */
export function choosePlace(chosen: PlaceRef): void {
  usePlaces.setState(({ revealInPanel }) => ({ chosen, revealInPanel: revealInPanel + 1 }));
}

/** Which answer's boxes are drawn from now on. */
export function showPlacesOf(messageId: string | null): void {
  usePlaces.setState({ messageId, hovered: null, chosen: null });
}
