// A pickle machine that can build numbers, text, tuples, lists, dictionaries and tensor descriptions, and nothing else. Any other
// global or opcode is `checkpoint-unsafe`: nothing from the file is ever called.
// @source CPython Lib/pickletools.py (opcode semantics, protocols 0-5)
import { AppError } from '../base/errors.ts';

/** A storage that the archive holds under `key`. */
export interface PickledStorage {
  readonly kind: 'storage';
  readonly storageType: string;
  readonly key: string;
  readonly elements: number;
}

/** A view on a storage, in elements. */
export interface PickledTensor {
  readonly kind: 'tensor';
  readonly storage: PickledStorage;
  readonly offset: number;
  readonly dims: readonly number[];
  readonly strides: readonly number[];
}

interface Global {
  readonly kind: 'global';
  readonly name: string;
}

export type PickleValue = null | boolean | number | string | PickleValue[] | Map<PickleValue, PickleValue> | PickledStorage | PickledTensor | Global;

const mark = Symbol('mark');

/** The globals that stand for something we build ourselves. */
const harmless = new Set(['collections.OrderedDict', 'torch._utils._rebuild_tensor_v2', 'torch._utils._rebuild_parameter']);
const storageName = /^torch\.(Double|Float|Half|BFloat16|Long|Int|Short|Char|Byte|Bool)Storage$/;

function isCounts(value: PickleValue | undefined): value is number[] {
  return Array.isArray(value) && value.every((one) => Number.isSafeInteger(one) && (one as number) >= 0);
}

function isKind<K extends 'storage' | 'tensor' | 'global'>(value: PickleValue | undefined, kind: K): value is Extract<PickleValue, { kind: K }> {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind;
}

/**
 * Runs the pickle program in `bytes`. `file` is only for messages.
 * @throws checkpoint-unsafe when it wants to build anything but tensors, checkpoint-damaged when it is broken
 */
