// An answer that several jobs write, one section each: how the sections become one text, with their places. The window joins them while they are
// written and main when they are stored, so both agree here.
import { z } from 'zod';
import type { MessageGrounding } from './conversation.ts';

/** Which section of how many, and the heading above it. */
export const answerSectionPlace = z.object({ at: z.number().int().nonnegative(), of: z.number().int().positive(), heading: z.string() });
export type AnswerSectionPlace = z.infer<typeof answerSectionPlace>;

export interface AnswerSection {
  /** Null for an answer that has no sections. */
  readonly heading: string | null;
  readonly text: string;
  readonly groundings: MessageGrounding[];
}

/** One below the other; those without text are left out. */
export function joinedSections(sections: readonly AnswerSection[]): { text: string; groundings: MessageGrounding[] } {
  let text = '';
  const groundings: MessageGrounding[] = [];
  for (const one of sections) {
    if (one.text === '') continue;
    if (one.heading !== null) text += `${text === '' ? '' : '\n\n'}### ${one.heading}\n\n`;
    const offset = text.length;
    text += one.text;
    for (const grounding of one.groundings) groundings.push({ ...grounding, start: grounding.start + offset, end: grounding.end + offset });
  }
  return { text, groundings };
}
