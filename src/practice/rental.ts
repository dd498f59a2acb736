// One rented machine, in words all providers share. It moves by itself in
// market time: scheduling -> loading -> running -> stopping -> stopped, and
// from any state to destroyed. What a state is called on the wire, and what it
// costs, is the provider's business (spec.charges).
import type { ChargeLine } from './ledger.ts';
import type { LogBook } from './logBook.ts';
import type { Provider } from './faults.ts';
import type { GpuReading } from './pod/pod.ts';

export type RentalState = 'scheduling' | 'loading' | 'running' | 'stopping' | 'stopped' | 'failed' | 'destroyed';
export type DownReason = 'stop' | 'restart' | 'recycle';
export type StopReason = 'user' | 'outbid' | 'credit' | 'image' | 'capacity';

/** The GPUs a rental sits on. A stopped rental gives them up and may not get them back. */
export interface Seat {
  /** False when somebody else has them now. */
  take(time: number): boolean;
  release(time: number): void;
}

export interface PodPlan {
  /** Who logs in; root unless said. */
  readonly user?: string;
  /** Asked at every start; sshPort is the host port mapped to 22. */
  env(sshPort: number): Readonly<Record<string, string>>;
  authorizedKeys(): readonly string[];
  readonly startCommand?: string;
  /** Told the port sshd itself listens on when it answers, and null when it is gone. */
  onSsh?(port: number | null): void;
  /** Runs after the machine is down, in its folder: what a stop or a restart wipes. */
  wipe?(dir: string, why: DownReason): Promise<void>;
}

/** Bytes that went to a machine and came from it. */
export interface Traffic {
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** Market milliseconds, before bootScale. */
export interface BootDelays {
  readonly scheduling: number;
  readonly loading: number;
  /** From running until sshd answers. */
  readonly ssh: number;
  readonly stopping: number;
  /** Loading when the image is already there (start, restart). */
  readonly reloading: number;
  /** From failed until it stops by itself; without it a failed rental stays so. */
  readonly giveUp?: number;
}

export interface RentalSpec {
  readonly provider: Provider;
  readonly id: string;
  readonly label: string | null;
  readonly image: string;
  readonly gpu: {
    readonly name: string;
    readonly count: number;
    readonly memoryMib: number;
    readonly driver: string;
    readonly cuda: string;
  };
  readonly seat: Seat;
  readonly delays: BootDelays;
  /** What is charged while the rental is in its present state. */
  charges(rental: Rental): readonly ChargeLine[];
  /** null: nothing on this machine answers SSH. */
  readonly pod: PodPlan | null;
  /** What happens when the account's credit is used up; 'stop' unless said. */
  readonly whenBroke?: 'stop' | 'destroy';
  /** Born stopped: its GPUs were gone when it was created. */
  readonly stopped?: boolean;
}

export interface Rental {
  readonly spec: RentalSpec;
  readonly provider: Provider;
  readonly id: string;
  label: string | null;
  readonly createdAt: number;
  readonly endedAt: number | null;
  readonly state: RentalState;
  /** When it came into this state. */
  readonly since: number;
  /** What the user asked for last; an outbid rental still wants to run. */
  readonly intended: 'running' | 'stopped';
  /** Asked to run, but its GPUs are taken: it is tried again every minute. */
  readonly queued: boolean;
  readonly stopReason: StopReason | null;
  /** What the runtime said last: why it failed, or that it runs. */
  readonly message: string | null;
  /** How often it was started, 1 after the first boot began. */
  readonly starts: number;
  /** When it last became running, or null while it does not run. */
  readonly runningSince: number | null;
  /** GPUs it has now; a host may give fewer back than were rented. */
  gpuCount: number;
  /** The host port mapped to 22; null while it does not run, or has no pod. */
  readonly sshPort: number | null;
  /** sshd answers behind sshPort. */
  readonly sshUp: boolean;
  readonly hostKeyFingerprint: string | null;
  /** Through its mapped port, over its whole life. */
  readonly traffic: Traffic;
  /** The pod's folder, kept while stopped. */
  readonly dir: string;
  readonly log: LogBook;
  gpus(): readonly GpuReading[];

  // `at` is for entries of the agenda, which act at their planned time.
  stop(reason: StopReason, at?: number): void;
  /** 'queued' when the GPUs are taken meanwhile; the start stays wanted. */
  start(at?: number): 'started' | 'queued';
  /** Takes the container down and up again on the same GPUs. */
  restart(why: 'restart' | 'recycle'): void;
  destroy(at?: number): void;
  /** Reads spec.charges anew: a price changed. */
  reprice(at?: number): void;
}
