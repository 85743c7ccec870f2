// @vitest-environment happy-dom
// The window's memory: what it shows follows main's facts, whatever order requests and events arrive in.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectStores } from '../../../src-renderer/stores/connect.ts';
import { clearSelection, currentLines, moveSelection, openDocument, openPage, pick, revealOnPage, setViewport, useDesk } from '../../../src-renderer/stores/desk-store.ts';
import { closeFind, findInDocument, findNext, showLineWhenReady, useFind } from '../../../src-renderer/stores/find-store.ts';
import { useHistory } from '../../../src-renderer/stores/history-store.ts';
import { deleteDocuments, importPaths, redoLast, undoLast } from '../../../src-renderer/stores/library-actions.ts';
import { dropDocuments, markOnly, markTo, markedDocuments, toggleMark, useLibrary } from '../../../src-renderer/stores/library-store.ts';
import { useLayout } from '../../../src-renderer/stores/layout-store.ts';
import { useNotices } from '../../../src-renderer/stores/notice-store.ts';
import { exportTargets, textToCopy } from '../../../src-renderer/stores/page-actions.ts';
import { dropPagesOf, usePages } from '../../../src-renderer/stores/page-store.ts';
import { followJob, useReading } from '../../../src-renderer/stores/reading-store.ts';
import { changeSettings, useSettings } from '../../../src-renderer/stores/settings-store.ts';
import { settings } from '@contract/settings.ts';
import type { JobMoment } from '@contract/job.ts';
import { documentNamed, pageNamed, Refusal, settled, standInForMain, type StandIn } from './main-stand-in.ts';
import { lineAt, pageOf } from './page-fixture.ts';

let main: StandIn;
let letGo = (): void => {};
const [a, b, c] = [documentNamed('a'), documentNamed('b', { pageCount: 3, readCount: 3 }), documentNamed('c')];
const text = pageOf([lineAt('alpha beta', 100, 100), lineAt('gamma', 100, 130)]);

beforeEach(async () => {
  main = standInForMain({
    'document.list': () => [a, b, c],
    'page.list': ({ documentId }) => (documentId === 'b' ? [0, 1, 2].map((index) => pageNamed(`b${index}`, 'b', index)) : [pageNamed(`${documentId}0`, documentId, 0)]),
    'page.text': () => text,
  });
  letGo = connectStores();
  setViewport({ width: 600, height: 800 });
  await vi.waitUntil(() => useDesk.getState().documentId === 'a');
  await settled();
});

afterEach(() => {
  letGo();
  openDocument(null);
  const ids = [...useLibrary.getState().byId.keys(), 'a', 'b', 'c'];
  dropDocuments(ids);
  dropPagesOf(ids);
  useLibrary.setState({ loaded: false });
  usePages.setState({ texts: new Map(), byDocument: new Map() });
  useNotices.setState({ notices: [], refused: [] });
  useHistory.setState({ done: [], undone: [] });
  useLayout.setState({ dialog: null });
});

describe('opening', () => {
  it('opens the newest document at the start, asks for its text and tells main what is looked at', () => {
    expect(useDesk.getState().documentId).toBe('a');
    expect(currentLines().lines.map(({ line }) => line.text)).toEqual(['alpha beta', 'gamma']);
    expect(main.asked).toContainEqual({ name: 'page.visible', input: { pageIds: ['a0'] } });
  });

  it('a page that is read while it is open gets its text, and an older selection does not survive', async () => {
    openDocument('c');
    await settled();
    pick({ line: 1 }, 'only', 'page');
    main.answers['page.text'] = () => pageOf([lineAt('fresh', 0, 0)]);
    main.send('page.changed', { pages: [pageNamed('c0', 'c', 0, { readMs: 9 })] });
    await settled();
    expect(currentLines().lines.map(({ line }) => line.text)).toEqual(['fresh']);
    expect(useDesk.getState().selection.lines.size).toBe(0);
  });

  it('stays inside the document however far one pages', async () => {
    openDocument('b');
    await settled();
    openPage(99);
    expect(useDesk.getState().pageIndex).toBe(2);
    openPage(-5);
    expect(useDesk.getState().pageIndex).toBe(0);
  });

  it('an event that breaks the contract changes nothing', () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => {});
    main.send('document.changed', { documents: [{ ...a, title: 7 } as never] });
    expect(useLibrary.getState().byId.get('a')?.title).toBe('a');
    expect(said).toHaveBeenCalledOnce();
    said.mockRestore();
  });
});

