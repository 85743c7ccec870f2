// The shape of `window.lectern`, and how a job's port reaches the window. Knows nothing of Electron.
import type { EventName, EventPayload } from './events.ts';
import type { Answer, RequestInput, RequestName, RequestResult } from './requests.ts';

/** What the preload puts on `window.lectern`. Errors are answers, never rejections. */
export interface LecternBridge {
  request<N extends RequestName>(name: N, input: RequestInput<N>): Promise<Answer<RequestResult<N>>>;
  /** Hears an event until the returned function is called. */
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
  /** Where a dropped `File` lies on disk; empty when it lies nowhere (a picture dragged out of a web page). */
  pathOf(file: object): string;
}

/**
 * A MessagePort cannot cross Electron's context bridge, so a job's port arrives as a `message` event on `window`:
 * `event.source === window`, `event.data` is `{ type: jobMessageType, started: JobStarted }`, `event.ports[0]` the port.
 */
export const jobMessageType = 'lectern:job';
