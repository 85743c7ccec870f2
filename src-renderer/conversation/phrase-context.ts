// How a marked phrase reaches what it stands for: rendered Markdown is kept and shown again for other messages, so it may not hold a message itself.
import { createContext, type ReactNode } from 'react';

/** Bold and the like cut a phrase into pieces. */
export interface PhrasePiece { first: boolean; last: boolean }

/** What a piece of a marked phrase becomes. */
export type RenderPhrase = (id: number, piece: PhrasePiece, content: ReactNode) => ReactNode;

export const PhraseContext = createContext<RenderPhrase>((_id, _piece, content) => content);
