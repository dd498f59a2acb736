import * as z from 'zod/mini';
import { amount, dollars, flag, id, maybe, number, seconds, text } from './loose.ts';

/** `GET /api/v1/instances/`. */
export const instancePage = z.object({
  success: z.optional(z.unknown()),
  instances: z.array(z.unknown()),
  instances_found: maybe(number),
  total_instances: maybe(number),
  /** Null on the last page. Its absence says nothing. */
  next_token: z.nullish(text),
});

/** `GET /api/v0/instances/{id}/`: one object under the plural key, null once it is destroyed. */
export const oneInstance = z.object({ instances: z.nullable(z.record(z.string(), z.unknown())) });

/** Docker's port map; the vendor's documentation shows a list of numbers instead, which maps nothing. */
const portMap = z.record(z.string(), maybe(z.array(z.object({ HostPort: maybe(number) }))));

const status = z.nullish(text);

export const instanceRow = z.object({
  id,
  label: maybe(text),
  gpu_name: maybe(text),
  num_gpus: maybe(number),
  gpu_ram: maybe(number),
  geolocation: maybe(text),
  is_bid: maybe(flag),
  disk_space: maybe(number),
  actual_status: status,
  intended_status: status,
  cur_state: status,
  next_state: status,
  status_msg: maybe(text),
  min_bid: maybe(dollars),
  dph_base: maybe(dollars),
  dph_total: maybe(dollars),
  /** What a reserved rental is billed at. */
  discounted_dph_total: maybe(dollars),
  credit_balance: maybe(amount),
  storage_cost: maybe(dollars),
  storage_total_cost: maybe(dollars),
  image_uuid: maybe(text),
  image_runtype: maybe(text),
  ssh_host: maybe(text),
  ssh_port: maybe(number),
  public_ipaddr: maybe(text),
  ports: maybe(portMap),
  start_date: maybe(seconds),
});
export type InstanceRow = z.infer<typeof instanceRow>;
