// What the user can choose, with the defaults.
import { z } from 'zod';
import { exportFormat } from './export.ts';

export const settings = z.object({
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  /** Lines under this confidence are tinted on the page. */
  lowConfidence: z.number().min(0).max(1).default(0.8),
  showBoxes: z.boolean().default(true),
  sidebarWidth: z.number().int().min(180).max(600).default(264),
  textPanelWidth: z.number().int().min(240).max(900).default(380),
  /** Which side of the right panel is up. */
  panelTab: z.enum(['text', 'ask']).default('text'),
  /** The conversation that was open last; null for a new one. */
  conversationId: z.string().nullable().default(null),
  lastExportFormat: exportFormat.default('txt'),
  lastExportFolder: z.string().nullable().default(null),
});
export type Settings = z.infer<typeof settings>;
export const settingsChange = settings.partial();
