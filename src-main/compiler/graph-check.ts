// Checks a finished graph before a byte of it is written: every name defined once and before its use, every node a legal form, every
// declared shape the produced one, every constant filled exactly once. Trusts nothing that the builder did.
import { AppError } from '../base/errors.ts';
import type { Constant, Graph, Value } from './graph.ts';
import { graphTypeSize } from './graph.ts';
import { produceOutputs } from './node-view.ts';

function invalid(graph: Graph, node: string, reason: string): AppError {
  return new AppError('graph-invalid', { graph: graph.name, node, reason });
}

function checkConstants(graph: Graph): void {
  const filled = new Set<Constant>();
  for (const fill of graph.fills) {
    for (const constant of fill.constants) {
      if (filled.has(constant)) throw invalid(graph, constant.name, 'filled twice');
      if (graph.constants.get(constant.name) !== constant) throw invalid(graph, constant.name, 'filled but not part of the graph');
      filled.add(constant);
    }
  }
  for (const constant of graph.constants.values()) {
    const size = constant.dims.reduce((product, dim) => product * dim, graphTypeSize[constant.type]);
    if (size !== constant.byteLength) throw invalid(graph, constant.name, `${constant.byteLength} bytes for [${constant.dims.join(', ')}] ${constant.type}`);
    if (constant.data && constant.data.byteLength !== size) throw invalid(graph, constant.name, 'its data has another length');
    if (!constant.data && !filled.has(constant)) throw invalid(graph, constant.name, 'nothing fills it');
    if (constant.data && filled.has(constant)) throw invalid(graph, constant.name, 'it has data and a fill');
  }
}

/** @throws graph-invalid naming the node or value */
export function checkGraph(graph: Graph): void {
  const known = new Map<string, Value>();
  const define = (value: Value, by: string): void => {
    if (!value.name) throw invalid(graph, by, 'a value without a name');
    if (known.has(value.name)) throw invalid(graph, by, `${value.name} is defined twice`);
    known.set(value.name, value);
  };
  for (const input of graph.inputs) define(input, 'inputs');
  for (const constant of graph.constants.values()) define(constant, 'constants');
  checkConstants(graph);
  const used = new Set<string>();
  const nodeNames = new Set<string>();
  for (const node of graph.nodes) {
    if (nodeNames.has(node.name)) throw invalid(graph, node.name, 'two nodes have this name');
    nodeNames.add(node.name);
    const produced = produceOutputs(node, known, graph.constants);
    for (const name of node.inputs) used.add(name);
    for (const [i, name] of node.outputs.entries()) if (name) define({ name, ...produced[i]! }, node.name);
  }
  for (const output of graph.outputs) {
    const value = known.get(output.name);
    if (!value) throw invalid(graph, output.name, 'an output that nothing produces');
    const differs = value.type !== output.type || value.dims.length !== output.dims.length
      || value.dims.some((dim, i) => typeof dim === 'number' && typeof output.dims[i] === 'number' && dim !== output.dims[i]);
    if (differs) throw invalid(graph, output.name, `declared ${output.type}[${output.dims.join(', ')}], produced ${value.type}[${value.dims.join(', ')}]`);
    used.add(output.name);
  }
  for (const name of [...graph.constants.keys(), ...graph.inputs.map((value) => value.name)]) {
    if (!used.has(name)) throw invalid(graph, name, 'nothing uses it');
  }
}
