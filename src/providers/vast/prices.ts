/** Vast's money: dollars per hour, and dollars per GB and month of 720 hours for disks. */
import { usdPerHour, type UsdPerHour } from '../../domain/money.ts';

const hoursPerMonth = 720;

export interface PriceColumns {
  readonly dph_base?: number | undefined;
  readonly dph_total?: number | undefined;
  readonly storage_cost?: number | undefined;
}

/** What `gb` of disk cost; undefined when the row tells in no way. */
export function diskRate({ dph_base, dph_total, storage_cost }: PriceColumns, gb: number): UsdPerHour | undefined {
  if (storage_cost !== undefined && storage_cost >= 0) return usdPerHour((storage_cost * gb) / hoursPerMonth);
  if (dph_base === undefined || dph_total === undefined || dph_total < dph_base) return undefined;
  return usdPerHour(dph_total - dph_base);
}

/** What Vast takes for a bid, in micro-dollars. */
export const leastBid = 1_000 as UsdPerHour;

/** Rounded up: a bid a fraction of a micro-dollar below the floor is refused. Undefined when it is no bid at all. */
export function bidAtLeast(dollars: number): UsdPerHour | undefined {
  const micros = Math.ceil(Number((dollars * 1_000_000).toFixed(3)));
  return micros >= leastBid ? (micros as UsdPerHour) : undefined;
}

/** Vast rents whole gigabytes from 8 on; the disk that is priced is the disk that will be rented. */
export const rentableGb = (gb: number): number => Math.max(8, Math.ceil(gb));
