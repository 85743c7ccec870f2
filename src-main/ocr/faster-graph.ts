// Rewrites the recognition and detection networks into an equal form that ONNX Runtime runs in about half the time. They were
// exported with activations and affine layers as chains of small operators, each of which walks over the whole picture
// again and makes the runtime rearrange it in memory. Knows patterns of operators only; what does not match stays as it is.
import { readFile } from 'node:fs/promises';
import { verifiedModelFile, type ModelFile } from './model-files.ts';
import { newNode, readOnnx, type GraphNode, type OnnxGraph, type Weights } from './onnx-graph.ts';

class Rewriter {
  readonly graph: OnnxGraph;
  #added = 0;

  constructor(graph: OnnxGraph) {
    this.graph = graph;
  }

  usersOf(tensor: string): GraphNode[] {
    return this.graph.nodes.filter((node) => node.inputs.includes(tensor));
  }

  /** The one node that uses a tensor, if it is of this kind and the tensor is no output of the graph. */
  onlyUser(tensor: string, op: string): GraphNode | null {
    const users = this.usersOf(tensor);
    return users.length === 1 && users[0]!.op === op && !this.graph.outputs.has(tensor) ? users[0]! : null;
  }

  weightsOf(tensor: string | undefined): Weights | null {
    return (tensor !== undefined && this.graph.weights.get(tensor)) || null;
  }

  /** The value of a constant of one element. */
  scalar(tensor: string | undefined): number | null {
    const weights = this.weightsOf(tensor);
    return weights && weights.data.length === 1 ? weights.data[0]! : null;
  }

  /** The constant partner of `tensor` in a node of two inputs. */
  partner(node: GraphNode, tensor: string): string | undefined {
    return node.inputs.find((input) => input !== tensor);
  }

  add(dims: readonly number[], data: Float32Array): string {
    const name = `lectern.${this.#added++}`;
    this.graph.weights.set(name, { dims, data });
    return name;
  }

  remove(...nodes: readonly GraphNode[]): void {
    this.graph.nodes = this.graph.nodes.filter((node) => !nodes.includes(node));
  }

  insertAfter(node: GraphNode, ...added: readonly GraphNode[]): void {
    this.graph.nodes.splice(this.graph.nodes.indexOf(node) + 1, 0, ...added);
  }

  /** The kernel `[out, in, height, width]` and the bias of a convolution with constant weights. */
  convolution(node: GraphNode): { kernel: Weights; bias: Float32Array } | null {
    const kernel = node.op === 'Conv' ? this.weightsOf(node.inputs[1]) : null;
    if (!kernel) return null;
    const given = node.inputs.length > 2 ? this.weightsOf(node.inputs[2]) : null;
    if (node.inputs.length > 2 && !given) return null;
    return { kernel, bias: given?.data ?? new Float32Array(kernel.dims[0]!) };
  }

  setConvolution(node: GraphNode, dims: readonly number[], kernel: Float32Array, bias: Float32Array): void {
    node.inputs = [node.inputs[0]!, this.add(dims, kernel), this.add([bias.length], bias)];
  }
}

/** conv → BatchNormalization becomes conv. */
function foldBatchNormalization(rewriter: Rewriter): void {
  for (const node of rewriter.graph.nodes.slice()) {
    const conv = rewriter.convolution(node);
    const norm = conv && rewriter.onlyUser(node.outputs[0]!, 'BatchNormalization');
    if (!conv || !norm) continue;
    const [scale, shift, mean, variance] = norm.inputs.slice(1).map((name) => rewriter.weightsOf(name)?.data);
    if (!scale || !shift || !mean || !variance) continue;
    const epsilon = Number(norm.attributes.get('epsilon') ?? 1e-5);
    const each = conv.kernel.data.length / scale.length;
    const factor = Float64Array.from(scale, (value, channel) => value / Math.sqrt(variance[channel]! + epsilon));
    rewriter.setConvolution(node, conv.kernel.dims, conv.kernel.data.map((value, at) => value * factor[Math.floor(at / each)]!), conv.bias.map((value, channel) => (value - mean[channel]!) * factor[channel]! + shift[channel]!));
    node.outputs = norm.outputs;
    rewriter.remove(norm);
  }
}

/** Mul by a number, then Add of a number. */
function affineAfter(rewriter: Rewriter, tensor: string): { scale: number; shift: number; output: string; nodes: GraphNode[] } | null {
  const mul = rewriter.onlyUser(tensor, 'Mul');
  const scale = mul && rewriter.scalar(rewriter.partner(mul, tensor));
  const add = mul && rewriter.onlyUser(mul.outputs[0]!, 'Add');
  const shift = mul && add && rewriter.scalar(rewriter.partner(add, mul.outputs[0]!));
  return scale !== null && shift !== null && mul && add ? { scale, shift, output: add.outputs[0]!, nodes: [mul, add] } : null;
}

