// Network volumes: they outlive pods and are charged until they are deleted.
import { idOf, type NetworkVolume } from '../account.ts';
import type { Shaped } from '../shape.ts';
import type { createVolumeBody, updateVolumeBody } from '../bodies.ts';
import { findDataCenter } from '../places.ts';
import { Refusal } from '../problems.ts';
import { listPods, type Runpod } from '../runpod.ts';
import type { View } from './gpuCatalog.ts';

export function listVolumes({ account }: Runpod): View {
  return { networkVolumes: [...account.volumes.values()].filter((volume) => !volume.deleted).map(volumeView) };
}

export function findVolume({ account }: Runpod, id: string): NetworkVolume {
  const volume = account.volumes.get(id);
  if (volume === undefined || volume.deleted) throw new Refusal(404, 'network volume not found');
  return volume;
}

export function volumeView({ id, name, size, dataCenter, type }: NetworkVolume): View {
  return { id, name, size, dataCenter, type };
}

export function createVolume(runpod: Runpod, body: Shaped<typeof createVolumeBody>): NetworkVolume {
  const center = findDataCenter(body.dataCenter);
  const type = body.type ?? center?.volumeTypes[0];
  if (center === undefined || type === undefined || !center.volumeTypes.includes(type)) throw new Refusal(400, `data center "${body.dataCenter}" does not support this network volume`);
  const volume: NetworkVolume = { id: idOf(runpod.random, 10), name: body.name, size: body.size, dataCenter: center.id, type, deleted: false };
  runpod.account.volumes.set(volume.id, volume);
  charge(runpod, volume);
  return volume;
}

export function updateVolume(runpod: Runpod, volume: NetworkVolume, body: Shaped<typeof updateVolumeBody>): void {
  if (Object.keys(body).length === 0) throw new Refusal(422, 'Request validation failed.', ['$: minProperties: got 0, want 1']);
  if (body.size !== undefined && body.size < volume.size) throw new Refusal(400, 'network volume size cannot be reduced');
  volume.name = body.name ?? volume.name;
  volume.size = body.size ?? volume.size;
  charge(runpod, volume);
}

export function deleteVolume(runpod: Runpod, volume: NetworkVolume): void {
  const inUse = listPods(runpod).some((pod) => (pod.config.mounts.network ?? []).some((mount) => mount.volumeId === volume.id));
  if (inUse) throw new Refusal(400, 'network volume is in use by a pod');
  volume.deleted = true;
  charge(runpod, volume);
}

function charge({ world }: Runpod, volume: NetworkVolume): void {
  const lines = volume.deleted ? [] : [{ kind: 'disk' as const, usdPerHour: monthlyUsd(volume) / 730 }];
  world.ledger.setLines('runpod', volume.id, lines, world.agenda.now());
}

/** 0.07 $ per GB up to 1 TB and 0.05 $ above; the fast tier has its own price. */
export function monthlyUsd({ size, type }: Pick<NetworkVolume, 'size' | 'type'>): number {
  if (type === 'HIGH_PERFORMANCE') return size * 0.14;
  return Math.min(size, 1000) * 0.07 + Math.max(0, size - 1000) * 0.05;
}
