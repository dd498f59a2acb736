/** Network volumes: each lies in one data centre, and machines of the Secure cloud there can mount it when they are created. */
import { isAbort, RentError } from '../../domain/errors.ts';
import type { Answer, Call, Http } from '../../domain/http.ts';
import { usdPerHour, type UsdPerHour } from '../../domain/money.ts';
import type { Volume, VolumeCalls, VolumeListing, VolumeOrder, VolumeSite } from '../../domain/volume.ts';
import { plainText } from '../http/plainText.ts';
import { parseBody, readRows } from './body.ts';
import { listPods } from './podCalls.ts';
import { isOk, refusal, saysMissing } from './problems.ts';
import { createdVolume, dataCenterList, dataCenterRow, volumeIdPattern, volumeList, volumeRow, type VolumeRow } from './schemas/volume.ts';

const pace = { name: 'runpod.volumes', burst: 12, perMs: 60_000 };
const monthHours = 730;
const firstTierGb = 1_000;

export const runpodVolumes = (http: Http): Omit<VolumeCalls, 'folder' | 'attach'> => ({
  list: (signal) => listWithUsers(http, signal),
  sites: async (_, signal) => http.send(listSites(), signal),
  create: async (order) => http.send(createVolume(order)),
  remove: async (key) => http.send(deleteVolume(key)),
});

/** RunPod says of pods which volume they have, and of volumes nothing; a list without users is still a list. */
async function listWithUsers(http: Http, signal: AbortSignal): Promise<VolumeListing> {
  const listing = await http.send(listVolumes(), signal);
  if (listing.volumes.length === 0) return listing;
  const { pods } = await http.send(listPods(), signal).catch((error: unknown) => {
    if (isAbort(error)) throw error;
    return { pods: [] };
  });
  const usersOf = (key: string): string[] => pods.filter(({ mounts }) => mounts?.network?.some(({ volumeId }) => volumeId === key)).map(({ id }) => id);
  return { ...listing, volumes: listing.volumes.map((volume) => ({ ...volume, usedBy: usersOf(volume.key) })) };
}

export const listVolumes = (): Call<VolumeListing> => ({
  method: 'GET',
  path: '/v2/network-volumes',
  key: 'required',
  pace,
  retry: 'safe',
  read: (answer) => {
    const list = parseBody(volumeList, succeeded(answer));
    const { rows, unread } = readRows(volumeRow, list.networkVolumes);
    return { volumes: rows.map(volumeOf), complete: unread === 0 && list.pagination?.hasNextPage !== true };
  },
});

function volumeOf({ id, name, size, dataCenter, type }: VolumeRow): Volume {
  return {
    id: `runpod:${id}`, provider: 'runpod', key: id,
    name: plainText(name, 80) || id,
    sizeGb: size, site: dataCenter, place: dataCenter,
    // The fast kind's price varies by data centre, and only RunPod's console shows it.
    ...(type === 'STANDARD' ? { rate: standardRate(size) } : {}),
    usedBy: [],
  };
}

/** $0.07 per GB and month up to 1 TB, $0.05 for what is above. */
export const standardRate = (gb: number): UsdPerHour =>
  usdPerHour((Math.min(gb, firstTierGb) * 0.07 + Math.max(0, gb - firstTierGb) * 0.05) / monthHours);

export const listSites = (): Call<VolumeSite[]> => ({
  method: 'GET',
  path: '/v2/catalog/datacenters',
  query: { networkVolumeTypes: 'STANDARD' },
  key: 'required',
  pace,
  retry: 'safe',
  read: (answer) => {
    const { rows } = readRows(dataCenterRow, parseBody(dataCenterList, succeeded(answer)).dataCenters);
    return rows
      .filter(({ networkVolumeTypes }) => networkVolumeTypes.includes('STANDARD'))
      .map(({ id }) => ({ provider: 'runpod', key: id, site: id, place: id, leastGb: 10, mostGb: 4096, rateFor: standardRate }));
  },
});

/** Without a type RunPod takes the data centre's usual one, which may be the dear one. */
export const createVolume = ({ site, name, sizeGb }: VolumeOrder): Call<string> => ({
  method: 'POST',
  path: '/v2/network-volumes',
  body: { name, size: Math.ceil(sizeGb), dataCenter: site.key, type: 'STANDARD' },
  key: 'required',
  pace,
  retry: 'never',
  timeoutMs: 60_000,
  read: (answer) => parseBody(createdVolume, succeeded(answer)).id,
});

export const deleteVolume = (key: string): Call<void> => ({
  method: 'DELETE',
  path: volumePath(key),
  key: 'required',
  pace,
  retry: 'safe',
  read: (answer) => {
    if (isOk(answer) || saysMissing(answer)) return;
    const error = refusal(answer);
    throw answer.status === 400 || answer.status === 409 ? new RentError('notAllowed', { status: answer.status, ...(error.detail === undefined ? {} : { detail: error.detail }), cause: error }) : error;
  },
});

function volumePath(key: string): string {
  if (!volumeIdPattern.test(key)) throw new RentError('badRequest', { detail: 'not an id of a disk' });
  return `/v2/network-volumes/${key}`;
}

function succeeded(answer: Answer): Answer {
  if (!isOk(answer)) throw refusal(answer);
  return answer;
}
