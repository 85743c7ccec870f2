// Makes a package of an ONNX export: its graphs as they are, with what its configuration says. Runs nothing; the smoke run does.
import { constants as copyFlags } from 'node:fs';
import { copyFile, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { type Job, throwIfCancelled } from '../base/job.ts';
import { readCompanionConfig } from './companion-config.ts';
import type { OnnxExport } from './onnx-export.ts';
import { hashFile, type PackageFile, type PackageTarget, placePackage } from './package-files.ts';
import { formatVersion, type ExportVariant, type PackageManifest, type PackageOutline, type WeightType } from './package-format.ts';

/** What the variants' names stand for, in the words for our own packages. */
const weightsOf: Readonly<Record<ExportVariant, WeightType>> = { fp32: 'fp32', fp16: 'fp16', int8: 'int8', uint8: 'int8', quantized: 'int8', q4: 'int4', q4f16: 'int4', bnb4: 'int4' };

const graphsOf = ({ text, vision, embeddings }: OnnxExport): OnnxExport['text'][] => [text, vision, embeddings];

/** The package that an export becomes. */
export function outlineOf(source: OnnxExport): PackageOutline {
  const { text, vision } = source.config;
  return {
    config: { text, vision },
    quantization: { text: weightsOf[source.text.variant], lmHead: weightsOf[source.text.variant], vision: weightsOf[source.vision.variant], block: null, symmetric: true },
    embeddings: { graph: source.embeddings.file, rows: text.vocabSize, columns: text.hiddenSize },
    graphs: { text: source.text.file, textFast: null, vision: source.vision.file, textLayer: null },
    kvType: source.kvType,
    files: graphsOf(source).map(({ file, sizeBytes }) => ({ name: file, sizeBytes })),
  };
}

/** Bytes of its graphs and their weights. */
export function exportBytes(source: OnnxExport): number {
  return graphsOf(source).reduce((sum, graph) => sum + graph.sizeBytes, 0);
}

/**
 * Copies the export into `target.root/target.id`.
 * @throws package-exists, checkpoint-damaged, disk-insufficient, disk-full, write-failed, job-cancelled, and what the smoke run throws
 */
export async function packageExport(job: Job, source: OnnxExport, target: PackageTarget): Promise<PackageManifest> {
  const companion = await readCompanionConfig(source);
  const total = exportBytes(source);
  return await placePackage(job, target, total + (32 << 20), async (made) => {
    const weights = graphsOf(source).flatMap(({ files }) => files);
    const files: PackageFile[] = [];
    let done = 0;
    for (const path of [...weights, ...source.companions.map((name) => join(source.folder, name))]) {
      throwIfCancelled(job);
      const name = basename(path);
      await copyFile(path, join(made, name), copyFlags.COPYFILE_FICLONE);
      const sha256 = await hashFile(job, join(made, name), (bytes) => job.progress('writing', Math.min(0.97, (0.97 * (done += bytes)) / total), name));
      files.push({ name, sizeBytes: (await stat(join(made, name))).size, sha256 });
    }
    const { architecture } = source.config;
    // by their places in the export, which a later verification looks at
    const sourceFiles = weights.map((path) => ({ ...files.find(({ name }) => name === basename(path))!, name: relative(source.folder, path).split(sep).join('/') }));
    return {
      formatVersion, id: target.id, name: target.name ?? basename(source.folder), architecture,
      source: { name: basename(source.folder), files: sourceFiles },
      ...outlineOf(source),
      ...companion,
      files: files.sort((a, b) => (a.name < b.name ? -1 : 1)),
    };
  });
}
