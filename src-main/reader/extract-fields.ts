// The fields of a schema from recognised pages: each looked up under its labels or by how it is written, checked against the
// schema, and sums against each other. What is not there stays empty. Knows schemas, not files.
import type { PageText } from '@contract/document.ts';
import type { ExtractedValue, Extraction, ExtractionChange, ExtractionProblem, ExtractionSchema, PlainField, SumRule } from '@contract/extraction.ts';
import type { Concept } from './concepts.ts';
import { extractRows } from './extract-rows.ts';
import { valueTypeOf, wordsOfName } from './extracted-value.ts';
import { conceptOf, findConcept, type FoundValue } from './find-values.ts';
import { labelForm } from './labels.ts';
import { readerPage, type ReaderPage } from './page-pieces.ts';
import { valuesIn } from './typed-values.ts';

/** The concept behind a field: what its name means, else its first hint that means something; hints are labels of their own. */
function conceptFor(field: PlainField): Concept {
  const words = wordsOfName(field.name);
  const meant = [words, ...field.hints].map(conceptOf).find((concept) => concept !== null) ?? null;
  return {
    id: meant?.id ?? words,
    type: field.type === 'text' && meant ? meant.type : valueTypeOf(field.type),
    labels: [...new Set([...field.hints, words, ...(meant?.labels ?? [])])],
    ...(meant?.behind && { behind: meant.behind }),
    ...(meant?.unless && { unless: meant.unless }),
  };
}

