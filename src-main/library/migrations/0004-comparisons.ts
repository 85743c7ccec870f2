// Comparisons of documents or pages: each pair of pages with what changed between them and what was decided about it.
export const sql = /* sql */ `
CREATE TABLE comparisons (
  id TEXT PRIMARY KEY,
  before_document TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
  before_page TEXT,
  after_document TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
  after_page TEXT,
  status TEXT NOT NULL CHECK (status IN ('reading', 'comparing', 'done', 'stopped', 'failed')),
  error TEXT,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX comparisons_of ON comparisons (before_document, after_document);
CREATE INDEX comparisons_after ON comparisons (after_document);

CREATE TABLE comparison_pairs (
  comparison_id TEXT NOT NULL REFERENCES comparisons (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  before_page TEXT,
  before_index INTEGER,
  after_page TEXT,
  after_index INTEGER,
  moved INTEGER NOT NULL CHECK (moved IN (0, 1)),
  is_done INTEGER NOT NULL DEFAULT 0 CHECK (is_done IN (0, 1)),
  comparison TEXT,
  reviews TEXT NOT NULL DEFAULT '[]',
  error TEXT,
  PRIMARY KEY (comparison_id, position)
) STRICT;
`;
