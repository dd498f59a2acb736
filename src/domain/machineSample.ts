/** What a machine is doing at one moment, by its own word. */
export interface MachineSample {
  /** Our clock, epoch milliseconds: when it was heard. */
  readonly at: number;
  readonly gpus: readonly GpuSample[];
  /** Why there is no figure of a GPU. `silent`: the driver hangs. */
  readonly gpuTrouble?: 'absent' | 'failed' | 'silent';
  /** Programs that hold GPU memory; a container is often told of none. */
  readonly programs: readonly GpuProgram[];
  readonly cpu?: CpuSample;
  readonly memory?: Amount;
  readonly disk?: Amount & { readonly folder: string };
}

/** A card tells some figures and not others, and a slice of one tells hardly any. */
export interface GpuSample {
  readonly index: number;
  readonly name: string;
  /** 0..1. */
  readonly busy?: number;
  readonly memory?: Amount;
  readonly celsius?: number;
  readonly watts?: number;
  readonly wattLimit?: number;
}

export interface GpuProgram {
  /** Of the GPU it runs on; undefined when that is not among those that were told. */
  readonly gpu?: number;
  readonly pid: number;
  readonly name: string;
  readonly usedBytes?: number;
}

export interface CpuSample {
  /** Those that the machine may use: a container's share of the host. */
  readonly cores: number;
  /** Of those cores, 0..1, since the sample before; undefined in the first. */
  readonly busy?: number;
}

export interface Amount {
  readonly usedBytes: number;
  readonly totalBytes: number;
}
