// A schema while it is being made: steps on its list of fields, sums as lines of text, and what is wrong with it where. Pure.
import { extractionSchema, type ExtractionField, type ExtractionSchema, type PlainField, type SumRule } from '@contract/extraction.ts';

export const emptyField: PlainField = { name: '', type: 'text', hints: [], required: false };

/** "total", then "total_2": names stand for one field each. */
export function freeName(name: string, taken: readonly { name: string }[]): string {
  if (!taken.some((one) => one.name === name)) return name;
  for (let number = 2; ; number++) if (!taken.some((one) => one.name === `${name}_${number}`)) return `${name}_${number}`;
}

export function replaced<T>(list: readonly T[], at: number, one: T): T[] {
  return list.map((other, index) => (index === at ? one : other));
}

export function moved<T>(list: readonly T[], at: number, to: number): T[] {
  if (to < 0 || to >= list.length) return [...list];
  const rest = list.filter((_, index) => index !== at);
  return [...rest.slice(0, to), list[at]!, ...rest.slice(to)];
}

/** A field as another type: what the new type has no use for is left out, so that nothing unseen contradicts it. */
export function retyped(field: ExtractionField, type: ExtractionField['type']): ExtractionField {
  const { name, hints, required } = field;
  if (type === 'rows') return { name, hints, required, type, columns: [{ ...emptyField, name: 'description' }, { ...emptyField, name: 'amount', type: 'amount' }] };
  const before: Partial<PlainField> = field.type === 'rows' ? {} : field;
  return {
    name, hints, required, type,
    ...(before.pattern !== undefined && { pattern: before.pattern }),
    ...(type === 'choice' && { choices: before.choices ?? [] }),
    ...((type === 'amount' || type === 'number') && { ...(before.minimum !== undefined && { minimum: before.minimum }), ...(before.maximum !== undefined && { maximum: before.maximum }) }),
    ...(type === 'amount' && before.currency !== undefined && { currency: before.currency }),
  };
}

const termsText = (terms: readonly string[]): string => terms.join(' + ').replaceAll('+ -', '- ');
const termsIn = (text: string): string[] => text.replaceAll('−', '-').replaceAll(/-\s*/g, '+ -').split('+').map((term) => term.trim()).filter((term) => term !== '');

/** `lines.amount = subtotal or total - discount` */
export function sumsText(sums: readonly SumRule[]): string {
  return sums.map(({ left, right }) => `${termsText(left)} = ${right.map(termsText).join(' or ')}`).join('\n');
}

export function sumsIn(text: string, before: readonly SumRule[]): SumRule[] {
  return text.split('\n').filter((line) => line.trim() !== '').map((line, at) => {
    const [left = '', right = ''] = line.split('=');
    return { left: termsIn(left), right: right.split(/\bor\b/).map(termsIn), tolerance: before[at]?.tolerance ?? 0.01 };
  });
}

/** What contradicts itself: said at a field, at a column of it, at the sums or at the schema. */
export interface DraftTrouble {
  readonly fields: ReadonlyMap<number, readonly string[]>;
  readonly sums: readonly string[];
  readonly name: readonly string[];
}

export function troubleIn(draft: ExtractionSchema): DraftTrouble | null {
  const parsed = extractionSchema.safeParse(draft);
  if (parsed.success) return null;
  const fields = new Map<number, string[]>();
  const rest = { sums: [] as string[], name: [] as string[] };
  for (const { path, message } of parsed.error.issues) {
    const [where, at] = path;
    if (where === 'fields' && typeof at === 'number') fields.set(at, [...new Set([...(fields.get(at) ?? []), sentence(draft, path, message)])]);
    else rest[where === 'sums' ? 'sums' : 'name'].push(where === 'fields' ? 'a schema has at least one field' : where === 'name' ? 'the schema needs a name' : where === 'sums' && !message.startsWith('a sum') ? 'a sum is written as: lines.amount = subtotal or total - discount' : message);
  }
  return { fields, ...rest };
}

/** zod's own sentences name no field; ours do. */
function sentence(draft: ExtractionSchema, path: readonly PropertyKey[], message: string): string {
  const field = draft.fields[path[1] as number];
  if (path.includes('name') && field) {
    const name = path[2] === 'columns' && field.type === 'rows' ? field.columns[path[3] as number]?.name : field.name;
    return name === '' ? 'the name is missing' : `“${name}”: ${message}`;
  }
  if (path.includes('columns') && path.length === 3) return 'a list of rows has at least one column';
  return message;
}
