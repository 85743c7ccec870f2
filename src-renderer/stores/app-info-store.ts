// Version, platform and data folder, asked for once.
import { create } from 'zustand';
import type { z } from 'zod';
import type { appInfo } from '@contract/requests.ts';
import { request } from '../api.ts';
import { reportFailure } from './report-failure.ts';

export const useAppInfo = create<{ info: z.infer<typeof appInfo> | null }>(() => ({ info: null }));

export async function loadAppInfo(): Promise<void> {
  if (useAppInfo.getState().info) return;
  await request('app.info', {}).then((info) => useAppInfo.setState({ info }), reportFailure);
}
