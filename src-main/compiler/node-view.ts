// One node seen through the table of legal forms: resolves its inputs, asks the form what it produces, and names the node in every complaint.
import { AppError } from '../base/errors.ts';
import type { Constant, GraphNode, Value } from './graph.ts';
import { type NodeView, type Produced, opForms } from './op-forms.ts';

/** The int64 numbers of a constant that has its data at hand. */
function constantNumbers(constant: Constant): readonly number[] | null {
  if (constant.type !== 'int64' || !constant.data) return null;
  const view = new DataView(constant.data.buffer, constant.data.byteOffset, constant.data.byteLength);
  return Array.from({ length: constant.data.byteLength / 8 }, (_, i) => Number(view.getBigInt64(i * 8, true)));
}

/**
 * What `node` produces, one entry per named output.
 * @throws graph-invalid with the node's address when the node is not a legal form
 */
export function produceOutputs(node: GraphNode, values: ReadonlyMap<string, Value>, constants: ReadonlyMap<string, Constant>): Produced[] {
  const invalid = (reason: string): AppError => new AppError('graph-invalid', { node: node.name, op: node.op, reason });
  const form = Object.hasOwn(opForms, node.op) ? opForms[node.op] : undefined;
  if (!form || form.domain !== node.domain) throw invalid('no such operator in the table of legal forms');
  const [fewest, most] = form.inputs;
  if (node.inputs.length < fewest || node.inputs.length > most) throw invalid(`${node.inputs.length} inputs; ${fewest} to ${most} are legal`);
  for (const [name, attribute] of Object.entries(node.attributes)) {
    if (form.attributes[name] !== attribute.kind) throw invalid(`attribute ${name} is not legal as ${attribute.kind}`);
  }
  for (const name of form.required ?? []) if (!node.attributes[name]) throw invalid(`attribute ${name} is missing`);

  const optional = (index: number): Value | null => {
    const name = node.inputs[index];
    if (!name) return null;
    const value = values.get(name);
    if (!value) throw invalid(`input ${name} is defined nowhere before it`);
    return value;
  };
  const attribute = <T>(name: string): T | undefined => node.attributes[name]?.value as T | undefined;
  const view: NodeView = {
    optional,
    input(index) {
      const value = optional(index);
      if (!value) throw invalid(`input ${index} is missing`);
      return value;
    },
    int(name, fallback) {
      const value = attribute<number>(name) ?? fallback;
      if (value === undefined) throw invalid(`attribute ${name} is missing`);
      return value;
    },
    ints: (name) => attribute<readonly number[]>(name) ?? [],
    text: (name) => attribute<string>(name) ?? null,
    numbers(index) {
      const constant = constants.get(node.inputs[index] ?? '');
      return constant ? constantNumbers(constant) : null;
    },
    inputCount: node.inputs.length,
    outputCount: node.outputs.length,
  };
  for (let i = 0; i < node.inputs.length; i++) optional(i);
  let produced: readonly (Produced | null)[];
  try {
    produced = form.produce(view);
  } catch (error) {
    throw error instanceof AppError && error.data['node'] === undefined ? invalid(String(error.data['reason'])) : error;
  }
  return node.outputs.map((name, i) => {
    const one = produced[i];
    if (name && !one) throw invalid(`output ${i} is not legal`);
    return one ?? { type: 'float32', dims: [] };
  });
}
