import type { Log } from '../../src/domain/ports.ts';

/** Keeps what was logged, so that tests can look for what must or must not be there. */
export class FakeLog implements Log {
  readonly lines: string[] = [];
  debug = (message: string, ...data: unknown[]): void => this.#keep('debug', message, data);
  info = (message: string, ...data: unknown[]): void => this.#keep('info', message, data);
  warn = (message: string, ...data: unknown[]): void => this.#keep('warn', message, data);
  error = (message: string | Error, ...data: unknown[]): void => this.#keep('error', String(message), data);

  #keep(level: string, message: string, data: readonly unknown[]): void {
    this.lines.push([level, message, ...data.map(String)].join(' '));
  }
}
