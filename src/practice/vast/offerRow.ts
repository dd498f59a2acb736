// One row of a search answer. Units are Vast's own: MB of memory, Mb/s of
// network, dollars per GB and month of 720 hours for disks.
import { hash32 } from '../random.ts';
import type { Ask, Stock } from './stock.ts';

export type Row = Readonly<Record<string, unknown>>;
export type SearchType = 'on-demand' | 'bid' | 'reserved';

export interface RowContext {
  readonly stock: Stock;
  readonly at: number;
  /** GB of disk folded into the price. */
  readonly storageGb: number;
  readonly type: SearchType;
  /** Machines the account rents on already. */
  readonly rentedMachines: ReadonlySet<string>;
}

export const hoursPerMonth = 720;

export function driverNumber(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return major * 1_000_000 + minor * 1000 + patch;
}

function hourly(gpu: number, disk: number, discount: number) {
  return { gpuCostPerHour: gpu, diskHour: disk, totalHour: gpu + disk, discountTotalHour: discount, discountedTotalPerHour: gpu + disk - discount };
}

/** What the price columns say for a GPU price and a disk, all in dollars per hour. */
export function priceColumns(gpuUsd: number, storageUsd: number, storageGb: number, discount: number): Row {
  const disk = (storageUsd * storageGb) / hoursPerMonth;
  const total = gpuUsd + disk;
  return {
    dph_base: gpuUsd,
    dph_total: total,
    storage_cost: storageUsd,
    storage_total_cost: disk,
    discount_rate: gpuUsd === 0 ? 0 : discount / gpuUsd,
    discounted_hourly: discount,
    discounted_dph_total: total - discount,
    search: hourly(gpuUsd, disk, discount),
    instance: hourly(0, disk, 0),
  };
}

/** The columns that belong to the hardware: offers and instances share them. */
export function hardwareColumns({ machine, gpus }: Pick<Ask, 'machine' | 'gpus'>): Row {
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

export function offerRow(ask: Ask, context: RowContext): Row {
  const { machine, gpus } = ask;
  const { stock, at, type } = context;
  const minBid = stock.minBidUsd(ask, at);
  const gpuUsd = type === 'bid' ? minBid : stock.priceUsd(ask, at);
  const prices = priceColumns(gpuUsd, machine.storageUsd, context.storageGb, type === 'reserved' ? gpuUsd * machine.maxDiscount : 0);
  const total = gpuUsd + (machine.storageUsd * context.storageGb) / hoursPerMonth;
  const hardware = hardwareColumns(ask);
  const dlperf = Number(hardware['dlperf']);
  const reliabilityMult = machine.reliability ** 8.5;
  const endSeconds = stock.endsAt(machine) / 1000;
  return {
    ...hardware,
    ...prices,
    id: ask.id,
    ask_contract_id: ask.id,
    public_ipaddr: `${machine.ip} `,
    disk_space: machine.diskGb * (gpus / machine.gpus),
    dlperf_per_dphtotal: dlperf / total,
    flops_per_dphtotal: (machine.gpu.tflops * gpus) / total,
    score: (dlperf / total) * reliabilityMult * 0.57,
    reliability: machine.reliability,
    reliability_mult: reliabilityMult,
    expected_reliability: machine.reliability * 0.98,
    vericode: machine.verification === 'verified' ? 1 : 0,
    rentable: stock.rentable(ask, at),
    rented: context.rentedMachines.has(machine.id),
    is_bid: type === 'bid',
    min_bid: minBid,
    credit_discount_max: machine.maxDiscount,
    dph_total_adj: total + machine.upUsdPerGb + machine.downUsdPerGb,
    vram_costperhour: gpuUsd / ((machine.gpu.vramMib * gpus) / 1024),
    start_date: at / 1000 - machine.listedAgo,
    end_date: endSeconds,
    duration: endSeconds - at / 1000,
    time_remaining: '',
    time_remaining_isbid: '',
    resource_type: 'gpu',
    avail_vol_ask_id: machine.hostingType === 1 ? ask.id + 1_000_000_000 : null,
    avail_vol_dph: machine.hostingType === 1 ? machine.storageUsd / hoursPerMonth : null,
    avail_vol_size: machine.hostingType === 1 ? machine.diskGb / 2 : null,
    rn: 1,
  };
}

/** The same search finds disks without a GPU when it asks for 0 GPUs. */
export function diskRow(ask: Ask, context: RowContext): Row {
  const row = offerRow(ask, context);
  return { ...row, ...priceColumns(0.01, ask.machine.storageUsd, context.storageGb, 0), id: ask.id + 500_000_000, ask_contract_id: ask.id + 500_000_000, num_gpus: 0, gpu_ids: [], gpu_name: null, gpu_frac: 0, gpu_ram: 0, gpu_total_ram: 0, cpu_ram: 0, resource_type: 'disk' };
}
