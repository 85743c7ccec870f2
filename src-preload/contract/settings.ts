// What the user can choose, with the defaults.
import { z } from 'zod';
import { exportFormat } from './export.ts';

const fields = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  /** Lines under this confidence are tinted on the page. */
  lowConfidence: z.number().min(0).max(1),
  showBoxes: z.boolean(),
  sidebarWidth: z.number().int().min(180).max(600),
  textPanelWidth: z.number().int().min(240).max(900),
  /** Which side of the right panel is up. */
  panelTab: z.enum(['text', 'ask']),
  /** The conversation that was open last; null for a new one. */
  conversationId: z.string().nullable(),
  /** Ready-made questions that the user has changed, by the family of answerers they are worded for. */
  presets: z.partialRecord(z.enum(['reader', 'qwen-vl', 'other']), z.array(z.object({ name: z.string().min(1).max(60), text: z.string().min(1).max(4000) })).max(100)),
  lastExportFormat: exportFormat,
  /** How several exported files are named: text with {title}, {file}, {page}, {date} and {format}. */
  exportName: z.string().max(200),
  lastExportFolder: z.string().nullable(),
  /** Files that appear in it are brought into the library. */
  watchedFolder: z.string().nullable(),
});
export type Settings = z.infer<typeof fields>;

const { shape } = fields;
export const settings = z.object({
  theme: shape.theme.default('system'),
  lowConfidence: shape.lowConfidence.default(0.8),
  showBoxes: shape.showBoxes.default(true),
  sidebarWidth: shape.sidebarWidth.default(264),
  textPanelWidth: shape.textPanelWidth.default(380),
  panelTab: shape.panelTab.default('text'),
  conversationId: shape.conversationId.default(null),
  presets: shape.presets.default({}),
  lastExportFormat: shape.lastExportFormat.default('txt'),
  exportName: shape.exportName.default('{title}'),
  lastExportFolder: shape.lastExportFolder.default(null),
  watchedFolder: shape.watchedFolder.default(null),
});
/** Without the defaults: what a change leaves out stays as it is. */
export const settingsChange = fields.partial();
