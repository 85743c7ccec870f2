// What main tells the window without being asked. Each event is sent after its fact is stored.
import { z } from 'zod';
import { comparison, keptPair } from './compare.ts';
import { conversation, conversationId, message } from './conversation.ts';
import { documentId, libraryDocument, page } from './document.ts';
import { modelInstall } from './installed-models.ts';
import { engineStatus, importResult } from './requests.ts';
import { settings } from './settings.ts';

/** Verbs that the menu bar sends to the window; the window's command list owns what they do. */
export const menuCommand = z.enum([
  'open', 'capture-screen', 'paste', 'export', 'copy', 'select-all', 'find', 'find-next', 'find-previous', 'undo', 'redo', 'delete',
  'zoom-in', 'zoom-out', 'zoom-actual', 'zoom-fit', 'zoom-width', 'rotate-left', 'rotate-right', 'reread', 'toggle-boxes', 'toggle-sidebar', 'toggle-text-panel',
  'next-page', 'previous-page', 'next-document', 'previous-document', 'next-doubtful', 'previous-doubtful', 'rename', 'tag',
  'ask', 'ask-about', 'compare', 'compare-page', 'extract', 'models', 'endpoints', 'pause-reading', 'resume-reading', 'palette', 'settings', 'shortcuts', 'about',
]);
export type MenuCommand = z.infer<typeof menuCommand>;

export const events = {
  /** New or changed documents, whole rows. */
  'document.changed': z.object({ documents: z.array(libraryDocument) }),
  'document.removed': z.object({ documentIds: z.array(documentId) }),
  /** New or changed pages, whole rows. A page whose status is 'read' has its text stored. */
  'page.changed': z.object({ pages: z.array(page) }),
  'import.progress': z.object({ done: z.number().int(), total: z.number().int(), fileName: z.string() }),
  /** The end of an import that the window did not ask for: files on the command line, or opened from outside. */
  'import.finished': importResult,
  'conversation.changed': z.object({ conversations: z.array(conversation) }),
  'conversation.removed': z.object({ conversationIds: z.array(conversationId) }),
  /** New or changed messages, whole. */
  'message.changed': z.object({ messages: z.array(message) }),
  /** Installations in the making or paused. One that is no longer among them is done (or was cancelled): list the models again. */
  'model.changed': z.object({ installs: z.array(modelInstall) }),
  /** A comparison's state, and the pairs that are new or changed. */
  'compare.changed': z.object({ comparison, pairs: z.array(keptPair) }),
  'engine.changed': engineStatus,
  'settings.changed': settings,
  'menu.command': z.object({ command: menuCommand }),
} as const;

export type EventName = keyof typeof events;
export type EventPayload<N extends EventName> = z.output<(typeof events)[N]>;
