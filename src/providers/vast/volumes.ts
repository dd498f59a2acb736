/** Disks of Vast's: each lies on one machine for ever, and only machines that are rented there can use it. */
import { isRentError, RentError } from '../../domain/errors.ts';
import type { Call, Http } from '../../domain/http.ts';
import { usdPerHour, type UsdPerHour } from '../../domain/money.ts';
import type { Volume, VolumeCalls, VolumeListing, VolumeOrder, VolumeSite } from '../../domain/volume.ts';
import { plainText } from '../http/plainText.ts';
import { parseWith } from '../http/read.ts';
import { compact } from './compact.ts';
import { idOf } from './instanceCalls.ts';
import { placeOf } from './place.ts';
import { diskRate } from './prices.ts';
import { accepted } from './problems.ts';
import { createdVolume, volumeOfferRow, volumeOffers, volumePage, volumeRow, type VolumeOfferRow, type VolumeRow } from './schemas/volume.ts';

const pace = { name: 'vast.volumes', gapMs: 5_700 };
/** As many as one answer holds. */
const mostMachines = 64;

export const vastVolumes = (http: Http): Omit<VolumeCalls, 'folder' | 'attach'> => ({
  list: (signal) => http.send(listVolumes(), signal),
  sites: async (machines, signal) => (machines.length === 0 ? [] : http.send(searchVolumes(machines.slice(0, mostMachines)), signal)),
  create: async (order) => http.send(createVolume(order)),
  remove: async (key) => http.send(deleteVolume(key)),
});

export const listVolumes = (): Call<VolumeListing> => ({
  method: 'GET',
  path: '/api/v0/volumes/',
  query: { owner: 'me', type: 'all_volume' },
  key: 'required',
  pace,
  retry: 'safe',
  read: (answer) => {
    const rows = parseWith(volumePage, accepted(answer)).volumes;
    const volumes = rows.flatMap((raw) => {
      const row = volumeRow.safeParse(raw).data;
      return row === undefined ? [] : [volumeOf(row)];
    });
    return { volumes, complete: volumes.length === rows.length };
  },
});

function volumeOf(row: VolumeRow): Volume {
  const rate = row.storage_total_cost === undefined ? diskRate({ storage_cost: row.storage_cost }, row.disk_space) : usdPerHour(row.storage_total_cost);
  return {
    id: `vast:${row.id}`,
    provider: 'vast',
    key: String(row.id),
    name: plainText(row.label ?? '', 64) || `V.${row.id}`,
    sizeGb: row.disk_space,
    site: String(row.machine_id),
    place: placeOf(row.geolocation).place,
    ...compact({ rate }),
    usedBy: (row.instances ?? []).flatMap(instanceKey),
  };
}

/** Numbers, or objects with one: the documentation says only that it is a list. */
function instanceKey(instance: unknown): string[] {
  const value: unknown = typeof instance === 'object' && instance !== null && 'id' in instance ? instance.id : instance;
  return typeof value === 'number' || typeof value === 'string' ? [String(value)] : [];
}

export const searchVolumes = (machines: readonly string[]): Call<VolumeSite[]> => ({
  method: 'POST',
  path: '/api/v0/volumes/search/',
  body: {
    machine_id: { in: machines.map((machine) => Number(idOf(machine))) }, external: { eq: false }, disk_space: { gte: 1 },
    order: [['storage_cost', 'asc']], limit: mostMachines, allocated_storage: 1,
  },
  key: 'required',
  pace,
  retry: 'safe',
  read: (answer) =>
    parseWith(volumeOffers, accepted(answer)).offers.flatMap((raw) => {
      const row = volumeOfferRow.safeParse(raw).data;
      const site = row && siteOf(row);
      // Filters are not always honoured.
      return site === undefined || !machines.includes(site.site) ? [] : [site];
    }),
});

function siteOf(row: VolumeOfferRow): VolumeSite | undefined {
  const ask = row.ask_contract_id ?? row.id;
  if (ask === undefined) return undefined;
  return {
    provider: 'vast',
    key: String(ask),
    site: String(row.machine_id),
    place: placeOf(row.geolocation).place,
    leastGb: 1,
    mostGb: Math.floor(row.disk_space),
    rateFor: (gb): UsdPerHour => diskRate(row, gb) ?? usdPerHour(0),
  };
}

/** Each offer can make several disks, so a second request would make a second one. */
export const createVolume = ({ site, name, sizeGb }: VolumeOrder): Call<string> => ({
  method: 'PUT',
  path: '/api/v0/volumes/',
  body: { id: Number(idOf(site.key)), size: Math.ceil(sizeGb), name },
  key: 'required',
  pace,
  retry: 'never',
  timeoutMs: 60_000,
  read: (answer) => {
    const { volume_id: id, volume_name: label = '' } = parseWith(createdVolume, accepted(answer, [[/no_such_ask|no longer available|not available/i, 'offerGone']]));
    const key = id?.toString() ?? /^V\.([1-9]\d{0,14})$/.exec(label)?.[1];
    if (key === undefined) throw new RentError('badResponse', { detail: 'a disk without an id' });
    return key;
  },
});

export const deleteVolume = (key: string): Call<void> => ({
  method: 'DELETE',
  path: '/api/v0/volumes/',
  query: { id: idOf(key) },
  body: { id: Number(idOf(key)) },
  key: 'required',
  pace,
  retry: 'safe',
  read: (answer) => {
    try {
      accepted(answer, [[/no_such_volume|volume with that id does not exist/i, 'gone'], [/in use|attached|must be destroyed/i, 'notAllowed']]);
    } catch (error) {
      if (!isRentError(error, 'gone')) throw error;
    }
  },
});