function toValue(page: ReaderPage, field: PlainField, found: FoundValue): ExtractedValue {
  const type = valueTypeOf(field.type);
  const typed = valuesIn(found.text, type).at(-1);
  const named = typed?.currency ?? (type === 'amount' && found.label ? valuesIn(`${found.label} 1`, 'amount')[0]?.currency : undefined);
  // The sign of yuan and yen is one; a page in kana means yen.
  const yen = named === 'CNY' && /[¥￥]/u.test(found.text) && page.lines.some((line) => /[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(line.text));
  const currency = yen ? 'JPY' : named;
  const choice = field.choices?.find((one) => labelForm(one) === labelForm(found.text));
  return {
    text: found.text, value: choice ?? typed?.value ?? found.text, currency: currency ?? field.currency ?? null, label: found.label, mark: 'found', by: ['reader'], read: null, other: null,
    places: found.parts.flatMap((part) => part.quads.map((quad) => ({ pageId: page.pageId, quad }))),
  };
}

/** A total may stand on the last page, a name on the first: the surest of all pages, the first among equals. */
function findField(pages: readonly ReaderPage[], field: PlainField): ExtractedValue | null {
  const concept = conceptFor(field);
  let best: { page: ReaderPage; found: FoundValue } | null = null;
  for (const page of pages) {
    const found = findConcept(page, concept, concept.id === 'address' ? 3 : 1);
    if (found && found.score >= 0.6 && found.score > (best?.found.score ?? 0) + 0.01) best = { page, found };
  }
  return best ? toValue(best.page, field, best.found) : null;
}

function problemOf(field: PlainField, name: string, value: ExtractedValue): ExtractionProblem | null {
  if (field.pattern !== undefined && !new RegExp(`^(?:${field.pattern})$`, 'u').test(String(value.value)) && !new RegExp(`^(?:${field.pattern})$`, 'u').test(value.text)) return { kind: 'pattern', field: name, detail: value.text };
  if (typeof value.value === 'number' && ((field.minimum !== undefined && value.value < field.minimum) || (field.maximum !== undefined && value.value > field.maximum))) return { kind: 'range', field: name, detail: value.text };
  if (field.currency !== undefined && value.currency !== null && value.currency !== field.currency) return { kind: 'currency', field: name, detail: value.currency };
  if (field.choices && !field.choices.includes(String(value.value))) return { kind: 'choice', field: name, detail: value.text };
  return null;
}

/** Checks values against their fields and sums against each other; marks what does not fit. Also for values that a person typed. */
export function checkExtraction(schema: ExtractionSchema, { fields, rows, model = null, otherRows = {}, problems: before = [] }: Pick<Extraction, 'fields' | 'rows'> & Partial<Extraction>): Extraction {
  // what does not follow from the values stays
  const problems: ExtractionProblem[] = before.filter(({ kind }) => kind === 'blank' || kind === 'cut');
  const marked = (field: PlainField, name: string, value: ExtractedValue | null): ExtractedValue | null => {
    const problem = value && problemOf(field, name, value);
    if (problem) problems.push(problem);
    if (!value || value.mark === 'typed') return value;
    if (value.mark === 'differs' || value.mark === 'not-on-page') {
      problems.push({ kind: 'unfounded', field: name, detail: value.text });
      return value;
    }
    return { ...value, mark: problem ? 'invalid' : value.mark === 'invalid' ? 'found' : value.mark };
  };
  const checkedFields: Extraction['fields'] = {}, checkedRows: Extraction['rows'] = {};
  for (const field of schema.fields) {
    const missing = field.type === 'rows' ? (rows[field.name] ?? []).length === 0 : !fields[field.name];
    if (field.required && missing) problems.push({ kind: 'missing', field: field.name, detail: '' });
    if (field.type === 'rows') {
      checkedRows[field.name] = (rows[field.name] ?? []).map((row) => Object.fromEntries(field.columns.map((column) => [column.name, marked(column, `${field.name}.${column.name}`, row[column.name] ?? null)])));
    } else checkedFields[field.name] = marked(field, field.name, fields[field.name] ?? null);
  }
  for (const rule of schema.sums) {
    const problem = sumProblem(rule, checkedFields, checkedRows);
    if (problem) problems.push(problem);
  }
  return { fields: checkedFields, rows: checkedRows, problems, model, otherRows };
}

/** The figure of a term; null when it is not on the page. */
function figureOf(term: string, fields: Extraction['fields'], rows: Extraction['rows']): number | null {
  const name = term.replace(/^-/, '');
  const sign = term.startsWith('-') ? -1 : 1;
  const [table, column] = name.split('.') as [string, string | undefined];
  if (column === undefined) {
    const value = fields[name]?.value;
    return typeof value === 'number' ? sign * value : null;
  }
  const figures = (rows[table] ?? []).map((row) => row[column]?.value);
  return figures.length > 0 && figures.every((figure) => typeof figure === 'number') ? sign * figures.reduce((sum, figure) => sum + figure, 0) : null;
}

function sumProblem(rule: SumRule, fields: Extraction['fields'], rows: Extraction['rows']): ExtractionProblem | null {
  const sumOf = (terms: readonly string[]): number | null => {
    const figures = terms.map((term) => figureOf(term, fields, rows));
    return figures.every((figure) => figure !== null) ? figures.reduce<number>((sum, figure) => sum + figure, 0) : null;
  };
  const left = sumOf(rule.left);
  const sums = rule.right.map((terms) => ({ terms, sum: sumOf(terms) })).filter((one): one is { terms: string[]; sum: number } => one.sum !== null);
  if (left === null || sums.length === 0 || sums.some(({ sum }) => Math.abs(sum - left) <= rule.tolerance + 1e-9)) return null;
  const nearest = sums.reduce((best, one) => (Math.abs(one.sum - left) < Math.abs(best.sum - left) ? one : best));
  const round = (figure: number): string => String(Math.round(figure * 100) / 100);
  return { kind: 'sum', field: `${rule.left.join(' + ')} = ${nearest.terms.join(' + ')}`, detail: `${round(left)} ≠ ${round(nearest.sum)}` };
}

/** What a person typed as a value of a field. Where the text is not of the field's type it stays a text. */
export function statedValue(field: PlainField, text: string): Pick<ExtractedValue, 'text' | 'value' | 'currency'> {
  const typed = valuesIn(text, valueTypeOf(field.type)).at(-1);
  return { text, value: field.choices?.find((choice) => labelForm(choice) === labelForm(text)) ?? typed?.value ?? text, currency: typed?.currency ?? field.currency ?? null };
}

/** The other reading in the place of the first, which stays at hand. */
function otherOf({ other, ...first }: ExtractedValue): ExtractedValue {
  return other ? { ...other, other: first } : { ...first, other };
}

/** A value after a person changed it, and everything that depends on it. */
export function changeValue(schema: ExtractionSchema, extraction: Extraction, change: ExtractionChange): Extraction {
  const { fields, rows, otherRows } = extraction;
  const { field: name, cell } = change;
  const field = schema.fields.find((one) => one.name === name);
  if (field?.type === 'rows' && cell === null) {
    const other = otherRows[name];
    return checkExtraction(schema, 'take' in change && other ? { ...extraction, rows: { ...rows, [name]: other }, otherRows: { ...otherRows, [name]: rows[name] ?? [] } } : extraction);
  }
  const plain: PlainField | undefined = field?.type === 'rows' ? field.columns.find((column) => column.name === cell?.column) : field;
  if (!plain) return checkExtraction(schema, extraction);
  const changed = (value: ExtractedValue | null): ExtractedValue | null => {
    if ('take' in change) return value && otherOf(value);
    const text = change.text.trim();
    return text === '' ? null : { ...statedValue(plain, text), places: [], label: null, mark: 'typed', by: [], read: null, other: null };
  };
  if (cell === null) return checkExtraction(schema, { ...extraction, fields: { ...fields, [name]: changed(fields[name] ?? null) } });
  const changedRows = (rows[name] ?? []).map((row, at) => (at === cell.row ? { ...row, [cell.column]: changed(row[cell.column] ?? null) } : row));
  return checkExtraction(schema, { ...extraction, rows: { ...rows, [name]: changedRows } });
}

/** `pages` are those of one document. */
export function extractFields(schema: ExtractionSchema, pages: readonly { pageId: string; index: number; text: PageText }[]): Extraction {
  const read = pages.map(({ pageId, index, text }) => readerPage(pageId, index, text));
  const fields: Extraction['fields'] = {}, rows: Extraction['rows'] = {};
  for (const field of schema.fields) {
    if (field.type === 'rows') rows[field.name] = extractRows(read, field);
    else fields[field.name] = findField(read, field);
  }
  const checked = checkExtraction(schema, { fields, rows });
  return read.every((page) => page.pieces.length === 0) ? { ...checked, problems: [{ kind: 'blank', field: '', detail: '' }, ...checked.problems] } : checked;
}
