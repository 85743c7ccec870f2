// A schema while it is being made: steps on its list of fields, what can be added up, and what is wrong with it where. Pure.
import { extractionSchema, type ExtractionField, type ExtractionSchema, type PlainField } from '@contract/extraction.ts';

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

/** The draft with another field in the place of one; what sums call it, and its columns, follows a new name that is nobody else's. */
export function withField(draft: ExtractionSchema, at: number, field: ExtractionField): ExtractionSchema {
  const before = draft.fields[at]!;
  const others = draft.fields.filter((_, index) => index !== at);
  const clear = ![before.name, field.name].some((name) => others.some((other) => other.name === name));
  const names = new Map<string, string>(clear ? [[before.name, field.name]] : []);
  if (before.type === 'rows' && field.type === 'rows' && clear) {
    const same = before.columns.length === field.columns.length;
    for (const [index, column] of before.columns.entries()) {
      const now = same ? field.columns[index]!.name : column.name;
      const alone = (columns: readonly PlainField[], name: string): boolean => columns.filter((one) => one.name === name).length < 2;
      if (alone(before.columns, column.name) && alone(field.columns, now)) names.set(`${before.name}.${column.name}`, `${field.name}.${now}`);
    }
  }
  const follow = (term: string): string => {
    const name = term.replace(/^-/, '');
    return (term.startsWith('-') ? '-' : '') + (names.get(name) ?? name);
  };
  return { ...draft, fields: replaced(draft.fields, at, field), sums: draft.sums.map((sum) => ({ ...sum, left: sum.left.map(follow), right: sum.right.map((terms) => terms.map(follow)) })) };
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

/** What can be added up: fields that are figures, and columns of them. */
export function figuresOf(draft: ExtractionSchema): string[] {
  const isFigure = ({ type }: ExtractionField): boolean => type === 'amount' || type === 'number';
  return draft.fields.flatMap((field) => (field.type === 'rows' ? field.columns.filter(isFigure).map((column) => `${field.name}.${column.name}`) : isFigure(field) ? [field.name] : []));
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
    else rest[where === 'sums' ? 'sums' : 'name'].push(where === 'fields' ? 'a schema has at least one field' : where === 'name' ? 'the schema needs a name' : where === 'sums' && !message.startsWith('a sum') ? 'a sum has a figure on both sides' : message);
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
