// The conversations as main reported them, and the messages of the one that is open. Knows nothing of how a question is written or shown.
import { create } from 'zustand';
import type { Conversation, ListedConversation, Message } from '@contract/conversation.ts';
import { request } from '../api.ts';
import { branchOf, noTree, treeOf, withMessages, type MessageTree } from './message-tree.ts';

interface ConversationState {
  /** Null until the list was asked for and has come. Pinned first, then the latest; with a search, only what it found. */
  listed: readonly ListedConversation[] | null;
  searchText: string;
  /** The open conversation; null is a new one that has no message yet. */
  openId: string | null;
  open: Conversation | null;
  /** The open conversation's messages are on their way. */
  loading: boolean;
  tree: MessageTree;
  /** The way through the tree that is shown. */
  branch: readonly Message[];
}

export const useConversations = create<ConversationState>(() => ({ listed: null, searchText: '', openId: null, open: null, loading: false, tree: noTree, branch: [] }));

let searchTimer: ReturnType<typeof setTimeout> | undefined;
const pauseMs = 120;

/** Asks for the list; the answer to an older search is dropped. */
export async function loadConversations(): Promise<void> {
  const { searchText } = useConversations.getState();
  const listed = await request('conversation.list', searchText.trim() === '' ? {} : { text: searchText.trim() });
  if (useConversations.getState().searchText === searchText) useConversations.setState({ listed });
}

export function searchConversations(searchText: string): void {
  useConversations.setState({ searchText });
  loadSoon();
}

function loadSoon(): void {
  clearTimeout(searchTimer);
  searchTimer = setTimeout(() => void loadConversations().catch(() => useConversations.setState({ listed: [] })), pauseMs);
}

/** Shows a conversation, or an empty new one. */
export async function showConversation(openId: string | null): Promise<void> {
  const before = useConversations.getState();
  if (openId === null) return useConversations.setState({ openId, open: null, loading: false, tree: noTree, branch: [] });
  if (before.openId === openId && !before.loading && before.open) return;
  useConversations.setState({ openId, open: null, loading: true, tree: noTree, branch: [] });
  try {
    const { conversation, messages } = await request('conversation.open', { conversationId: openId });
    if (useConversations.getState().openId !== openId) return;
    // News that came while the answer was on its way are newer than the answer.
    const tree = withMessages(treeOf(messages), [...useConversations.getState().tree.byId.values()]);
    useConversations.setState({ open: conversation, loading: false, tree, branch: branchOf(tree, conversation.leafId) });
  } catch (failure) {
    if (useConversations.getState().openId === openId) useConversations.setState({ openId: null, loading: false });
    throw failure;
  }
}

export function takeConversations(changed: readonly Conversation[]): void {
  const { openId, open, tree, listed } = useConversations.getState();
  const now = changed.find((one) => one.id === openId);
  if (now && open) useConversations.setState({ open: now, ...(now.leafId !== open.leafId && { branch: branchOf(tree, now.leafId) }) });
  if (listed) loadSoon();
}

export function dropConversations(ids: readonly string[]): void {
  const { openId, listed } = useConversations.getState();
  if (openId !== null && ids.includes(openId)) void showConversation(null);
  if (listed) useConversations.setState({ listed: listed.filter((one) => !ids.includes(one.id)) });
}

export function takeMessages(changed: readonly Message[]): void {
  useConversations.setState(({ openId, open, tree, branch }) => {
    const mine = changed.filter((one) => one.conversationId === openId);
    if (mine.length === 0) return {};
    const next = withMessages(tree, mine);
    if (!open) return { tree: next };
    const added = mine.some((one) => !tree.byId.has(one.id));
    return { tree: next, branch: added ? branchOf(next, open.leafId) : branch.map((one) => next.byId.get(one.id) ?? one) };
  });
}

/** The last answer of the way that is shown. */
export function latestAnswer(branch: readonly Message[]): Message | null {
  return branch.findLast((one) => one.role === 'assistant') ?? null;
}
