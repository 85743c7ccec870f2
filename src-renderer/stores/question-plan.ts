// What the question being written would send and take, as main works it out; asked for again a moment after anything changed. Stores nothing of the
// question itself.
import { create } from 'zustand';
import type { QuestionPlan } from '@contract/conversation.ts';
import type { WireError } from '@contract/errors.ts';
import type { RequestInput } from '@contract/requests.ts';
import { failureOf, request } from '../api.ts';

interface PlanState {
  /** Of the newest question that was counted; stays while a newer one is being counted. */
  plan: QuestionPlan | null;
  failure: WireError | null;
}

export const usePlan = create<PlanState>(() => ({ plan: null, failure: null }));

type Asked = RequestInput<'conversation.plan'>;

let timer: ReturnType<typeof setTimeout> | undefined;
let newest = 0;
let answererOfPlan = '';
/** Typing goes on for a moment; a count in between would only be thrown away. */
const pauseMs = 150;

/** Null: there is nothing to count. */
export function planSoon(asked: Asked | null): void {
  clearTimeout(timer);
  const mine = ++newest;
  const answerer = JSON.stringify(asked?.answerer ?? null);
  // Figures of another answerer are no stand-in.
  if (answerer !== answererOfPlan) usePlan.setState({ plan: null, failure: null });
  answererOfPlan = answerer;
  if (asked === null) return;
  timer = setTimeout(() => {
    request('conversation.plan', asked).then(
      (plan) => mine === newest && usePlan.setState({ plan, failure: null }),
      (failure: unknown) => mine === newest && usePlan.setState({ plan: null, failure: failureOf(failure) }),
    );
  }, pauseMs);
}
