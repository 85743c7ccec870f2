// What models there are and what they need: of packages on this machine, and of checkpoints before they are installed. Opens no weights.
import { statfs } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { JobInput, JobResult } from '@contract/job.ts';
import type { Job } from '../../base/job.ts';
import { freeMemoryBytes } from '../../inference/free-memory.ts';
import { forecastUsual } from '../../inference/memory-forecast.ts';
import { chooseProvider } from '../../inference/providers.ts';
import { forecastDownload } from '../../model/download.ts';
import { listPackages } from '../../model/store.ts';
import { forecastImport } from './compile-model.ts';
import { openModel } from './load-model.ts';

/** Free space where `folder` is, or will be. */
async function freeDiskBytes(folder: string): Promise<number> {
  for (let at = folder; ; at = dirname(at)) {
    const disk = await statfs(at).catch(() => null);
    if (disk) return disk.bavail * disk.bsize;
    if (dirname(at) === at) return 0;
  }
}

/** @throws what `forecastDownload` and opening a checkpoint throw */
export async function forecastModel(job: Job, { source, root }: JobInput<'forecast-model'>): Promise<JobResult<'forecast-model'>> {
  const free = { freeMemoryBytes: await freeMemoryBytes(), freeDiskBytes: await freeDiskBytes(root) };
  if (source.kind === 'folder') {
    const { diskBytes, memory } = await forecastImport({ folder: source.folder });
    return { name: basename(source.folder), downloadBytes: null, packageBytes: diskBytes, memory, ...free };
  }
  const { downloadBytes, packageBytes, outline } = await forecastDownload(job, source.repository, source.endpoint === undefined ? {} : { endpoint: source.endpoint });
  return { name: source.repository, downloadBytes, packageBytes, memory: forecastUsual(outline), ...free };
}

/** @throws runtime-missing */
export async function describeModels(_job: Job, { root }: JobInput<'describe-models'>): Promise<JobResult<'describe-models'>> {
  const { packages, broken } = await listPackages(root);
  const { provider, refused } = await chooseProvider();
  const free = await freeMemoryBytes();
  const open = openModel();
  return {
    models: packages.map(({ manifest, sizeBytes }) => {
      const { text, vision } = manifest.quantization;
      const loaded = open?.id === manifest.id ? open : null;
      const maxContextTokens = manifest.config.text.maxPositions;
      const forecast = forecastUsual(manifest);
      return { id: manifest.id, name: manifest.name, architecture: manifest.architecture, sizeBytes, weights: { text, vision }, maxContextTokens, forecast, fits: loaded !== null || forecast.totalBytes <= free, loaded };
    }),
    broken: broken.map(({ id, reason }) => ({ id, reason })),
    machine: { provider, refused: refused.map((one) => ({ ...one })), freeMemoryBytes: free },
  };
}
