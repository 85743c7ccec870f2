// Installations of models in the making: download, then compile, one step after the other, with pause and resume. What is unfinished is
// remembered across starts. Knows jobs, not how they work.
import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { z } from 'zod';
import { modelInstall, modelSource } from '@contract/installed-models.ts';
import type { ModelInstall, ModelSource } from '@contract/installed-models.ts';
import { AppError, isCancellation, toWireError } from '../base/errors.ts';
import { logFor } from '../base/log.ts';
import type { Engine } from './engine-process.ts';
import type { Library } from './library-client.ts';
import type { Publisher } from './publisher.ts';

const log = logFor('model-installs');

export interface ModelInstallsOptions {
  library: Library;
  engine: Pick<Engine, 'run'>;
  publish: Publisher;
  modelsFolder: string;
  checkpointsFolder: string;
}

export interface ModelInstalls {
  list(): Promise<ModelInstall[]>;
  install(source: ModelSource): Promise<ModelInstall>;
  /** Throws install-not-found. */
  pause(installId: string): Promise<void>;
  resume(installId: string): Promise<void>;
  cancel(installId: string): Promise<void>;
  /** For the end of the program: what runs is paused at the next start. */
  leave(): void;
}

const factKey = 'model-installs';
const remembered = z.array(modelInstall.pick({ id: true, name: true }).extend({ source: modelSource, fraction: modelInstall.shape.fraction.default(0) }));

const nameOf = (source: ModelSource): string => (source.kind === 'folder' ? basename(source.folder) : source.repository);

export function createModelInstalls({ library, engine, publish, modelsFolder, checkpointsFolder }: ModelInstallsOptions): ModelInstalls {
  const installs = new Map<string, ModelInstall>();
  const running = new Map<string, AbortController>();
  let leaving = false;

  /** Those of earlier starts; read once. */
  let earlier: Promise<void> | null = null;
  const readEarlier = async (): Promise<void> => {
    const text = await library.call('fact', { key: factKey });
    for (const one of text === null ? [] : remembered.parse(JSON.parse(text))) installs.set(one.id, { ...one, state: 'paused', detail: '', error: null });
  };
  const ready = (): Promise<void> => (earlier ??= readEarlier());

  const tell = (): void => {
    if (!leaving) publish('model.changed', { installs: [...installs.values()] });
  };
  const remember = async (): Promise<void> => {
    await library.call('setFact', { key: factKey, value: JSON.stringify(remembered.parse([...installs.values()])) });
    tell();
  };
  const change = (installId: string, part: Partial<ModelInstall>): void => {
    const before = installs.get(installId);
    if (before) installs.set(installId, { ...before, ...part });
    tell();
  };
  const found = (installId: string): ModelInstall => {
    const one = installs.get(installId);
    if (!one) throw new AppError('install-not-found', { installId });
    return one;
  };

  const work = async ({ id, source }: ModelInstall): Promise<void> => {
    const controller = new AbortController();
    running.set(id, controller);
    const { signal } = controller;
    try {
      const watch = { signal, onProgress: (fraction: number, detail: string) => change(id, { fraction, detail }) };
      let folder: string;
      if (source.kind === 'repository') {
        change(id, { state: 'downloading', error: null });
        const { repository, endpoint } = source;
        ({ folder } = await engine.run('download-model', { repository, root: checkpointsFolder, ...(endpoint === undefined ? {} : { endpoint }) }, watch));
      } else ({ folder } = source);
      change(id, { state: 'compiling', fraction: 0, detail: '', error: null });
      await engine.run('compile-model', { folder, root: modelsFolder }, watch);
      installs.delete(id);
    } catch (error) {
      if (leaving || !installs.has(id)) return;
      if (isCancellation(error) || signal.aborted) change(id, { state: 'paused' });
      else {
        log('warn', 'an installation failed', error);
        change(id, { state: 'failed', error: toWireError(error) });
      }
    } finally {
      running.delete(id);
    }
    await remember();
  };
  const start = (install: ModelInstall): void => {
    work(install).catch((error: unknown) => log('error', 'the end of an installation was not stored', error));
  };

  return {
    async list() {
      await ready();
      return [...installs.values()];
    },
    async install(source) {
      await ready();
      const there = [...installs.values()].find((one) => JSON.stringify(one.source) === JSON.stringify(source));
      const install: ModelInstall = there ?? { id: randomUUID(), name: nameOf(source), source, state: source.kind === 'folder' ? 'compiling' : 'downloading', fraction: 0, detail: '', error: null };
      if (running.has(install.id)) return install;
      installs.set(install.id, install);
      await remember();
      start(install);
      return found(install.id);
    },
    async pause(installId) {
      await ready();
      found(installId);
      running.get(installId)?.abort();
    },
    async resume(installId) {
      await ready();
      const install = found(installId);
      if (!running.has(installId)) start(install);
    },
    async cancel(installId) {
      await ready();
      found(installId);
      installs.delete(installId);
      running.get(installId)?.abort();
      await remember();
    },
    leave() {
      leaving = true;
      // How far it is, for the list of the next start; a download itself knows what it has.
      if (running.size > 0) remember().catch((error: unknown) => log('warn', 'how far installations are was not stored', error));
      for (const controller of running.values()) controller.abort();
    },
  };
}
