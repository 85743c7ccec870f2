// The question to a model that is shown two versions of a page. What becomes of the answer is said by compare/named-changes.ts.

/** Of the answers asked for, the form that all generations can give boxes in: JSON, each place with the number of its picture. */
export const changeQuestion = `Picture 1 and Picture 2 show the same page; Picture 1 is the earlier version. What differs? Ignore noise, light and the position of the page.
Answer with a JSON list, one object for every difference and nothing else:
[{"change": "what changed, in a few words", "before": {"image": 1, "text": "what stands there on Picture 1, empty if nothing", "bbox_2d": [x1, y1, x2, y2]}, "after": {"image": 2, "text": "what stands there on Picture 2, empty if nothing", "bbox_2d": [x1, y1, x2, y2]}}]
If nothing differs, answer [].`;

/** Enough for some twenty changes. */
export const changeAnswerTokens = 2000;
