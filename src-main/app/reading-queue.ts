// Decides what the engine does next: prepares documents and reads pages, looked-at ones first. The library holds the queue;
// here is only what is in flight. Stores each result before it tells anyone.
import type { ErrorCode, WireError } from '@contract/errors.ts';
import { AppError, isCancellation, toWireError } from '../base/errors.ts';
import { throwIfCancelled } from '../base/job.ts';
import { logFor } from '../base/log.ts';
import type { Changed, WorkToPrepare, WorkToRead } from '../library/methods.ts';
import type { Engine } from './engine-process.ts';
import type { Library } from './library-client.ts';
import type { Passwords } from './passwords.ts';

const log = logFor('reading-queue');

/** A page or document during which the engine died this often is not tried again by itself. */
const maxCrashes = 2;
/** Nothing is wrong with the page: the next one would fail the same way. */
const environmentErrors: ReadonlySet<ErrorCode> = new Set(['model-missing', 'model-file-damaged', 'runtime-missing', 'engine-not-ready', 'disk-full', 'write-failed', 'library-locked', 'library-corrupt']);

export interface QueueStatus {
  queued: number;
  paused: boolean;
  error: WireError | null;
}

export interface ReadingQueueOptions {
  library: Library;
  engine: Pick<Engine, 'run'>;
  passwords: Passwords;
  onChanged(changed: Changed): void;
  onStatus(status: QueueStatus): void;
}

type LaneName = 'prepare' | 'read';

/** Why a job in flight was stopped. */
type StopReason = 'by-user' | 'postponed';

class Lane {
  busy = false;
  /** Something may have been added while it was busy. */
  woken = false;
  /** Takes nothing new until `resume`. A pause by the user holds the reading only: pages still appear. */
  held = false;
  /** Settles with the work that the lane does now. */
  ended: Promise<void> = Promise.resolve();
}

interface Flight {
  controller: AbortController;
  reason: StopReason;
  /** Another job ran in the same engine at some time. */
  shared: boolean;
}

export class ReadingQueue {
  readonly #options: ReadingQueueOptions;
  readonly #reading = new Map<string, Flight & { documentId: string }>();
  readonly #preparing = new Map<string, Flight>();
  readonly #lanes = { prepare: new Lane(), read: new Lane() };
  #visible: readonly string[] = [];
  #preferred: readonly string[] = [];
  #stopped = false;
  #error: WireError | null = null;
  #queued = 0;
  /** Pages and documents in flight together when the engine died: while there are any, one job at a time, so that the next crash names its cause. */
  readonly #suspects = new Set<string>();
  #turn: Promise<void> = Promise.resolve();

  constructor(options: ReadingQueueOptions) {
    this.#options = options;
  }

