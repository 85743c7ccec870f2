// What a verb of the command line is, and how it refuses arguments. Knows no verb.
export interface Command {
  /** Printed for --help. */
  readonly usage: string;
  /** Gives the exit code: 0 for success, 1 when something failed, 2 for arguments it does not understand. */
  run(args: readonly string[], signal: AbortSignal): Promise<number>;
}

/** Says what is wrong with the arguments, in short how they should be, and where that is told in full; gives the exit code for that. */
export function refuse({ usage }: Command, sentence: string): number {
  const [forms = ''] = usage.split('\n\n');
  const [verb = 'lectern'] = /lectern \w+/.exec(forms) ?? [];
  // The runtime's advice about arguments that begin with a dash helps nobody who mistyped an option.
  const wrong = sentence.replace(/\. To specify .*$/s, '').trim();
  process.stderr.write(`${/[.?!]$/.test(wrong) ? wrong : `${wrong}.`}\n\n${forms}\n\n"${verb} --help" tells more.\n`);
  return 2;
}