export function readPickle(bytes: Uint8Array, file: string): PickleValue {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const damaged = (reason: string): AppError => new AppError('checkpoint-damaged', { file, reason: `pickle: ${reason}` });
  const unsafe = (what: string): AppError => new AppError('checkpoint-unsafe', { file, what });
  const stack: (PickleValue | typeof mark)[] = [];
  const memo = new Map<number, PickleValue>();
  let at = 0;

  const take = (length: number): number => {
    const start = at;
    if (length < 0 || start + length > bytes.length) throw damaged('ends too early');
    at += length;
    return start;
  };
  const byte = (): number => bytes[take(1)]!;
  const text = (length: number): string => {
    const start = take(length);
    return new TextDecoder().decode(bytes.subarray(start, start + length));
  };
  const line = (): string => {
    const end = bytes.indexOf(10, at);
    if (end < 0) throw damaged('an unended line');
    const value = text(end - at);
    at++;
    return value;
  };
  const pop = (): PickleValue => {
    const value = stack.pop();
    if (value === undefined || value === mark) throw damaged('nothing on the stack');
    return value;
  };
  const top = (): PickleValue => {
    const value = stack.at(-1);
    if (value === undefined || value === mark) throw damaged('nothing on the stack');
    return value;
  };
  const popMark = (): PickleValue[] => {
    const start = stack.lastIndexOf(mark);
    if (start < 0) throw damaged('no mark');
    const values = stack.splice(start);
    values.shift();
    return values as PickleValue[];
  };
  const recall = (id: number): PickleValue => {
    const value = memo.get(id);
    if (value === undefined) throw damaged('an unknown memo');
    return value;
  };
  const global = (name: string): Global => {
    if (!harmless.has(name) && !storageName.test(name)) throw unsafe(name);
    return { kind: 'global', name };
  };
  const setItems = (pairs: PickleValue[]): void => {
    const target = top();
    if (!(target instanceof Map) || pairs.length % 2) throw damaged('items for something that is no dictionary');
    for (let i = 0; i < pairs.length; i += 2) target.set(pairs[i]!, pairs[i + 1]!);
  };
  const word = (value: PickleValue): string => {
    if (typeof value !== 'string') throw damaged('a name that is no text');
    return value;
  };
  const append = (values: PickleValue[]): void => {
    const target = top();
    if (!Array.isArray(target)) throw damaged('elements for something that is no list');
    for (const value of values) target.push(value);
  };
  const integer = (length: number): number => {
    const start = take(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[start + i]!);
    if (length && bytes[start + length - 1]! & 0x80) value -= 1n << BigInt(8 * length);
    return Number(value);
  };
  const reduce = (callee: PickleValue, args: PickleValue): PickleValue => {
    if (!isKind(callee, 'global') || !Array.isArray(args)) throw damaged('a call of something that is no function');
    if (callee.name === 'collections.OrderedDict') {
      if (args.length) throw unsafe('OrderedDict with arguments');
      return new Map();
    }
    if (callee.name === 'torch._utils._rebuild_parameter') {
      if (!isKind(args[0], 'tensor')) throw damaged('a parameter without a tensor');
      return args[0];
    }
    const [storage, offset, dims, strides] = args;
    if (callee.name !== 'torch._utils._rebuild_tensor_v2') throw unsafe(`a call of ${callee.name}`);
    if (!isKind(storage, 'storage') || !isCounts([offset ?? null]) || !isCounts(dims) || !isCounts(strides) || dims.length !== strides.length) throw damaged('a tensor without a shape');
    return { kind: 'tensor', storage, offset: offset as number, dims, strides };
  };
  const persistent = (id: PickleValue): PickledStorage => {
    const [tag, type, key, , elements] = Array.isArray(id) ? id : [];
    if (tag !== 'storage' || !isKind(type, 'global') || !storageName.test(type.name) || typeof key !== 'string' || !isCounts([elements ?? null])) throw unsafe('a persistent object that is no storage');
    return { kind: 'storage', storageType: type.name, key, elements: elements as number };
  };

  for (;;) {
    const opcode = byte();
    switch (opcode) {
      case 0x80: take(1); break; // PROTO
      case 0x95: take(8); break; // FRAME
      case 0x28: stack.push(mark); break; // MARK
      case 0x4e: stack.push(null); break; // NONE
      case 0x88: stack.push(true); break; // NEWTRUE
      case 0x89: stack.push(false); break; // NEWFALSE
      case 0x4b: stack.push(byte()); break; // BININT1
      case 0x4d: stack.push(view.getUint16(take(2), true)); break; // BININT2
      case 0x4a: stack.push(view.getInt32(take(4), true)); break; // BININT
      case 0x8a: stack.push(integer(byte())); break; // LONG1
      case 0x47: stack.push(view.getFloat64(take(8), false)); break; // BINFLOAT
      case 0x58: stack.push(text(view.getUint32(take(4), true))); break; // BINUNICODE
      case 0x8c: stack.push(text(byte())); break; // SHORT_BINUNICODE
      case 0x54: stack.push(text(view.getInt32(take(4), true))); break; // BINSTRING
      case 0x55: stack.push(text(byte())); break; // SHORT_BINSTRING
      case 0x7d: stack.push(new Map()); break; // EMPTY_DICT
      case 0x5d: case 0x29: stack.push([]); break; // EMPTY_LIST, EMPTY_TUPLE
      case 0x74: stack.push(popMark()); break; // TUPLE
      case 0x85: stack.push([pop()]); break; // TUPLE1
      case 0x86: { const b = pop(); stack.push([pop(), b]); break; } // TUPLE2
      case 0x87: { const c = pop(); const b = pop(); stack.push([pop(), b, c]); break; } // TUPLE3
      case 0x61: { const value = pop(); append([value]); break; } // APPEND
      case 0x65: append(popMark()); break; // APPENDS
      case 0x73: { const value = pop(); const key = pop(); setItems([key, value]); break; } // SETITEM
      case 0x75: setItems(popMark()); break; // SETITEMS
      case 0x30: pop(); break; // POP
      case 0x71: memo.set(byte(), top()); break; // BINPUT
      case 0x72: memo.set(view.getUint32(take(4), true), top()); break; // LONG_BINPUT
      case 0x94: memo.set(memo.size, top()); break; // MEMOIZE
      case 0x68: stack.push(recall(byte())); break; // BINGET
      case 0x6a: stack.push(recall(view.getUint32(take(4), true))); break; // LONG_BINGET
      case 0x63: { const module = line(); stack.push(global(`${module}.${line()}`)); break; } // GLOBAL
      case 0x93: { const name = pop(); const module = pop(); stack.push(global(`${word(module)}.${word(name)}`)); break; } // STACK_GLOBAL
      case 0x52: { const args = pop(); stack.push(reduce(pop(), args)); break; } // REDUCE
      case 0x51: stack.push(persistent(pop())); break; // BINPERSID
      case 0x62: pop(); if (!(top() instanceof Map)) throw unsafe('state for an object'); break; // BUILD: a state dictionary's _metadata, dropped
      case 0x2e: return pop(); // STOP
      default: throw unsafe(`opcode 0x${opcode.toString(16)}`);
    }
  }
}
