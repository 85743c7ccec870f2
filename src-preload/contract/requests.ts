// Everything the window can ask of main: name → input and result. Handlers are a mapped type over this table.
import { z } from 'zod';
import { compareRequests } from './compare.ts';
import { conversationRequests } from './conversation.ts';
import { correctionByHand, readingChoice, readingTarget } from './correction.ts';
import { documentId, libraryDocument, page, pageId, pageText, searchHit, tag } from './document.ts';
import { endpointRequests } from './endpoint.ts';
import { extractionRequests } from './extraction.ts';
import { wireError } from './errors.ts';
import { exportFormat, exportTarget, textFormat } from './export.ts';
import { quad, rotation } from './geometry.ts';
import { modelRequests } from './installed-models.ts';
import { settings, settingsChange } from './settings.ts';
import { shownTable } from './table.ts';

/** What an import did with each file: the accepted documents, those already in the library, and the refused files with the reason. */
export const importResult = z.object({
  documents: z.array(documentId),
  alreadyThere: z.array(documentId),
  refused: z.array(z.object({ fileName: z.string(), path: z.string(), error: wireError })),
  cancelled: z.boolean(),
});
export type ImportResult = z.infer<typeof importResult>;

export const appInfo = z.object({
  version: z.string(),
  electron: z.string(),
  platform: z.string(),
  dataFolder: z.string(),
  /** True when the operating system's sandbox is off (started as root). */
  unsandboxed: z.boolean(),
});

export const engineStatus = z.object({
  state: z.enum(['starting', 'ready', 'stopped']),
  /** Pages that wait or are being read. */
  queued: z.number().int().nonnegative(),
  paused: z.boolean(),
  restarts: z.number().int().nonnegative(),
  error: wireError.nullable(),
});
export type EngineStatus = z.infer<typeof engineStatus>;

const nothing = z.object({});

/** A page after a correction, with what it says now. */
export const correctedPage = z.object({ page, text: pageText });
export type CorrectedPage = z.infer<typeof correctedPage>;

/** A place on a page that is wanted as a picture, and what it is called. */
const pagePart = z.object({ pageId, quad, what: z.enum(['page', 'selection', 'figure']) });

