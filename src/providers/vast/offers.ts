/** A row of a search as an offer: one machine's GPUs, priced with the disk that will be rented. */
import { gpuName, nominalVramGb } from '../../domain/gpu.ts';
import { usdPerHour, type UsdPerHour } from '../../domain/money.ts';
import type { Offer, OfferDetails, OfferKind } from '../../domain/offer.ts';
import { plainText } from '../http/plainText.ts';
import { compact } from './compact.ts';
import { bidAtLeast, diskRate } from './prices.ts';
import { placeOf } from './place.ts';
import type { OfferRow } from './schemas/offer.ts';

/** What every offer of one answer has in common. */
export interface Reading {
  readonly kind: OfferKind;
  readonly diskGb: number;
  readonly at: number;
}

/** Undefined for a row that lacks what an offer cannot do without. */
export function offerOf(row: OfferRow, { kind, diskGb, at }: Reading): Offer | undefined {
  const ask = askIdOf(row);
  const gpu = gpuRate(row, kind);
  const disk = diskRate(row, diskGb);
  if (ask === undefined || gpu === undefined || disk === undefined) return undefined;
  return {
    id: `vast:${ask}${kind === 'interruptible' ? '-bid' : ''}`,
    provider: 'vast',
    gpu: gpuName(plainText(row.gpu_name, 60)),
    gpuCount: row.num_gpus,
    vramGb: nominalVramGb(row.gpu_ram),
    price: { gpu, disk, stoppedDisk: disk },
    diskGb,
    kind,
    tier: (row.hosting_type ?? 0) >= 1 ? 'datacentre' : 'community',
    ...compact({ reliability: shareOf(row.reliability ?? row.reliability2) }),
    ...placeOf(row.geolocation),
    readAt: at,
    details: detailsOf(row),
  };
}

export const askIdOf = (row: Pick<OfferRow, 'ask_contract_id' | 'id'>): number | undefined => row.ask_contract_id ?? row.id;

/** An interruptible offer costs what is bid for it: the least that holds it now. */
function gpuRate(row: OfferRow, kind: OfferKind): UsdPerHour | undefined {
  if (kind === 'on-demand') return usdPerHour(row.dph_base);
  return row.min_bid === undefined ? undefined : bidAtLeast(row.min_bid);
}

const shareOf = (value: number | undefined): number | undefined => (value !== undefined && value >= 0 && value <= 1 ? value : undefined);

function detailsOf(row: OfferRow): OfferDetails {
  return compact({
    machineId: row.machine_id?.toString(),
    hostId: row.host_id?.toString(),
    cpuName: textOf(row.cpu_name),
    cpuCores: row.cpu_cores_effective,
    ramGb: ramGb(row),
    diskName: textOf(row.disk_name),
    diskMbPerS: row.disk_bw,
    maxDiskGb: row.disk_space,
    downMbps: row.inet_down,
    upMbps: row.inet_up,
    downUsdPerGb: row.inet_down_cost,
    upUsdPerGb: row.inet_up_cost,
    pcieGbPerS: row.pcie_bw,
    cuda: row.cuda_max_good?.toFixed(1),
    driver: textOf(row.driver_version),
    availableUntil: msOf(row.end_date),
    listedSince: msOf(row.start_date),
    verified: row.verification === undefined ? undefined : row.verification === 'verified',
    directSsh: row.direct_port_count === undefined ? undefined : row.direct_port_count > 0,
  });
}

const textOf = (text: string | undefined): string | undefined => plainText(text ?? '', 80) || undefined;
const msOf = (seconds: number | undefined): number | undefined => (seconds === undefined ? undefined : Math.round(seconds * 1000));

/** Memory is given for the whole machine; a share of its cores comes with the same share of it. */
function ramGb({ cpu_ram: mb, cpu_cores: all, cpu_cores_effective: ours }: OfferRow): number | undefined {
  if (mb === undefined) return undefined;
  const share = all !== undefined && ours !== undefined && all > 0 ? Math.min(1, ours / all) : 1;
  return Math.round((mb * share) / 1024);
}