describe('deleting', () => {
  // The event may come before the answer: the neighbour has to be opened either way, and only once.
  it.each(['event first', 'answer first'])('opens the neighbour and can be taken back and done again (%s)', async (order) => {
    main.answers['document.delete'] = ({ documentIds }) => {
      if (order === 'event first') main.send('document.removed', { documentIds });
      return {};
    };
    main.answers['document.restore'] = () => [a];
    await deleteDocuments(['a']);
    if (order === 'answer first') main.send('document.removed', { documentIds: ['a'] });
    expect(useDesk.getState().documentId).toBe('b');
    expect(useLibrary.getState().documents.map((one) => one.id)).toEqual(['b', 'c']);
    expect(useNotices.getState().notices[0]?.action?.label).toBe('Undo');

    await undoLast();
    expect(useLibrary.getState().documents.map((one) => one.id)).toEqual(['a', 'b', 'c']);
    expect(useDesk.getState().documentId).toBe('a');
    await redoLast();
    expect(useLibrary.getState().byId.has('a')).toBe(false);
  });

  it('the last one gone leaves an empty desk', async () => {
    main.answers['document.delete'] = () => ({});
    await deleteDocuments(['a', 'b', 'c']);
    expect(useDesk.getState().documentId).toBeNull();
    expect(useNotices.getState().notices[0]?.text).toBe('3 documents deleted.');
  });

  it('a refusal keeps everything and says why', async () => {
    main.answers['document.delete'] = () => { throw new Refusal({ code: 'disk-full', data: {}, message: '' }); };
    await deleteDocuments(['a']);
    expect(useLibrary.getState().byId.has('a')).toBe(true);
    expect(useNotices.getState().notices[0]).toMatchObject({ tone: 'bad' });
    expect(useHistory.getState().done).toEqual([]);
  });
});

describe('marking', () => {
  it('extends from the anchor as the list shows it, and toggles one', () => {
    markOnly('c');
    markTo('a');
    expect(markedDocuments().map((one) => one.id)).toEqual(['a', 'b', 'c']);
    toggleMark('b');
    expect(markedDocuments().map((one) => one.id)).toEqual(['a', 'c']);
  });
});

describe('importing', () => {
  const refusal = (fileName: string) => ({ fileName, path: `/x/${fileName}`, error: { code: 'file-empty', data: {}, message: '' } as const });

  it('one refused file is a sentence, several are a list', async () => {
    main.answers['document.import'] = () => ({ documents: [], alreadyThere: [], refused: [refusal('a.png')], cancelled: false });
    await importPaths(['/x']);
    expect(useNotices.getState().notices.at(-1)?.text).toContain('“a.png” is empty.');
    expect(useLayout.getState().dialog).toBeNull();

    main.answers['document.import'] = () => ({ documents: ['c'], alreadyThere: [], refused: [refusal('a.png'), refusal('b.png')], cancelled: false });
    await importPaths(['/x']);
    expect(useLayout.getState().dialog).toBe('refused');
    expect(useNotices.getState().refused).toHaveLength(2);
    expect(useDesk.getState().documentId).toBe('c');
  });

  it('a folder without pictures says so', async () => {
    main.answers['document.import'] = () => ({ documents: [], alreadyThere: [], refused: [], cancelled: false });
    await importPaths(['/x']);
    expect(useNotices.getState().notices.at(-1)?.text).toBe('No pictures were found there.');
  });
});

