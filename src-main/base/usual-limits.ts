// What a question is given when nobody asks for more or less: the agreement between who plans a question and who answers it.

/** Tokens of one picture: more makes processors wait, less makes small print unreadable. */
export const usualImageTokens = 768;
/** Tokens of prompt and answer together, for models that were made for at least so many. */
export const usualContextTokens = 8192;
/** Room that is kept for an answer when a context is chosen by the length of the question. */
export const usualAnswerTokens = 1024;
