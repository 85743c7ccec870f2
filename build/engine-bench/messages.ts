// What the benchmark asks of its two measured processes (Lectern's engine, llama.cpp) and what they answer. Each is alone in its process, so
// that memory is its own.
import { fork, type ChildProcess } from 'node:child_process';

export type Command =
  | { do: 'peaks' }
  | { do: 'compile'; source: string; root: string; id: string; plain: boolean; fast: boolean; worker: string; threads: number }
  | { do: 'load'; path: string; threads: number; contextTokens: number; fast: boolean }
  | { do: 'prefill'; rows: number }
  | { do: 'decode'; context: number; tokens: number }
  | { do: 'vision'; patches: number }
  | { do: 'questions'; patches: number };

export interface Measured {
  readonly wallMs: number;
  /** Processor time of the whole process meanwhile. */
  readonly cpuMs: number;
  /** Resident memory afterwards, and the most there ever was. */
  readonly rssMb: number;
  readonly peakMb: number;
  /** What else the command found out. */
  readonly values: Readonly<Record<string, number>>;
}

export type Reply = { readonly measured: Measured } | { readonly error: string };

/** A measured process: one command at a time. */
export class MeasuredProcess {
  readonly #child: ChildProcess;
  #exited: string | null = null;

  constructor(script: string, args: readonly string[] = []) {
    this.#child = fork(script, [...args], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], env: { ...process.env, ORT_DISABLE_TELEMETRY: '1' } });
    this.#child.once('exit', (code, signal) => (this.#exited = signal ?? String(code)));
  }

  ask(command: Command): Promise<Measured> {
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error(`${command.do}: the process ended (${this.#exited ?? '?'})`));
      if (this.#exited !== null) return ended();
      this.#child.once('exit', ended);
      this.#child.once('message', (reply: Reply) => {
        this.#child.off('exit', ended);
        if ('error' in reply) reject(new Error(`${command.do}: ${reply.error}`));
        else resolve(reply.measured);
      });
      this.#child.send(command);
    });
  }

  /** Ends the process and waits for its end, so that its memory is free. */
  async end(): Promise<void> {
    if (this.#exited !== null) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await gone;
  }
}

/** In a measured process: answers commands with what `work` takes. `work` gives numbers; `wallMs` among them replaces the whole command's time. */
export function answerCommands(work: (command: Command) => Promise<Record<string, number>>): void {
  // gigabytes must not outlive the benchmark
  process.once('disconnect', () => process.exit(1));
  process.on('message', (command: Command) => {
    const cpu = process.cpuUsage();
    const started = performance.now();
    work(command).then(
      ({ wallMs = performance.now() - started, cpuMs, ...values }) => {
        const { user, system } = process.cpuUsage(cpu);
        process.send?.({ measured: { wallMs, cpuMs: cpuMs ?? (user + system) / 1000, rssMb: process.memoryUsage().rss / 1e6, peakMb: process.resourceUsage().maxRSS / 1e3, values } } satisfies Reply);
      },
      (error: unknown) => process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) } satisfies Reply),
    );
  });
}
