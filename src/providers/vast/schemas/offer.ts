import * as z from 'zod/mini';
import { dollars, flag, id, maybe, number, seconds, text } from './loose.ts';

/** `POST /bundles/`. Rows are read one by one, so that a bad one costs only itself. */
export const offerPage = z.object({ offers: z.array(z.unknown()) });

/** Units: dollars per hour, dollars per GB and month of 720 hours, MB of memory, megabits per second. */
export const offerRow = z.object({
  ask_contract_id: maybe(id),
  id: maybe(id),
  gpu_name: text.check(z.minLength(1)),
  num_gpus: number.check(z.refine((count) => Number.isInteger(count) && count >= 1)),
  /** Per GPU, usable. */
  gpu_ram: number.check(z.refine((mb) => mb > 0)),
  dph_base: dollars.check(z.refine((price) => price > 0)),
  dph_total: maybe(dollars),
  storage_cost: maybe(dollars),
  min_bid: maybe(dollars),
  rentable: maybe(flag),
  verification: maybe(text),
  vericode: maybe(number),
  hosting_type: maybe(number),
  reliability: maybe(number),
  reliability2: maybe(number),
  geolocation: maybe(text),
  machine_id: maybe(id),
  host_id: maybe(id),
  cpu_name: maybe(text),
  cpu_cores: maybe(number),
  cpu_cores_effective: maybe(number),
  cpu_ram: maybe(number),
  disk_name: maybe(text),
  disk_bw: maybe(number),
  disk_space: maybe(number),
  inet_down: maybe(number),
  inet_up: maybe(number),
  inet_down_cost: maybe(number),
  inet_up_cost: maybe(number),
  pcie_bw: maybe(number),
  cuda_max_good: maybe(number),
  driver_version: maybe(text),
  start_date: maybe(seconds),
  end_date: maybe(seconds),
  direct_port_count: maybe(number),
});
export type OfferRow = z.infer<typeof offerRow>;

/** Searches for no GPU, and sometimes others, also find bare disks. */
export const resourceType = z.object({ resource_type: maybe(text) });

export const gpuNameList = z.object({ gpu_names: z.array(text) });
