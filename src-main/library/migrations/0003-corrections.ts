// Corrections: a log of steps for each page, apart from what was recognised, and the text that they make of it.
export const sql = /* sql */ `
CREATE TABLE corrections (
  page_id TEXT NOT NULL REFERENCES pages (id) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  correction TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  PRIMARY KEY (page_id, step)
) STRICT, WITHOUT ROWID;

-- How many of the steps count; those after it were undone and can be done again.
ALTER TABLE pages ADD COLUMN steps INTEGER NOT NULL DEFAULT 0;
-- What was recognised, with the steps that count; null when there are none.
ALTER TABLE pages ADD COLUMN corrected TEXT;
`;
