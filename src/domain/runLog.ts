/**
 * What a person's own runs measured, kept for the next estimate: one line of text each, oldest first. What a line says
 * is the estimator's business; the log keeps the newest and forgets the rest. It is a help, never a record of money:
 * a log that cannot be read is empty.
 */
export interface RunLog {
  lines(): Promise<readonly string[]>;
  append(line: string): Promise<void>;
}
