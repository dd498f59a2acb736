import type { Endpoint } from './instance.ts';

export interface SshHost {
  /** Launch id in lower case; the name other tools reach the machine by. */
  readonly alias: string;
  readonly endpoint: Endpoint;
}

/**
 * How a host key came to be trusted. `log`: the provider's log of the machine names it, and that was read with the API
 * key. `firstUse`: nothing vouched for it when the machine first showed it.
 */
export type PinnedBy = 'log' | 'firstUse';

/** Where a machine tells us which host keys it has, on a way that nobody between us and it can change. */
export interface MachineLog {
  readonly read: (signal: AbortSignal) => Promise<string>;
  /** Fingerprints in it are the machine's own; where they may be a relay's, only our guard's line counts. */
  readonly fingerprints: boolean;
}

export interface ReachOptions {
  readonly alias: string;
  /** Asked before every try, because ports move: direct endpoints first, empty while there is none. */
  readonly endpoints: () => Promise<readonly Endpoint[]>;
  /** Read beside the waiting while no key is pinned. Without one the first key that is shown is taken. */
  readonly machineLog?: MachineLog;
  /** What is happening now, for the progress line. */
  readonly onStep: (step: ReachStep) => void;
  /** Gives up with `sshUnreachable` after this long. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export type ReachStep = 'waitingForAddress' | 'waitingForSsh' | 'checkingHostKey' | 'signingIn';

/** What a machine says of itself once we are in. */
export interface MachineReport {
  readonly endpoint: Endpoint;
  /** The first of the usual work folders that is there and writable. */
  readonly folder: string;
  readonly home: string;
  readonly freeDiskGb?: number;
  readonly gpus: readonly string[];
  /** The host key was accepted on first contact just now. */
  readonly pinnedNow: boolean;
  /** How the host key that it showed came to be trusted. */
  readonly pinnedBy?: PinnedBy;
}

export interface Ssh {
  /** OpenSSH public key line of our own key; made on first use. */
  publicKey(): Promise<string>;
  /**
   * Waits for a real SSH banner, pins the host key that the machine's log names or else the first that is shown, signs
   * in and asks the machine about itself. Throws `hostKeyChanged`, `sshRefused` or `sshUnreachable`.
   */
  reach(options: ReachOptions): Promise<MachineReport>;
  /** Writes the machine into our host file. Returns the file's path. */
  writeHost(host: SshHost): Promise<string>;
  removeHost(alias: string): Promise<void>;
  /** Our own stop, start or reboot makes a new host key legitimate: forget the pin. */
  forgetHostKey(alias: string): Promise<void>;
  readonly hostFile: string;
}
