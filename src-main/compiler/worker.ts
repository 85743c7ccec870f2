// One of the compiler's threads starts here: does the tasks that it is sent, one after the other.
import { parentPort } from 'node:worker_threads';
import { assert, toWireError } from '../base/errors.ts';
import { TaskWorkshop } from './weight-task.ts';
import type { ThreadAnswer, ThreadRequest } from './weight-threads.ts';

const port = parentPort;
assert(port, 'the compiler\'s worker runs as a thread');
const workshop = new TaskWorkshop();
const answer = (message: ThreadAnswer): void => port.postMessage(message);

port.on('message', ({ id, task }: ThreadRequest) => {
  try {
    answer({ id, result: workshop.perform(task) });
  } catch (error) {
    answer({ id, error: toWireError(error) });
  }
});
