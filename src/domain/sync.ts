/** A folder here made like one on a machine, or the other way round. */
import type { MachineLink } from './machineLink.ts';

export interface SyncOrder {
  readonly link: MachineLink;
  readonly localFolder: string;
  /** Absolute, on the machine. */
  readonly remoteFolder: string;
  readonly signal: AbortSignal;
  /** Only these, below the folder, and nothing else is looked at. */
  readonly only?: readonly string[];
  /** Asked once about the files that would go up, before any does; what it names stays here. */
  readonly vet?: (paths: Iterable<string>) => Promise<readonly SkippedFile[]>;
  readonly onProgress?: (progress: SyncProgress) => void;
}

export interface SyncProgress {
  readonly filesDone: number;
  readonly filesInAll: number;
  readonly bytesDone: number;
  readonly bytesInAll: number;
  /** Undefined while there is nothing to tell it by. */
  readonly leftMs?: number;
}

export interface SyncResult {
  /** Sent or fetched now: what was the same on both sides is not counted. */
  readonly files: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly skipped: readonly SkippedFile[];
}

export interface SkippedFile {
  /** Below the folder, with slashes. */
  readonly path: string;
  /** One plain sentence. */
  readonly why: string;
}

/**
 * Cut off anywhere, it leaves no half file under a real name, and the next call goes on where it was. Nothing is ever
 * deleted on the other side, and nothing is written outside the folder, whatever a machine answers.
 */
export interface FolderSync {
  /** Ignore files are honoured. */
  up(order: SyncOrder): Promise<SyncResult>;
  down(order: SyncOrder): Promise<SyncResult>;
}

export interface SecretFinding {
  /** Below the folder, with slashes. */
  readonly path: string;
  readonly line: number;
  /** Whose secret it looks like; never the value. */
  readonly what: string;
}

/** Looks for keys and passwords in text files. What it finds is a guess, and a person decides. */
export type FindSecrets = (folder: string, paths: Iterable<string>, signal: AbortSignal) => Promise<readonly SecretFinding[]>;

/** The files that stay here for what was found in them; one line each. */
export function withSecrets(findings: readonly SecretFinding[]): SkippedFile[] {
  const first = new Map(findings.toReversed().map((finding) => [finding.path, finding]));
  return [...first.values()].toReversed().map(({ path, line, what }) => ({ path, why: `It seems to hold a secret (${what}, line ${line}).` }));
}
