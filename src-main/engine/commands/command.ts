// What a verb of the command line is, and how it refuses arguments. Knows no verb.
export interface Command {
  /** Printed for --help. */
  readonly usage: string;
  /** Gives the exit code: 0 for success, 1 when something failed, 2 for arguments it does not understand. */
  run(args: readonly string[], signal: AbortSignal): Promise<number>;
}

/** Says what is wrong with the arguments, and how they should be; gives the exit code for that. */
export function refuse(command: Command, sentence: string): number {
  process.stderr.write(`${sentence}\n\n${command.usage}`);
  return 2;
}
