// What a model said differs between the two pages of a pair.
export const sql = /* sql */ `
ALTER TABLE comparison_pairs ADD COLUMN model_view TEXT;
`;
