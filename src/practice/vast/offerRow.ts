// One row of a search answer: what the machine is, and what it costs now.
// Storage is priced in dollars per GB and month of 720 hours.
import { hoursPerMonth, reliabilityMultiplier, type Row } from './fixedColumns.ts';
import type { Ask, Stock } from './stock.ts';

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

function hourly(gpu: number, disk: number, discount: number) {
  return {
    gpuCostPerHour: gpu,
    diskHour: disk,
    totalHour: gpu + disk,
    discountTotalHour: discount,
    discountedTotalPerHour: gpu + disk - discount,
  };
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

/**
 * The columns that move with the market. With the fixed ones they are all a
 * search filters and sorts by; whole rows are made only of those it keeps.
 */
export function liveColumns(ask: Ask, context: RowContext) {
  const { machine, gpus } = ask;
  const { stock, at, type, storageGb } = context;
  const minBid = stock.minBidUsd(ask, at);
  const gpuUsd = type === 'bid' ? minBid : stock.priceUsd(ask, at);
  const diskUsd = (machine.storageUsd * storageGb) / hoursPerMonth;
  const total = gpuUsd + diskUsd;
  const discount = type === 'reserved' ? gpuUsd * machine.maxDiscount : 0;
  const dlperf = Number(stock.fixed(ask)['dlperf']);
  const endSeconds = stock.endsAt(machine) / 1000;
  return {
    dph_base: gpuUsd,
    dph_total: total,
    dph_total_adj: total + machine.upUsdPerGb + machine.downUsdPerGb,
    storage_cost: machine.storageUsd,
    storage_total_cost: diskUsd,
    discount_rate: gpuUsd === 0 ? 0 : discount / gpuUsd,
    discounted_hourly: discount,
    discounted_dph_total: total - discount,
    dlperf_per_dphtotal: dlperf / total,
    flops_per_dphtotal: (machine.gpu.tflops * gpus) / total,
    score: (dlperf / total) * reliabilityMultiplier(machine.reliability) * 0.57,
    vram_costperhour: gpuUsd / ((machine.gpu.vramMib * gpus) / 1024),
    min_bid: minBid,
    is_bid: type === 'bid',
    rentable: stock.rentable(ask, at),
    rented: context.rentedMachines.has(machine.id),
    end_date: endSeconds,
    duration: endSeconds - at / 1000,
  };
}

export function offerRow(ask: Ask, context: RowContext): Row {
  const live = liveColumns(ask, context);
  return {
    ...context.stock.fixed(ask),
    ...live,
    search: hourly(live.dph_base, live.storage_total_cost, live.discounted_hourly),
    instance: hourly(0, live.storage_total_cost, 0),
  };
}

/** The same search finds disks without a GPU when it asks for 0 GPUs. */
export function diskRow(ask: Ask, context: RowContext): Row {
  const row = offerRow(ask, context);
  const id = ask.id + 500_000_000;
  const prices = priceColumns(0.01, ask.machine.storageUsd, context.storageGb, 0);
  return {
    ...row,
    ...prices,
    id,
    ask_contract_id: id,
    num_gpus: 0,
    gpu_ids: [],
    gpu_name: null,
    gpu_frac: 0,
    gpu_ram: 0,
    gpu_total_ram: 0,
    cpu_ram: 0,
    resource_type: 'disk',
  };
}
