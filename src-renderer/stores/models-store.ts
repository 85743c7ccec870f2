// The models on this machine and those being installed, asked for when something shows them and kept current by events.
import { create } from 'zustand';
import type { InstalledModel, ModelForecast, ModelInstall, ModelSource, ModelsDescription } from '@contract/installed-models.ts';
import { failureOf, request } from '../api.ts';
import { errorLine } from '../ui/error-sentences.ts';
import { notify } from './notice-store.ts';
import { reportFailure } from './report-failure.ts';

interface ModelsState {
  /** Null until asked for and answered. */
  description: ModelsDescription | null;
  installs: readonly ModelInstall[];
  /** Models that are being opened, given back or removed now. */
  busy: ReadonlySet<string>;
}

export const useModels = create<ModelsState>(() => ({ description: null, installs: [], busy: new Set() }));

let asking: Promise<void> | null = null;

/** Asks what there is; several callers of one moment share the answer. */
export function loadModels(): Promise<void> {
  asking ??= request('model.list', {})
    .then(({ installs, ...description }) => useModels.setState({ description, installs }))
    .finally(() => { asking = null; });
  return asking;
}

/** Progress of installations; one that is no longer among them is done or was cancelled. */
export function takeInstalls(installs: readonly ModelInstall[]): void {
  const before = useModels.getState();
  useModels.setState({ installs });
  const ended = before.installs.filter((one) => !installs.some((other) => other.id === one.id));
  if (ended.length > 0) void loadModels().catch(reportFailure);
}

async function busyWith(id: string, work: () => Promise<unknown>): Promise<boolean> {
  useModels.setState(({ busy }) => ({ busy: new Set([...busy, id]) }));
  try {
    await work();
    await loadModels();
    return true;
  } catch (failure) {
    reportFailure(failure);
    return false;
  } finally {
    useModels.setState(({ busy }) => ({ busy: new Set([...busy].filter((one) => one !== id)) }));
  }
}

export function loadModel(model: InstalledModel): Promise<boolean> {
  return busyWith(model.id, () => request('model.load', { modelId: model.id }));
}

export function unloadModel(model: InstalledModel): Promise<boolean> {
  return busyWith(model.id, () => request('model.unload', {}));
}

export async function removeModel(model: InstalledModel): Promise<void> {
  if (await busyWith(model.id, () => request('model.remove', { modelId: model.id }))) notify(`“${model.name}” was removed.`, { tone: 'good' });
}

/** The system's dialog; null when the user closed it. */
export async function chooseModelFolder(): Promise<ModelSource | null> {
  try {
    const chosen = await request('model.choose-folder', {});
    return chosen && { kind: 'folder', folder: chosen.folder };
  } catch (failure) {
    reportFailure(failure);
    return null;
  }
}

/** OWNER/NAME, or its page's address: on Hugging Face, or on a mirror with the same addresses. */
export function repositoryOf(text: string): ModelSource | null {
  const [, server, repository] = /^(https?:\/\/[^/\s]+\/)?([\w.-]+\/[\w.-]+?)(?:\/(?:tree|blob)\/.*)?\/?$/.exec(text.trim()) ?? [];
  if (repository === undefined) return null;
  const isUsual = server === undefined || /^https:\/\/(www\.)?huggingface\.co\/$/.test(server);
  return { kind: 'repository', repository, ...(isUsual ? {} : { endpoint: server.replace(/\/$/, '') }) };
}

/** What installing will take, or why it cannot be installed. */
export async function forecastModel(source: ModelSource): Promise<{ forecast: ModelForecast } | { refused: string }> {
  return request('model.forecast', { source }).then((forecast) => ({ forecast }), (failure: unknown) => ({ refused: errorLine(failureOf(failure)) }));
}

export async function installModel(source: ModelSource): Promise<boolean> {
  try {
    const install = await request('model.install', { source });
    useModels.setState(({ installs }) => ({ installs: [...installs.filter((one) => one.id !== install.id), install] }));
    return true;
  } catch (failure) {
    reportFailure(failure);
    return false;
  }
}

export async function changeInstall(how: 'pause' | 'resume' | 'cancel', installId: string): Promise<void> {
  await request(`model.${how}`, { installId }).catch(reportFailure);
}
