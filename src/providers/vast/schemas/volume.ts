import * as z from 'zod/mini';
import { dollars, id, maybe, number, text } from './loose.ts';

/** `GET /volumes`. Rows are read one by one, so that a bad one costs only itself. */
export const volumePage = z.object({ volumes: z.array(z.unknown()) });

/** Dollars per hour for the whole disk; the machine is where it lies for ever. */
export const volumeRow = z.object({
  id,
  label: maybe(text),
  disk_space: number.check(z.refine((gb) => gb > 0)),
  machine_id: id,
  geolocation: maybe(text),
  storage_total_cost: maybe(dollars),
  /** Dollars per GB and month of 720 hours. */
  storage_cost: maybe(dollars),
  instances: maybe(z.array(z.unknown())),
});
export type VolumeRow = z.infer<typeof volumeRow>;

/** `POST /volumes/search/`. */
export const volumeOffers = z.object({ offers: z.array(z.unknown()) });

export const volumeOfferRow = z.object({
  ask_contract_id: maybe(id),
  id: maybe(id),
  machine_id: id,
  disk_space: number.check(z.refine((gb) => gb > 0)),
  storage_cost: dollars,
  geolocation: maybe(text),
});
export type VolumeOfferRow = z.infer<typeof volumeOfferRow>;

/** `PUT /volumes/`: `V.123`, and sometimes the number apart. */
export const createdVolume = z.object({ volume_name: maybe(text), volume_id: maybe(id) });