/** conv → affine becomes conv. */
function foldAffineBehind(rewriter: Rewriter): void {
  for (const node of rewriter.graph.nodes.slice()) {
    const conv = rewriter.convolution(node);
    const affine = conv && affineAfter(rewriter, node.outputs[0]!);
    if (!conv || !affine) continue;
    rewriter.setConvolution(node, conv.kernel.dims, conv.kernel.data.map((value) => value * affine.scale), conv.bias.map((value) => value * affine.scale + affine.shift));
    node.outputs = [affine.output];
    rewriter.remove(...affine.nodes);
  }
}

/** Add 3 → Clip 0…6 → Mul → Div 6 becomes HardSigmoid → Mul, which the runtime fuses into the convolution before it. */
function nameHardSwish(rewriter: Rewriter): void {
  for (const node of rewriter.graph.nodes.slice()) {
    const conv = rewriter.convolution(node);
    if (!conv) continue;
    const x = node.outputs[0]!;
    const users = rewriter.usersOf(x);
    const add = users.find((user) => user.op === 'Add'), mul = users.find((user) => user.op === 'Mul');
    if (users.length !== 2 || !add || !mul || rewriter.scalar(rewriter.partner(add, x)) !== 3) continue;
    const clip = rewriter.onlyUser(add.outputs[0]!, 'Clip');
    if (!clip || !mul.inputs.includes(clip.outputs[0]!) || rewriter.scalar(clip.inputs[1]) !== 0 || rewriter.scalar(clip.inputs[2]) !== 6) continue;
    const div = rewriter.onlyUser(mul.outputs[0]!, 'Div');
    if (!div || div.inputs[0] !== mul.outputs[0] || rewriter.scalar(div.inputs[1]) !== 6) continue;
    rewriter.remove(add, clip, mul, div);
    const gate = `${x}.gate`;
    const product = newNode('Mul', [x, gate], [...div.outputs]);
    rewriter.insertAfter(node, newNode('HardSigmoid', [x], [gate], { alpha: 1 / 6, beta: 0.5 }), product);
    spreadAffine(rewriter, product, conv.kernel.dims[0]!);
  }
}

/**
 * An affine layer behind an activation goes into the convolutions that follow when they are pointwise. Where they pad, the
 * padding would have to change too: then it becomes a pointwise convolution of its own, which needs no rearranging.
 */
function spreadAffine(rewriter: Rewriter, product: GraphNode, channels: number): void {
  const tensor = product.outputs[0]!;
  const affine = affineAfter(rewriter, tensor);
  if (!affine) return;
  const { scale, shift, output } = affine;
  const users = rewriter.usersOf(output);
  const isPointwise = (node: GraphNode): boolean => {
    const conv = rewriter.convolution(node);
    return conv !== null && node.inputs[0] === output && conv.kernel.dims[2] === 1 && conv.kernel.dims[3] === 1 && (node.attributes.get('group') ?? 1) === 1 && !hasPadding(node);
  };
  rewriter.remove(...affine.nodes);
  if (users.every(isPointwise) && !rewriter.graph.outputs.has(output)) {
    for (const node of users) {
      const { kernel, bias } = rewriter.convolution(node)!;
      const each = kernel.data.length / bias.length;
      const sums = bias.map((_, out) => kernel.data.subarray(out * each, (out + 1) * each).reduce((sum, value) => sum + value, 0));
      rewriter.setConvolution(node, kernel.dims, kernel.data.map((value) => value * scale), bias.map((value, out) => value + shift * sums[out]!));
      node.inputs[0] = tensor;
    }
    return;
  }
  const kernel = rewriter.add([channels, 1, 1, 1], new Float32Array(channels).fill(scale)), bias = rewriter.add([channels], new Float32Array(channels).fill(shift));
  rewriter.insertAfter(product, newNode('Conv', [tensor, kernel, bias], [output], { group: channels, kernel_shape: [1, 1], strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1] }));
}

function hasPadding(node: GraphNode): boolean {
  const pads = node.attributes.get('pads');
  return Array.isArray(pads) && pads.some((pad: number) => pad !== 0);
}

/** x + x · gate becomes x · (gate + 1): the sum then is over the gate alone, one number a channel. */
function addOneToGates(rewriter: Rewriter): void {
  for (const mul of rewriter.graph.nodes.slice()) {
    if (mul.op !== 'Mul') continue;
    const gate = mul.inputs.find((input) => rewriter.graph.nodes.some((node) => node.op === 'HardSigmoid' && node.outputs[0] === input));
    const x = gate && rewriter.partner(mul, gate);
    const add = x && rewriter.onlyUser(mul.outputs[0]!, 'Add');
    if (!gate || !x || !add || !add.inputs.includes(x)) continue;
    const raised = `${gate}.raised`;
    const at = rewriter.graph.nodes.indexOf(mul);
    rewriter.graph.nodes.splice(at, 0, newNode('Add', [gate, rewriter.add([1], Float32Array.of(1))], [raised]));
    mul.inputs = [x, raised];
    mul.outputs = add.outputs;
    rewriter.remove(add);
  }
}

