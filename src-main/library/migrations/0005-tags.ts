// Tags of documents: words that the user puts on them, as a JSON array.
export const sql = /* sql */ `
ALTER TABLE documents ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
`;