describe('progress', () => {
  it('a later job for the same page is not ended by an earlier one', () => {
    const hear: ((moment: JobMoment) => void)[] = [];
    const job = { onMoment: (listener: (moment: JobMoment) => void) => void hear.push(listener), cancel: () => {} };
    followJob('1', 'p', null, job);
    followJob('2', 'p', null, job);
    hear[1]!({ type: 'progress', stage: 'recognising', fraction: 0.5 });
    hear[0]!({ type: 'done' });
    expect(useReading.getState().pages.get('p')).toEqual({ jobId: '2', documentId: null, stage: 'recognising', fraction: 0.5 });
    hear[1]!({ type: 'done' });
    expect(useReading.getState().pages.has('p')).toBe(false);
  });

  // The engine was killed: its port says nothing more, but the page's row does.
  it('a failed page has no progress left behind', () => {
    followJob('3', 'c0', 'c', { onMoment: () => {}, cancel: () => {} });
    main.send('page.changed', { pages: [pageNamed('c0', 'c', 0, { status: 'failed', error: { code: 'engine-stopped', data: {}, message: '' } })] });
    expect(useReading.getState().pages.has('c0')).toBe(false);
  });
});

describe('selecting', () => {
  it('copies the selection, or the page when nothing is selected', () => {
    expect(textToCopy()).toEqual({ text: 'alpha beta\ngamma', whole: true });
    moveSelection('down', false);
    moveSelection('right', false);
    moveSelection('right', true);
    expect(textToCopy()).toEqual({ text: 'alpha beta', whole: false });
    clearSelection();
    expect(exportTargets().map(({ label }) => label)).toEqual(['This document']);
    pick({ line: 1 }, 'only', 'page');
    expect(exportTargets()[0]).toEqual({ target: { kind: 'lines', pageId: 'a0', lineIndexes: [1] }, label: 'Selection (1 line)' });
  });
});

describe('selecting a line under the bar', () => {
  // Would catch: a page that was moved for a selection keeps the size of the small window it was fitted to.
  it('moves the page and leaves it fitted', () => {
    setViewport({ width: 300, height: 150 });
    const { scale } = useDesk.getState().camera;
    revealOnPage({ x: 0, y: 0, width: 10, height: 10 });
    expect(useDesk.getState().fitMode).toBe('fit');
    setViewport({ width: 1200, height: 1600 });
    expect(useDesk.getState().camera.scale).toBeGreaterThan(scale * 2);
  });
});

describe('finding', () => {
  const hit = (pageIndex: number, lineIndex: number) => ({ documentId: 'b', pageId: `b${pageIndex}`, pageIndex, lineIndex, text: 'alpha beta', ranges: [[0, 5]] as [number, number][] });

  it('goes to the first hit from the open page on, and round', async () => {
    openDocument('b', 1);
    await settled();
    main.answers['library.search'] = () => [hit(2, 0), hit(0, 1), hit(0, 0), hit(1, 1)];
    findInDocument('alpha');
    await vi.waitFor(() => expect(useFind.getState().at).toBe(2));
    expect(useFind.getState().hits.map(({ pageIndex, lineIndex }) => [pageIndex, lineIndex])).toEqual([[0, 0], [0, 1], [1, 1], [2, 0]]);
    await settled();
    expect(useDesk.getState().selection.focus).toEqual({ line: 1 });
    findNext(1);
    expect(useDesk.getState().pageIndex).toBe(2);
    findNext(1);
    expect(useDesk.getState().pageIndex).toBe(0);
    findNext(-1);
    expect(useDesk.getState().pageIndex).toBe(2);
    closeFind();
  });

  it('selects the line of a hit once the text of its page has arrived', async () => {
    openDocument('b', 2);
    showLineWhenReady('b2', 1);
    expect(useDesk.getState().selection.focus).toBeNull();
    await settled();
    expect(useDesk.getState().selection.focus).toEqual({ line: 1 });
  });
});

describe('settings', () => {
  it('a refused change is taken back', async () => {
    main.answers['settings.change'] = () => { throw new Refusal({ code: 'write-failed', data: {}, message: 'write-failed' }); };
    await expect(changeSettings({ theme: 'dark' })).rejects.toThrow('write-failed');
    expect(useSettings.getState().settings).toEqual(settings.parse({}));
  });
});
