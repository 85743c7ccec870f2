// The first schema: documents, pages, their recognised text, and a trigram index over its lines.
export const sql = /* sql */ `
CREATE TABLE facts (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE documents (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  file_name TEXT NOT NULL,
  format TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  content_hash TEXT NOT NULL UNIQUE,
  status TEXT NOT NULL CHECK (status IN ('preparing', 'ready', 'failed')),
  error TEXT,
  crashes INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  deleted_at INTEGER
) STRICT;
CREATE INDEX documents_preparing ON documents (seq) WHERE status = 'preparing';
CREATE INDEX documents_deleted ON documents (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE pages (
  id TEXT PRIMARY KEY,
  document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
  page_index INTEGER NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  rotation INTEGER NOT NULL DEFAULT 0,
  wanted_rotation INTEGER,
  status TEXT NOT NULL CHECK (status IN ('waiting', 'reading', 'read', 'failed')),
  error TEXT,
  crashes INTEGER NOT NULL DEFAULT 0,
  notes TEXT NOT NULL DEFAULT '[]',
  text TEXT,
  line_count INTEGER NOT NULL DEFAULT 0,
  confidence REAL,
  read_ms REAL,
  display_file TEXT,
  thumbnail_file TEXT NOT NULL,
  UNIQUE (document_id, page_index)
) STRICT;
CREATE INDEX pages_by_status ON pages (document_id, status);
CREATE INDEX pages_waiting ON pages (document_id, page_index) WHERE status = 'waiting';

CREATE TABLE lines (
  id INTEGER PRIMARY KEY,
  page_id TEXT NOT NULL REFERENCES pages (id) ON DELETE CASCADE,
  line_index INTEGER NOT NULL,
  text TEXT NOT NULL,
  folded TEXT NOT NULL
) STRICT;
CREATE INDEX lines_of_page ON lines (page_id, line_index);

CREATE VIRTUAL TABLE line_search USING fts5 (folded, content = 'lines', content_rowid = 'id', tokenize = 'trigram case_sensitive 1');
CREATE TRIGGER lines_added AFTER INSERT ON lines BEGIN
  INSERT INTO line_search (rowid, folded) VALUES (new.id, new.folded);
END;
CREATE TRIGGER lines_removed AFTER DELETE ON lines BEGIN
  INSERT INTO line_search (line_search, rowid, folded) VALUES ('delete', old.id, old.folded);
END;
CREATE TRIGGER lines_changed AFTER UPDATE OF folded ON lines BEGIN
  INSERT INTO line_search (line_search, rowid, folded) VALUES ('delete', old.id, old.folded);
  INSERT INTO line_search (rowid, folded) VALUES (new.id, new.folded);
END;
`;
