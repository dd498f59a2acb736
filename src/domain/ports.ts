/** The few things the outside must give to the inside. */

export interface Disposable {
  dispose(): void;
}

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Whole milliseconds since some moment of this process: for durations, because `now` jumps when somebody sets the clock. */
  elapsed(): number;
  /** Rejects with an AbortError when the signal fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** VS Code's LogOutputChannel has this shape; the inside never sees more of it. */
export interface Log {
  debug(message: string, ...data: unknown[]): void;
  info(message: string, ...data: unknown[]): void;
  warn(message: string, ...data: unknown[]): void;
  error(message: string | Error, ...data: unknown[]): void;
}
