// What was taken out of documents by a schema, with what people changed in it, and the schemas that people made.
export const sql = /* sql */ `
CREATE TABLE extraction_schemas (
  name TEXT PRIMARY KEY,
  definition TEXT NOT NULL
) STRICT;

CREATE TABLE extractions (
  document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
  schema_name TEXT NOT NULL,
  definition TEXT NOT NULL,
  extraction TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (document_id, schema_name)
) STRICT;
`;
