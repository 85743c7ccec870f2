// One log line format for every process: time, process, level, subject, message. Writes to stderr, and to a file if given one.
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

const order: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };
let threshold: LogLevel = (process.env['LECTERN_LOG'] as LogLevel | undefined) ?? 'warn';
let processName = 'node';
let writeToFile: ((line: string) => void) | null = null;

export function configureLog(name: string, level?: LogLevel): void {
  processName = name;
  if (level && level in order) threshold = level;
}

/** Every line goes there too, whatever stderr is connected to. */
export function alsoLogTo(write: (line: string) => void): void {
  writeToFile = write;
}

export type Log = (level: LogLevel, message: string, details?: unknown) => void;

/** A logger for one subject. Writes to stderr only: stdout belongs to results. */
export function logFor(subject: string): Log {
  return (level, message, details) => {
    if (order[level] < (order[threshold] ?? order.warn)) return;
    const tail = details === undefined ? '' : ` ${details instanceof Error ? (details.stack ?? details.message) : JSON.stringify(details)}`;
    const line = `${new Date().toISOString()} ${processName} ${level} ${subject}: ${message}${tail}\n`;
    process.stderr.write(line);
    writeToFile?.(line);
  };
}
