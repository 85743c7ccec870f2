// Conversations: a tree of messages each, what they are about, and a trigram index over their text.
export const sql = /* sql */ `
CREATE TABLE conversations (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  folded_title TEXT NOT NULL,
  pinned INTEGER NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1)),
  leaf_id TEXT,
  answerer TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER
) STRICT;
CREATE INDEX conversations_latest ON conversations (pinned DESC, updated_at DESC) WHERE deleted_at IS NULL;
CREATE INDEX conversations_deleted ON conversations (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE messages (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  parent_id TEXT REFERENCES messages (id) ON DELETE CASCADE,
  role TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
  status TEXT NOT NULL CHECK (status IN ('streaming', 'complete', 'stopped', 'failed', 'interrupted')),
  text TEXT NOT NULL,
  raw TEXT,
  folded TEXT NOT NULL DEFAULT '',
  attachments TEXT NOT NULL DEFAULT '[]',
  groundings TEXT NOT NULL DEFAULT '[]',
  answerer TEXT,
  error TEXT,
  record TEXT,
  explanation TEXT NOT NULL DEFAULT '[]',
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX messages_of_conversation ON messages (conversation_id, seq);
CREATE INDEX messages_by_parent ON messages (parent_id);
CREATE INDEX messages_streaming ON messages (seq) WHERE status = 'streaming';

CREATE VIRTUAL TABLE message_search USING fts5 (folded, content = 'messages', content_rowid = 'seq', tokenize = 'trigram case_sensitive 1');
CREATE TRIGGER messages_added AFTER INSERT ON messages BEGIN
  INSERT INTO message_search (rowid, folded) VALUES (new.seq, new.folded);
END;
CREATE TRIGGER messages_removed AFTER DELETE ON messages BEGIN
  INSERT INTO message_search (message_search, rowid, folded) VALUES ('delete', old.seq, old.folded);
END;
CREATE TRIGGER messages_changed AFTER UPDATE OF folded ON messages BEGIN
  INSERT INTO message_search (message_search, rowid, folded) VALUES ('delete', old.seq, old.folded);
  INSERT INTO message_search (rowid, folded) VALUES (new.seq, new.folded);
END;
`;
