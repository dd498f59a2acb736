/** What would be lost with a machine, as far as it says. Names come from the machine and are nobody's word. */
export interface LeftBehind {
  /** Where work is done on it. */
  readonly folder: string;
  readonly changed: ChangedFiles;
  /** Of the whole work folder; undefined when adding it up took too long. */
  readonly usedBytes?: number;
  /** Programs that work there now, one line each. */
  readonly running: readonly string[];
  /** When the last run ended, epoch milliseconds by our clock; undefined when there was none. */
  readonly lastRunEndedAt?: number;
}

export interface ChangedFiles {
  readonly files: number;
  readonly bytes: number;
  /** There was no time to look at all of them: there may be more. */
  readonly partial: boolean;
}

export const isBare = ({ changed, running }: LeftBehind): boolean => changed.files === 0 && !changed.partial && running.length === 0;