  get status(): QueueStatus {
    return { queued: this.#queued, paused: this.#lanes.read.held || this.#lanes.prepare.held, error: this.#error };
  }

  /** There may be something to do. */
  wake(): void {
    void this.#countAgain();
    this.#start('prepare', () => this.#prepareNext());
    this.#start('read', () => this.#readNext());
  }

  /** The pages that the user sees now, the most important first. */
  look(pageIds: readonly string[]): void {
    this.#visible = pageIds;
    if (pageIds.length === 0) return;
    this.wake();
    void this.#makeWay();
  }

  /** A page that nobody looks at gives way to one that somebody waits for: a huge page takes minutes, the one in view seconds. */
  async #makeWay(): Promise<void> {
    const visible = this.#visible;
    const unseen = [...this.#reading].filter(([pageId]) => !visible.includes(pageId));
    if (unseen.length === 0 || (await this.#options.library.call('countWaiting', { pageIds: visible }).catch(() => 0)) === 0) return;
    for (const [, flight] of unseen) this.#abort(flight, 'postponed');
  }

  /** A document that the user opened before it had pages. */
  prefer(documentId: string): void {
    this.#preferred = [documentId];
  }

  async cancelPages(pageIds: readonly string[]): Promise<void> {
    const error = toWireError(new AppError('job-cancelled'));
    for (const pageId of pageIds) this.#abort(this.#reading.get(pageId), 'by-user');
    this.#options.onChanged(await this.#options.library.call('failPages', { pageIds, error }));
    await this.#countAgain();
  }

  /** Stops work on documents that were deleted; restoring them brings it back. */
  dropDocuments(documentIds: readonly string[]): void {
    for (const flight of this.#reading.values()) if (documentIds.includes(flight.documentId)) this.#abort(flight, 'postponed');
    for (const documentId of documentIds) this.#abort(this.#preparing.get(documentId), 'postponed');
    this.#suspects.clear();
    void this.#countAgain();
  }

  /** Stops a reading that is about to be asked for anew. */
  postpone(pageId: string): void {
    this.#abort(this.#reading.get(pageId), 'postponed');
  }

  pause(): void {
    this.#lanes.read.held = true;
    for (const flight of this.#reading.values()) this.#abort(flight, 'postponed');
    this.#tell();
  }

  resume(): void {
    this.#lanes.read.held = false;
    this.#lanes.prepare.held = false;
    this.#error = null;
    this.#tell();
    this.wake();
  }

  /** For the end of the program: nothing new starts, what runs goes back in line. Resolves when it is there; that needs the engine to stop or answer. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const flight of [...this.#reading.values(), ...this.#preparing.values()]) this.#abort(flight, 'postponed');
    await Promise.all([this.#lanes.prepare.ended, this.#lanes.read.ended]);
  }

  #abort(flight: Flight | undefined, reason: StopReason): void {
    if (!flight) return;
    flight.reason = reason;
    flight.controller.abort();
  }

  #tell(): void {
    if (!this.#stopped) this.#options.onStatus(this.status);
  }

  async #countAgain(): Promise<void> {
    if (this.#stopped) return;
    const queued = await this.#options.library.call('countUnread', null).catch(() => this.#queued);
    if (queued === this.#queued) return;
    this.#queued = queued;
    this.#tell();
  }

  #start(name: LaneName, next: () => Promise<boolean>): void {
    const lane = this.#lanes[name];
    lane.woken = true;
    if (!lane.busy) lane.ended = this.#run(name, lane, next);
  }

  /** Runs one lane until it has nothing to do. Waking a lane that is about to stop makes it look once more. */
  async #run(name: LaneName, lane: Lane, next: () => Promise<boolean>): Promise<void> {
    lane.busy = true;
    try {
      while (lane.woken) {
        lane.woken = false;
        while (!lane.held && !this.#stopped && (await this.#inTurn(next)));
      }
    } catch (error) {
      log('error', `the ${name} lane stopped`, error);
      this.#hold(name, toWireError(error));
    } finally {
      lane.busy = false;
    }
  }

  async #inTurn(next: () => Promise<boolean>): Promise<boolean> {
    if (this.#suspects.size === 0) return await next();
    const before = this.#turn;
    const mine = (async () => {
      await before;
      return await next();
    })();
    this.#turn = mine.then(
      () => {},
      () => {},
    );
    return await mine;
  }

  /** Nothing more of this kind, with the reason shown, until the user resumes. */
  #hold(name: LaneName, error: WireError): void {
    this.#error = error;
    this.#lanes[name].held = true;
    this.#tell();
  }

  async #prepareNext(): Promise<boolean> {
    const { library } = this.#options;
    const work = await library.call('nextToPrepare', { first: this.#preferred, except: [...this.#preparing.keys()] });
    if (!work || this.#stopped) return false;
    const flight: Flight = { controller: new AbortController(), reason: 'postponed', shared: false };
    this.#preparing.set(work.documentId, flight);
    this.#noteSharing();
    try {
      await this.#prepare(work, flight);
      return true;
    } finally {
      this.#preparing.delete(work.documentId);
    }
  }

  async #prepare(work: WorkToPrepare, flight: Flight): Promise<void> {
    const { library, engine, passwords, onChanged } = this.#options;
    const { documentId, path, format, outputFolder } = work;
    try {
      const { pages } = await this.#opened(documentId, (password) => engine.run('prepare-document', { path, format, outputFolder, ...password }, { documentId, signal: flight.controller.signal }));
      throwIfCancelled(flight.controller);
      onChanged(await library.call('savePrepared', { documentId, pages }));
      this.#suspects.delete(documentId);
      this.wake();
    } catch (error) {
      const wire = toWireError(error);
      if (environmentErrors.has(wire.code)) return this.#hold('prepare', wire);
      // Stopping the program ends the engine under a cancelled job: no crash of the job's.
      if (isCancellation(error) || flight.controller.signal.aborted) {
        // Deleted: nextToPrepare leaves it out. Paused: it stays first in line.
        if (flight.reason === 'postponed') return;
      } else if (wire.code === 'engine-stopped') {
        if (this.#blameLater(documentId, flight) || (await library.call('countDocumentCrash', { documentId })) < maxCrashes) return;
      }
      this.#suspects.delete(documentId);
      if (wire.code === 'pdf-encrypted') passwords.forget(documentId);
      onChanged({ documents: [await library.call('failDocument', { documentId, error: wire })], pages: [] });
    }
  }

  /** Runs a job with the document's password; without one, also with those that opened others. Throws as if none of these had been tried. */
  async #opened<T>(documentId: string, run: (password: { password?: string }) => Promise<T>): Promise<T> {
    const { library, passwords, onChanged } = this.#options;
    const own = passwords.of(documentId);
    try {
      const result = await run(own === undefined ? {} : { password: own });
      // A password that is new opens perhaps what was refused before.
      if (passwords.proved(documentId)) {
        onChanged(await library.call('tryLocked', { except: documentId }));
        this.wake();
      }
      return result;
    } catch (refusal) {
      const isLocked = (error: unknown): boolean => toWireError(error).code === 'pdf-encrypted';
      if (own !== undefined || !isLocked(refusal)) throw refusal;
      for (const password of passwords.known()) {
        try {
          const result = await run({ password });
          passwords.keep(documentId, password);
          return result;
        } catch (error) {
          if (!isLocked(error)) throw error;
        }
      }
      throw refusal;
    }
  }

  async #readNext(): Promise<boolean> {
    const { library, onChanged } = this.#options;
    const next = await library.call('takeNextPage', { first: this.#visible });
    if (!next) return false;
    const { work } = next;
    const flight: Flight & { documentId: string } = { controller: new AbortController(), reason: 'postponed', shared: false, documentId: work.documentId };
    this.#reading.set(work.pageId, flight);
    this.#noteSharing();
    onChanged(next.changed);
    // Paused while the page was being taken.
    if (this.#lanes.read.held || this.#stopped) flight.controller.abort();
    try {
      await this.#read(work, flight);
      return true;
    } finally {
      this.#reading.delete(work.pageId);
      await this.#countAgain();
    }
  }

  async #read(work: WorkToRead, flight: Flight): Promise<void> {
    const { library, engine, passwords, onChanged } = this.#options;
    const { pageId, documentId, path, format, index, rotation } = work;
    try {
      const text = await this.#opened(documentId, (password) => engine.run('read-page', { source: { path, format, pageIndex: index, ...password }, rotation }, { documentId, pageId, signal: flight.controller.signal }));
      // Asked for anew meanwhile: this result is not what is wanted.
      throwIfCancelled(flight.controller);
      onChanged(await library.call('savePageText', { pageId, text }));
      this.#suspects.delete(pageId);
    } catch (error) {
      const wire = toWireError(error);
      // Purged meanwhile: nobody waits for it.
      if (wire.code === 'page-not-found') return;
      const environment = environmentErrors.has(wire.code);
      const cancelled = isCancellation(error) || flight.controller.signal.aborted;
      const postponed = cancelled && flight.reason === 'postponed';
      const again = !cancelled && wire.code === 'engine-stopped' && (this.#blameLater(pageId, flight) || (await library.call('countPageCrash', { pageId })) < maxCrashes);
      if (environment || postponed || again) onChanged(await library.call('waitAgain', { pageIds: [pageId] }));
      else {
        this.#suspects.delete(pageId);
        const isLocked = wire.code === 'pdf-encrypted';
        if (isLocked) passwords.forget(documentId);
        // One password opens all pages: the others need not be tried to know that it is wanted.
        const pageIds = isLocked ? (await library.call('pagesOf', { documentId })).map((page) => page.id) : [pageId];
        onChanged(await library.call('failPages', { pageIds, error: wire }));
      }
      if (environment) this.#hold('read', wire);
    }
  }

  #noteSharing(): void {
    if (this.#reading.size === 0 || this.#preparing.size === 0) return;
    for (const flight of [...this.#reading.values(), ...this.#preparing.values()]) flight.shared = true;
  }

  /** True when the crash cannot be blamed on this job alone: it is tried again, with nothing beside it. */
  #blameLater(id: string, flight: Flight): boolean {
    if (flight.shared) this.#suspects.add(id);
    return flight.shared;
  }
}
