/** What a GPU can do, per card. Rates are dense and with 32-bit accumulation: what training really gets. */
export interface Gpu {
  /** As `gpuName` in domain/gpu.ts gives it: `RTX 4090`, `H100 SXM`. */
  readonly name: string;
  readonly vramGb: number;
  readonly bandwidthGbPerS: number;
  readonly fp32Tflops: number;
  /** 16-bit tensor rate; undefined where there are no tensor cores. */
  readonly tensorTflops?: number;
  /** The best matmul rate anybody measured (MAMF), where somebody did. */
  readonly measuredTflops?: number;
  readonly fp8Tflops?: number;
  /** One direction between two cards of a machine; PCIe where undefined. */
  readonly nvlinkGbPerS?: number;
  readonly architecture: string;
  readonly year?: number;
  readonly watts?: number;
}

export interface Machine {
  readonly gpu: Gpu;
  readonly count: number;
  readonly cpuCores?: number;
  readonly pcieGbPerS?: number;
}
