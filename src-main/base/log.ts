// One log line format for every process: time, process, level, subject, message. Knows nothing about where stderr goes.
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

const order: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };
let threshold: LogLevel = (process.env['LECTERN_LOG'] as LogLevel | undefined) ?? 'warn';
let processName = 'node';

export function configureLog(name: string, level?: LogLevel): void {
  processName = name;
  if (level && level in order) threshold = level;
}

export type Log = (level: LogLevel, message: string, details?: unknown) => void;

/** A logger for one subject. Writes to stderr only: stdout belongs to results. */
export function logFor(subject: string): Log {
  return (level, message, details) => {
    if (order[level] < (order[threshold] ?? order.warn)) return;
    const tail = details === undefined ? '' : ` ${details instanceof Error ? (details.stack ?? details.message) : JSON.stringify(details)}`;
    process.stderr.write(`${new Date().toISOString()} ${processName} ${level} ${subject}: ${message}${tail}\n`);
  };
}
