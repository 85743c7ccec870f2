// How the pictures of a question were sent for an answer: cut, turned, and how large.
export const sql = /* sql */ `
ALTER TABLE messages ADD COLUMN sent_as TEXT;
`;