/**
 * The end of DB: two transposed convolutions of 2×2 with stride 2, which do not overlap. Each output pixel depends on one
 * input pixel only, so both become pointwise convolutions at the low resolution, and the pixels are dealt out once at the end.
 */
function flattenUpsampling(rewriter: Rewriter): void {
  const { graph } = rewriter;
  const isDouble = (node: GraphNode): boolean => {
    const kernel = rewriter.weightsOf(node.inputs[1]);
    return node.op === 'ConvTranspose' && node.inputs.length === 2 && kernel?.dims[2] === 2 && kernel.dims[3] === 2 && String(node.attributes.get('strides')) === '2,2' && !hasPadding(node) && (node.attributes.get('group') ?? 1) === 1;
  };
  const first = graph.nodes.find(isDouble);
  const add = first && rewriter.onlyUser(first.outputs[0]!, 'Add');
  const norm = add && rewriter.onlyUser(add.outputs[0]!, 'BatchNormalization');
  const relu = norm && rewriter.onlyUser(norm.outputs[0]!, 'Relu');
  const second = relu && rewriter.onlyUser(relu.outputs[0]!, 'ConvTranspose');
  const lastAdd = second && isDouble(second) && rewriter.onlyUser(second.outputs[0]!, 'Add');
  const sigmoid = lastAdd && rewriter.onlyUser(lastAdd.outputs[0]!, 'Sigmoid');
  if (!first || !add || !norm || !relu || !second || !lastAdd || !sigmoid) return;
  const wide = rewriter.weightsOf(first.inputs[1])!, narrow = rewriter.weightsOf(second.inputs[1])!;
  const bias = rewriter.weightsOf(rewriter.partner(add, first.outputs[0]!))?.data;
  const lastBias = rewriter.scalar(rewriter.partner(lastAdd, second.outputs[0]!));
  const [scale, shift, mean, variance] = norm.inputs.slice(1).map((name) => rewriter.weightsOf(name)?.data);
  if (!bias || lastBias === null || narrow.dims[1] !== 1 || !scale || !shift || !mean || !variance) return;
  const [inputs = 0, middle = 0] = wide.dims;
  const epsilon = Number(norm.attributes.get('epsilon') ?? 1e-5);
  // Channels of the first: (dy, dx, middle). Transposed kernels are [in, out, dy, dx].
  const kernelA = new Float32Array(4 * middle * inputs), biasA = new Float32Array(4 * middle);
  for (let corner = 0; corner < 4; corner++) {
    for (let out = 0; out < middle; out++) {
      const factor = scale[out]! / Math.sqrt(variance[out]! + epsilon);
      biasA[corner * middle + out] = (bias[out]! - mean[out]!) * factor + shift[out]!;
      for (let from = 0; from < inputs; from++) kernelA[(corner * middle + out) * inputs + from] = wide.data[(from * middle + out) * 4 + corner]! * factor;
    }
  }
  // Channels of the second: the pixel's place in a square of 4×4.
  const kernelB = new Float32Array(16 * 4 * middle);
  for (let corner = 0; corner < 4; corner++) {
    for (let inner = 0; inner < 4; inner++) {
      const row = 2 * (corner >> 1) + (inner >> 1), column = 2 * (corner & 1) + (inner & 1);
      for (let from = 0; from < middle; from++) kernelB[(row * 4 + column) * 4 * middle + corner * middle + from] = narrow.data[from * 4 + inner]!;
    }
  }
  const pointwise = { group: 1, kernel_shape: [1, 1], strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1] };
  const name = (part: string): string => `${sigmoid.outputs[0]!}.${part}`;
  rewriter.insertAfter(
    sigmoid,
    newNode('Conv', [first.inputs[0]!, rewriter.add([4 * middle, inputs, 1, 1], kernelA), rewriter.add([4 * middle], biasA)], [name('a')], pointwise),
    newNode('Relu', [name('a')], [name('b')]),
    newNode('Conv', [name('b'), rewriter.add([16, 4 * middle, 1, 1], kernelB), rewriter.add([16], new Float32Array(16).fill(lastBias))], [name('c')], pointwise),
    newNode('Sigmoid', [name('c')], [name('d')]),
    newNode('DepthToSpace', [name('d')], [...sigmoid.outputs], { blocksize: 4, mode: 'DCR' }),
  );
  rewriter.remove(first, add, norm, relu, second, lastAdd, sigmoid);
}

/** The same network in a form that runs faster. Outputs differ by rounding only (1e-6). */
export function fasterGraph(model: Uint8Array): Uint8Array {
  const rewriter = new Rewriter(readOnnx(model));
  foldBatchNormalization(rewriter);
  foldAffineBehind(rewriter);
  nameHardSwish(rewriter);
  addOneToGates(rewriter);
  flattenUpsampling(rewriter);
  return rewriter.graph.write();
}

/** A model file's network in its faster form, ready to open. @throws model-missing, model-file-damaged */
export async function fasterModel(file: ModelFile): Promise<Uint8Array> {
  return fasterGraph(await readFile(await verifiedModelFile(file)));
}