export const requests = {
  'app.info': { input: nothing, result: appInfo },
  /** What the next start shows first, as markup, as long as neither documents nor settings change any more. */
  'app.keep-first-frame': { input: z.object({ html: z.string().max(500_000) }), result: nothing },
  'engine.status': { input: nothing, result: engineStatus },
  'settings.get': { input: nothing, result: settings },
  /** The system's dialog for the folder to watch. The settings as they are then. */
  'settings.choose-watched-folder': { input: nothing, result: settings },
  'settings.change': { input: settingsChange, result: settings },

  /** Files and folders by path (folders are walked). Rows appear through events while this runs. */
  'document.import': { input: z.object({ paths: z.array(z.string().min(1)).min(1) }), result: importResult },
  /** A pasted picture. */
  'document.import-bytes': { input: z.object({ fileName: z.string().min(1), bytes: z.instanceof(Uint8Array) }), result: importResult },
  /** The system's open dialog, then the same as `document.import`. Null when the user closed it. */
  'document.open-dialog': { input: nothing, result: importResult.nullable() },
  /** Lets the user draw a rectangle on the screen and imports what is in it. Null when they changed their mind. */
  'document.capture-screen': { input: nothing, result: importResult.nullable() },
  'document.cancel-import': { input: nothing, result: nothing },
  'document.list': { input: nothing, result: z.array(libraryDocument) },
  /** A document that could not be opened is tried again. */
  'document.open-again': { input: z.object({ documentId }), result: nothing },
  /** The password of an encrypted document: kept in memory only. Whether it is right shows when the document is opened. */
  'document.unlock': { input: z.object({ documentId, password: z.string().min(1).max(500) }), result: nothing },
  'document.rename': { input: z.object({ documentId, title: z.string().trim().min(1).max(300) }), result: libraryDocument },
  /** Puts tags on documents and takes others off. */
  'document.tag': { input: z.object({ documentIds: z.array(documentId).min(1), add: z.array(tag), remove: z.array(tag) }), result: z.array(libraryDocument) },
  /** Soft delete: restorable until the application is next started 30 days later. */
  'document.delete': { input: z.object({ documentIds: z.array(documentId).min(1) }), result: nothing },
  'document.restore': { input: z.object({ documentIds: z.array(documentId).min(1) }), result: z.array(libraryDocument) },
  /** Asks for a place with the system's dialog, asks before overwriting, writes. Null when the user closed a dialog. */
  'document.export': {
    input: z.object({ target: exportTarget, format: exportFormat }),
    /** `passedOver`: names of documents among several that are not read yet, or have no table for a format of tables. */
    result: z.object({ files: z.array(z.string()), passedOver: z.array(z.string()) }).nullable(),
  },
  /** The same text as an export, for the clipboard and the preview. */
  'document.render': { input: z.object({ target: exportTarget, format: textFormat }), result: z.object({ text: z.string() }) },
  /** Writes an export to a file of the application's own and lets the pointer, which is dragging, carry it out of the window. */
  'document.drag-out': { input: z.object({ target: exportTarget, format: exportFormat }), result: nothing },
  /** A part of a page as PNG, in all its pixels, where the user says. Null when they closed the dialog. */
  'document.save-picture': { input: pagePart, result: z.object({ file: z.string() }).nullable() },
  /** The same in a file of the application's own, for the pointer that is dragging. */
  'document.drag-picture': { input: pagePart, result: nothing },
  /** Shows a file that an export wrote in the system's file manager. */
  'document.show-exported': { input: z.object({ file: z.string() }), result: nothing },

  /** Pages of any documents; those that are gone are left out. */
  'page.get': { input: z.object({ pageIds: z.array(pageId).max(10_000) }), result: z.array(page) },
  'page.list': { input: z.object({ documentId }), result: z.array(page) },
  /** Null while the page is unread. */
  'page.text': { input: z.object({ pageId }), result: pageText.nullable() },
  /** The tables of a page with their grids; none while it is unread. */
  'page.tables': { input: z.object({ pageId }), result: z.array(shownTable) },
  /** These pages are looked at: read them first. */
  'page.visible': { input: z.object({ pageIds: z.array(pageId) }), result: nothing },
  /** Reads again; with a rotation, the page is taken to be upright after that turn. */
  'page.reread': { input: z.object({ pageId, rotation: rotation.nullable() }), result: nothing },
  'page.cancel-reading': { input: z.object({ pageIds: z.array(pageId).min(1) }), result: nothing },

  /** One step. `after` is how many steps the page had when the user decided on it. */
  'correction.make': { input: z.object({ pageId, after: z.number().int().nonnegative(), correction: correctionByHand }), result: correctedPage },
  /** Reads lines anew, or what a drawn box holds, and stores that as a step. */
  'correction.read': { input: z.object({ pageId, after: z.number().int().nonnegative(), target: readingTarget, script: readingChoice }), result: correctedPage },
  /** Has a model read the part of the page where these lines stand, and stores what it wrote, laid on the lines, as a step. */
  'correction.read-by-model': { input: z.object({ pageId, after: z.number().int().nonnegative(), lines: z.array(z.number().int().nonnegative()).min(1), modelId: z.string().min(1) }), result: correctedPage },
  /** Ends what models are reading so; it fails with job-cancelled. */
  'correction.stop-reading': { input: nothing, result: nothing },
  /** Null when there is nothing to take back, or to do again. */
  'correction.undo': { input: z.object({ pageId }), result: correctedPage.nullable() },
  'correction.redo': { input: z.object({ pageId }), result: correctedPage.nullable() },

  'reading.pause': { input: nothing, result: nothing },
  'reading.resume': { input: nothing, result: nothing },

  'library.search': { input: z.object({ text: z.string(), documentId: documentId.optional(), limit: z.number().int().min(1).max(1000).default(200) }), result: z.array(searchHit) },

  ...extractionRequests,
  ...conversationRequests,
  ...modelRequests,
  ...endpointRequests,
  ...compareRequests,
} as const;

export type RequestName = keyof typeof requests;
/** What the caller passes (defaults may be left out). */
export type RequestInput<N extends RequestName> = z.input<(typeof requests)[N]['input']>;
/** What the handler gets (defaults filled in). */
export type ParsedInput<N extends RequestName> = z.output<(typeof requests)[N]['input']>;
export type RequestResult<N extends RequestName> = z.output<(typeof requests)[N]['result']>;

/** How an answer travels: errors as data, so that code and data survive the process border. */
export type Answer<T> = { ok: true; result: T } | { ok: false; error: z.infer<typeof wireError> };
