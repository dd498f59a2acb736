// The log of one instance: its newest lines, and whoever is listening to them.

export type LogSource = 'system' | 'container';

export interface LogLine {
  readonly sequence: number;
  readonly at: number;
  readonly source: LogSource;
  readonly text: string;
}

export interface LogBook {
  append(source: LogSource, text: string, at: number): void;
  /** Lines above a sequence number, oldest first. */
  lines(after?: number): readonly LogLine[];
  /** Returns the function that ends the subscription. */
  subscribe(listener: (line: LogLine) => void): () => void;
}

const kept = 5000;

export function createLogBook(): LogBook {
  const lines: LogLine[] = [];
  const listeners = new Set<(line: LogLine) => void>();
  let sequence = 0;
  return {
    append(source, text, at) {
      const line = { sequence: ++sequence, at, source, text };
      lines.push(line);
      if (lines.length > kept) lines.shift();
      for (const listener of listeners) listener(line);
    },
    lines: (after = 0) => lines.filter((line) => line.sequence > after),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
