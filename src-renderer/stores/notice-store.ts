// Short messages that appear over the window and go away (toasts), and reports that stay until read. Knows no words of its own.
import { create } from 'zustand';
import type { ImportResult } from '@contract/requests.ts';

export type NoticeTone = 'plain' | 'good' | 'bad';

export interface Notice {
  id: number;
  tone: NoticeTone;
  text: string;
  action: { label: string; run(): void } | null;
  /** A newer notice about the same thing takes its place. */
  about: string | null;
}

interface NoticeState {
  notices: readonly Notice[];
  /** Refused files of the latest import, shown until closed. */
  refused: ImportResult['refused'];
}

export const useNotices = create<NoticeState>(() => ({ notices: [], refused: [] }));

let nextId = 1;
const timers = new Map<number, ReturnType<typeof setTimeout>>();
const shownAtOnce = 4;

/** How long a notice stays: longer texts and those with a button stay longer; bad news stay until closed. */
function stayMs(notice: Notice): number {
  if (notice.tone === 'bad') return Infinity;
  return notice.action ? 12_000 : 3_500 + notice.text.length * 40;
}

export function notify(text: string, options: { tone?: NoticeTone; action?: Notice['action']; about?: string } = {}): number {
  const notice: Notice = { id: nextId++, tone: options.tone ?? 'plain', text, action: options.action ?? null, about: options.about ?? null };
  useNotices.setState(({ notices }) => ({ notices: [...notices.filter((one) => one.text !== text && (one.about === null || one.about !== notice.about)), notice].slice(-shownAtOnce) }));
  resumeNotice(notice.id);
  return notice.id;
}

export function dismissNotice(id: number): void {
  holdNotice(id);
  useNotices.setState(({ notices }) => ({ notices: notices.filter((one) => one.id !== id) }));
}

/** While the pointer or the focus is on a notice it does not go away. */
export function holdNotice(id: number): void {
  clearTimeout(timers.get(id));
  timers.delete(id);
}

export function resumeNotice(id: number): void {
  const notice = useNotices.getState().notices.find((one) => one.id === id);
  if (!notice) return;
  const ms = stayMs(notice);
  if (ms === Infinity) return;
  holdNotice(id);
  timers.set(id, setTimeout(() => dismissNotice(id), ms));
}

export function showRefused(refused: ImportResult['refused']): void {
  useNotices.setState({ refused });
}
