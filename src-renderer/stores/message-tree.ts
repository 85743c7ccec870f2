// A conversation's messages are a tree; what is shown is one way through it. Pure: which messages lie on the way, which stand beside one.
import type { Message } from '@contract/conversation.ts';

export interface MessageTree {
  byId: ReadonlyMap<string, Message>;
  /** Parent id (null for beginnings) → messages that follow it, oldest first. */
  following: ReadonlyMap<string | null, readonly Message[]>;
}

export const noTree: MessageTree = { byId: new Map(), following: new Map() };

export function treeOf(messages: Iterable<Message>): MessageTree {
  const byId = new Map<string, Message>();
  for (const one of messages) byId.set(one.id, one);
  const following = new Map<string | null, Message[]>();
  for (const one of [...byId.values()].sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))) {
    const siblings = following.get(one.parentId);
    if (siblings) siblings.push(one);
    else following.set(one.parentId, [one]);
  }
  return { byId, following };
}

/** The same tree with messages put in; cheap for one that was there already, which is what a running answer sends. */
export function withMessages(tree: MessageTree, changed: readonly Message[]): MessageTree {
  if (changed.some((one) => !tree.byId.has(one.id))) return treeOf([...tree.byId.values(), ...changed]);
  const byId = new Map(tree.byId);
  const following = new Map(tree.following);
  for (const one of changed) {
    byId.set(one.id, one);
    following.set(one.parentId, following.get(one.parentId)!.map((sibling) => (sibling.id === one.id ? one : sibling)));
  }
  return { byId, following };
}

/** From the beginning to `leafId`, and on from there along the newest followers. Without a leaf: the newest way. */
export function branchOf(tree: MessageTree, leafId: string | null): Message[] {
  const way: Message[] = [];
  const seen = new Set<string>();
  for (let at = leafId === null ? undefined : tree.byId.get(leafId); at && !seen.has(at.id); at = at.parentId === null ? undefined : tree.byId.get(at.parentId)) {
    seen.add(at.id);
    way.push(at);
  }
  way.reverse();
  for (let next = tree.following.get(way.at(-1)?.id ?? null)?.at(-1); next && !seen.has(next.id); next = tree.following.get(next.id)?.at(-1)) {
    seen.add(next.id);
    way.push(next);
  }
  return way;
}

/** A message and those with the same parent, oldest first; the same list while none of them changes. */
export function siblingsOf(tree: MessageTree, message: Message): readonly Message[] | undefined {
  return tree.following.get(message.parentId);
}
