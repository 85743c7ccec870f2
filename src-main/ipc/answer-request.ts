// One request from its name to its answer: known? input as agreed? result as agreed? Errors become data here. Knows no Electron.
import { requests } from '@contract/requests.ts';
import type { Answer, RequestName } from '@contract/requests.ts';
import { AppError, toWireError } from '../base/errors.ts';
import { logFor } from '../base/log.ts';
import type { Handlers } from './handlers.ts';

const log = logFor('requests');

function isRequestName(name: unknown): name is RequestName {
  // Own names only: `constructor` and `toString` are no requests.
  return typeof name === 'string' && Object.hasOwn(requests, name);
}

export async function answerRequest(handlers: Handlers, name: unknown, input: unknown): Promise<Answer<unknown>> {
  try {
    if (!isRequestName(name)) throw new AppError('request-unknown', { name: String(name).slice(0, 100) });
    const parsed = requests[name].input.safeParse(input);
    if (!parsed.success) throw new AppError('request-invalid', { name, detail: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).slice(0, 5) }, parsed.error);
    const result: unknown = await handlers[name](parsed.data as never);
    const checked = requests[name].result.safeParse(result);
    if (!checked.success) throw new AppError('internal', { name, detail: checked.error.message.slice(0, 500) }, checked.error);
    return { ok: true, result: checked.data };
  } catch (error) {
    const wire = toWireError(error);
    if (wire.code === 'internal') log('error', `${String(name)} failed`, error);
    return { ok: false, error: wire };
  }
}
