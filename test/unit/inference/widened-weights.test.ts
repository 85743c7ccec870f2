// Blocks of 4 bits as columns of 8: every weight, in its place, within half a step of what it stood for. Catches exchanged halves of a byte, a scale
// of another block, the sign that a negative scale turns, and rows lost where pieces and groups of rows meet.
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { WidenedWeights, widenedBytes } from '../../../src-main/inference/widened-weights.ts';
import type { PackageTextLayer } from '../../../src-main/model/package-format.ts';
import { noise } from '../../helpers/run-graph.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'lectern-widened-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Two layers of two products and a vector, one after the other in a file. */
function write(file: string, shapes: readonly { rows: number; columns: number; block: number }[]) {
  const parts: Uint8Array[] = [];
  let end = 0;
  const place = (data: ArrayBufferView): number => {
    parts.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    end += data.byteLength;
    return end - data.byteLength;
  };
  const layers = [0, 1].map((layer) => {
    const products = shapes.map(({ rows, columns, block }, at) => {
      const scales = noise((rows * columns) / block, 17 + 2 * layer + at);
      if (at === 0) scales.fill(0, 0, columns / block); // a row of nothing
      const packed = Uint8Array.from({ length: (rows * columns) / 2 }, (_, i) => Math.imul(i + 1 + layer, 2654435761) >>> 24);
      return { packed, scales, integersAt: place(packed), scalesAt: place(scales) };
    });
    const vector = noise(24, 3 + layer);
    return { products, vector, vectorAt: place(vector) };
  });
  writeFileSync(file, Buffer.concat(parts));
  const description: PackageTextLayer = {
    graph: 'text-layer.onnx', data: path.basename(file),
    products: shapes.map((shape, at) => ({ integers: `p${at}/integers`, scales: `p${at}/scales`, ...shape })),
    vectors: [{ name: 'bias', length: 24 }],
    layers: layers.map(({ products, vectorAt }) => ({ integers: products.map((one) => one.integersAt), scales: products.map((one) => one.scalesAt), vectors: [vectorAt] })),
  };
  return { layers, description };
}

describe('widened weights', () => {
  const shapes = [{ rows: 304, columns: 256, block: 128 }, { rows: 48, columns: 12288, block: 32 }] as const;
  const file = path.join(folder, 'text.onnx.data');
  const { layers, description } = write(file, shapes);

  it('are the blocks\' weights, turned, for both layers at once', async () => {
    const weights = await WidenedWeights.open(file, description);
    const made = [await weights.layer(0), await weights.layer(1)];
    for (const [layer, inputs] of made.entries()) {
      expect(inputs['bias']!.data).toEqual(layers[layer]!.vector);
      for (const [at, { rows, columns, block }] of shapes.entries()) {
        const { packed, scales } = layers[layer]!.products[at]!;
        const [integers, rowScales] = [inputs[`p${at}/integers`]!, inputs[`p${at}/scales`]!];
        expect([integers.dims, rowScales.dims]).toEqual([[columns, rows], [rows]]);
        let worst = 0;
        let largest = 0;
        for (let row = 0; row < rows; row++) {
          for (let column = 0; column < columns; column++) {
            const byte = packed[(row * columns + column) >> 1]!;
            const expected = ((column % 2 ? byte >> 4 : byte & 15) - 8) * scales[Math.floor((row * columns + column) / block)]!;
            const integer = Number(integers.data[column * rows + row]);
            const step = Number(rowScales.data[row]);
            worst = Math.max(worst, step > 0 ? Math.abs(integer * step - expected) / step : Math.abs(integer) + Math.abs(expected));
            largest = Math.max(largest, Math.abs(integer));
          }
        }
        expect(worst).toBeLessThan(0.501);
        // two products of 255 and 64 are the most that 16 bits hold
        expect(largest).toBe(64);
      }
    }
    await weights.close();
    expect(widenedBytes(description)).toBeGreaterThan(2 * (304 * 256 + 48 * 12288));
  });

  it('of a file that is missing or ends too early are named', async () => {
    const cut = path.join(folder, 'cut.data');
    const { description: whole } = write(cut, shapes);
    truncateSync(cut, 100_000);
    await expect(WidenedWeights.open(cut, whole)).rejects.toMatchObject({ code: 'package-damaged', data: { file: 'cut.data' } });
    await expect(WidenedWeights.open(path.join(folder, 'none.data'), whole)).rejects.toMatchObject({ code: 'file-not-found' });
  });

  // such a description would read, or write, outside the vector code's memory
  it.each<[string, Partial<PackageTextLayer>]>([
    ['places are missing', { layers: description.layers.map((one) => ({ ...one, vectors: [] })) }],
    ['a product is no whole number of rows', { products: description.products.map((one) => ({ ...one, rows: one.rows - 1 })) }],
    ['blocks do not fill a row', { products: description.products.map((one) => ({ ...one, block: 96 })) }],
    ['a product is larger than the file', { products: description.products.map((one) => ({ ...one, rows: 16e9 })) }],
    ['a vector is larger than the file', { vectors: [{ name: 'bias', length: 1e12 }] }],
  ])('are refused when %s', async (_reason, change) => {
    await expect(WidenedWeights.open(file, { ...description, ...change })).rejects.toMatchObject({ code: 'package-damaged' });
  });
});
