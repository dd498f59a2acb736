// The columns of a row that never change: what the machine is made of, and
// where it stands. Units are Vast's own: MB of memory, Mb/s of network.
import { hash32 } from '../random.ts';
import type { Machine } from './machines.ts';

export type Row = Readonly<Record<string, unknown>>;

/** Some of the GPUs of a machine. */
export interface Slice {
  readonly machine: Machine;
  readonly gpus: number;
}

/** A month of storage. */
export const hoursPerMonth = 720;

export const reliabilityMultiplier = (reliability: number): number => reliability ** 8.5;

/** The disk goes with the share of the GPUs. */
export const offeredDiskGb = ({ machine, gpus }: Slice): number => machine.diskGb * (gpus / machine.gpus);

export function driverNumber(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return major * 1_000_000 + minor * 1000 + patch;
}

/** Datacentres sell disks that outlive instances, one offer a machine. */
export const offersVolumes = (machine: Machine): boolean => machine.hostingType === 1;
export const volumeOfferId = (machine: Machine): number => machine.machineId + 1_000_000_000;

/** What offers and instances share. */
export function machineColumns({ machine, gpus }: Slice): Row {
  const { gpu, cpu } = machine;
  const fraction = gpus / machine.gpus;
  return {
    machine_id: machine.machineId,
    host_id: machine.hostId,
    bundle_id: machine.bundleId,
    bundled_results: null,
    hosting_type: machine.hostingType,
    hostname: null,
    gpu_name: gpu.name,
    num_gpus: gpus,
    gpu_ids: Array.from({ length: gpus }, (_, index) => (machine.machineId % 90_000) * 8 + index),
    gpu_frac: fraction,
    gpu_arch: 'nvidia',
    gpu_ram: gpu.vramMib,
    gpu_total_ram: gpu.vramMib * gpus,
    gpu_lanes: 16,
    gpu_mem_bw: Number((gpu.memoryGbPerS * 0.93).toFixed(1)),
    gpu_max_power: gpu.watts,
    gpu_max_temp: gpu.datacenter ? 85 : 91,
    gpu_display_active: false,
    bw_nvlink: gpu.nvlinkGbPerS,
    compute_cap: gpu.computeCap,
    cuda_max_good: machine.cuda,
    driver_version: machine.driver,
    driver_vers: driverNumber(machine.driver),
    total_flops: gpu.tflops * gpus,
    dlperf: (gpu.tflops * 0.5 + gpu.memoryGbPerS * 0.065) * gpus,
    cpu_name: cpu.name,
    cpu_arch: 'amd64',
    cpu_ghz: cpu.ghz,
    cpu_cores: machine.coresKnown ? cpu.cores : null,
    cpu_cores_effective: cpu.cores * fraction,
    cpu_ram: machine.ramMb,
    has_avx: 1,
    disk_name: machine.diskName,
    disk_bw: machine.diskMbPerS,
    mobo_name: cpu.board,
    os_version: machine.os,
    pci_gen: gpu.pciGen,
    pcie_bw: machine.pcieGbPerS,
    inet_up: machine.upMbps,
    inet_down: machine.downMbps,
    inet_up_cost: machine.upUsdPerGb,
    inet_down_cost: machine.downUsdPerGb,
    internet_up_cost_per_tb: machine.upUsdPerGb * 1024,
    internet_down_cost_per_tb: machine.downUsdPerGb * 1024,
    direct_port_count: machine.directPorts,
    static_ip: machine.staticIp,
    geolocation: machine.place,
    geolocode: machine.place === null ? 0 : hash32(machine.place),
    reliability2: machine.reliability,
    verification: machine.verification,
    vms_enabled: false,
    is_vm_deverified: false,
    logo: '/static/logos/vastai_small2.png',
    webpage: null,
    external: null,
    cluster_id: null,
    nw_disk_min_bw: null,
    nw_disk_max_bw: null,
    nw_disk_avg_bw: null,
  };
}

/** Everything of an offer that the market does not move. */
export function fixedColumns(slice: Slice, id: number, startsAt: number): Row {
  const { machine } = slice;
  const datacenter = offersVolumes(machine);
  return {
    ...machineColumns(slice),
    id,
    ask_contract_id: id,
    public_ipaddr: `${machine.ip} `,
    disk_space: offeredDiskGb(slice),
    reliability: machine.reliability,
    reliability_mult: reliabilityMultiplier(machine.reliability),
    expected_reliability: machine.reliability * 0.98,
    vericode: machine.verification === 'verified' ? 1 : 0,
    credit_discount_max: machine.maxDiscount,
    start_date: startsAt / 1000,
    time_remaining: '',
    time_remaining_isbid: '',
    resource_type: 'gpu',
    avail_vol_ask_id: datacenter ? volumeOfferId(machine) : null,
    // Per GB and hour.
    avail_vol_dph: datacenter ? machine.storageUsd / hoursPerMonth : null,
    avail_vol_size: datacenter ? machine.diskGb / 2 : null,
    rn: 1,
  };
}
