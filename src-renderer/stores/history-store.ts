// What the user can take back and do again. Each step carries both directions; knows nothing of what the steps do.
import { create } from 'zustand';

export interface Step {
  /** What was done, as the menu and the notice name it: "Delete 2 documents". */
  label: string;
  undo(): Promise<void>;
  redo(): Promise<void>;
}

interface HistoryState { done: readonly Step[]; undone: readonly Step[] }

export const useHistory = create<HistoryState>(() => ({ done: [], undone: [] }));

const keptSteps = 100;

/** Remembers a step that has just been done. */
export function remember(step: Step): void {
  useHistory.setState(({ done }) => ({ done: [...done, step].slice(-keptSteps), undone: [] }));
}

/** Takes back `step`, or the latest one. A step that fails stays where it was. */
export async function undo(step?: Step): Promise<Step | null> {
  const chosen = step ?? useHistory.getState().done.at(-1);
  if (!chosen || !useHistory.getState().done.includes(chosen)) return null;
  await chosen.undo();
  useHistory.setState(({ done, undone }) => ({ done: done.filter((one) => one !== chosen), undone: [...undone, chosen] }));
  return chosen;
}

export async function redo(): Promise<Step | null> {
  const chosen = useHistory.getState().undone.at(-1);
  if (!chosen) return null;
  await chosen.redo();
  useHistory.setState(({ done, undone }) => ({ done: [...done, chosen], undone: undone.filter((one) => one !== chosen) }));
  return chosen;
}
