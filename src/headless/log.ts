import type { Log } from '../domain/ports.ts';

/** Warnings and errors on standard error; everything when asked for. */
export function stderrLog(verbose: boolean): Log {
  const write = (level: string, message: string | Error, data: readonly unknown[]): void => {
    const rest = data.map((value) => (value instanceof Error ? value.message : JSON.stringify(value))).join(' ');
    process.stderr.write(`${level} ${message instanceof Error ? message.message : message} ${rest}\n`);
  };
  return {
    debug: (message, ...data) => verbose && write('debug', message, data),
    info: (message, ...data) => verbose && write('info', message, data),
    warn: (message, ...data) => write('warn', message, data),
    error: (message, ...data) => write('error', message, data),
  };
}
