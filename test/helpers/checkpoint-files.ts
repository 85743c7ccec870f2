// Bytes of small checkpoint files for tests: safetensors, and PyTorch shards with any pickle program. Independent of the readers under test.
export function safetensorsBytes(header: unknown, data: Uint8Array = new Uint8Array()): Buffer {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, data]);
}

/** A stored zip archive; `zip64` writes sizes and places into extra fields as archives over 4 GB do. */
export function zipBytes(entries: Readonly<Record<string, Uint8Array>>, options: { zip64?: boolean; method?: number } = {}): Buffer {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const [name, data] of Object.entries(entries)) {
    const title = Buffer.from(name);
    const padding = Buffer.alloc(11);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(title.length, 26);
    local.writeUInt16LE(padding.length, 28);
    const extra = Buffer.alloc(options.zip64 ? 28 : 0);
    if (options.zip64) {
      extra.writeUInt16LE(1, 0);
      extra.writeUInt16LE(24, 2);
      extra.writeBigUInt64LE(BigInt(data.length), 4);
      extra.writeBigUInt64LE(BigInt(data.length), 12);
      extra.writeBigUInt64LE(BigInt(at), 20);
    }
    const record = Buffer.alloc(46);
    record.writeUInt32LE(0x02014b50, 0);
    record.writeUInt16LE(options.method ?? 0, 10);
    record.writeUInt32LE(options.zip64 ? 0xffffffff : data.length, 20);
    record.writeUInt32LE(options.zip64 ? 0xffffffff : data.length, 24);
    record.writeUInt16LE(title.length, 28);
    record.writeUInt16LE(extra.length, 30);
    record.writeUInt32LE(options.zip64 ? 0xffffffff : at, 42);
    central.push(record, title, extra);
    parts.push(local, title, padding, Buffer.from(data));
    at += local.length + title.length + padding.length + data.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(options.zip64 ? 0xffffffff : directory.length, 12);
  end.writeUInt32LE(options.zip64 ? 0xffffffff : at, 16);
  if (!options.zip64) return Buffer.concat([...parts, directory, end]);
  const wide = Buffer.alloc(56);
  wide.writeUInt32LE(0x06064b50, 0);
  wide.writeBigUInt64LE(BigInt(directory.length), 40);
  wide.writeBigUInt64LE(BigInt(at), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(at + directory.length), 8);
  return Buffer.concat([...parts, directory, wide, locator, end]);
}

const text = (value: string): Buffer => Buffer.concat([Buffer.from([0x58]), Buffer.from(Uint32Array.of(Buffer.byteLength(value)).buffer), Buffer.from(value)]);
const int = (value: number): Buffer => Buffer.concat([Buffer.from([0x4a]), Buffer.from(Int32Array.of(value).buffer)]);
const global = (module: string, name: string): Buffer => Buffer.from(`c${module}\n${name}\n`);

/** Pickle opcodes by name, for programs written out in tests. */
export const pickle = {
  text, int, global,
  protocol: Buffer.from([0x80, 2]), mark: Buffer.from('('), tuple: Buffer.from('t'), emptyTuple: Buffer.from(')'), reduce: Buffer.from('R'), stop: Buffer.from('.'),
  dictionary: Buffer.from('}'), setItem: Buffer.from('s'), build: Buffer.from('b'), persistent: Buffer.from('Q'),
};

/** The pickle of `{name: tensor}` as torch.save writes a state dictionary with one tensor. */
export function stateDictionary(name: string, dims: readonly number[], options: { key?: string; offset?: number; strides?: readonly number[]; elements?: number; storage?: string } = {}): Buffer {
  const strides = options.strides ?? dims.map((_, axis) => dims.slice(axis + 1).reduce((product, dim) => product * dim, 1));
  const sizes = (values: readonly number[]): Buffer => Buffer.concat([pickle.mark, ...values.map(int), pickle.tuple]);
  return Buffer.concat([
    pickle.protocol, global('collections', 'OrderedDict'), pickle.emptyTuple, pickle.reduce, text(name),
    global('torch._utils', '_rebuild_tensor_v2'), pickle.mark,
    pickle.mark, text('storage'), global('torch', options.storage ?? 'FloatStorage'), text(options.key ?? '0'), text('cpu'), int(options.elements ?? 1000), pickle.tuple, pickle.persistent,
    int(options.offset ?? 0), sizes(dims), sizes(strides), Buffer.from([0x89]), global('collections', 'OrderedDict'), pickle.emptyTuple, pickle.reduce, pickle.tuple, pickle.reduce,
    pickle.setItem, pickle.stop,
  ]);
}
