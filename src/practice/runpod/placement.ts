// Puts a drafted pod on a host, or says in RunPod's words why it cannot be.
import { pullProblem } from '../images.ts';
import { idOf, newKey } from './account.ts';
import { findCpuFlavor } from './cpuFlavors.ts';
import type { PodDraft } from './draft.ts';
import { findGpuType, type Cloud } from './gpuTypes.ts';
import type { Host } from './hosts.ts';
import { dataCenters, findDataCenter } from './places.ts';
import type { Pod, PodConfig } from './pod.ts';
import { prepareFolder } from './podFolder.ts';
import { rentalSpecOf } from './podRental.ts';
import { noCapacity, Refusal } from './problems.ts';
import type { Runpod } from './runpod.ts';

interface Place {
  readonly cloud: Cloud;
  readonly host: Host | null;
  readonly dataCenterId: string | null;
  readonly cpu: Pod['cpu'];
  readonly rate: number;
}

/**
 * Makes the pod. `phantom`: answers as if, and makes nothing.
 * Throws a Refusal with the status RunPod gives.
 */
export function placePod(runpod: Runpod, draft: PodDraft, phantom: boolean): Pod {
  const { world, account, random } = runpod;
  const now = world.agenda.settle();
  const sites = checkReferences(runpod, draft);
  const place = draft.cpu === null ? gpuPlace(runpod, draft, sites, now) : cpuPlace(runpod, draft.cpu, sites);
  const dearer = world.faults.hit('price-higher', 'runpod') ? 1.5 : 1;
  const id = idOf(random, 14);
  const pod: Pod = {
    id,
    apiKey: newKey(random),
    sshToken: `${id}-${idOf(random, 8)}`,
    config: configOf(draft),
    cloud: place.cloud,
    gpu: draft.gpu === null ? null : { id: draft.gpu.id, count: draft.gpu.count ?? 1 },
    cpu: place.cpu,
    host: place.host,
    dataCenterId: place.dataCenterId,
    rate: place.rate * dearer,
    injectedEnv: {
      ...(draft.startSsh && account.sshKeys.length > 0 ? { PUBLIC_KEY: account.sshKeys.join('\n') } : {}),
      ...(draft.startJupyter ? { JUPYTER_PASSWORD: idOf(random, 20) } : {}),
    },
    createdAt: now,
    startedAt: null,
    stalePort: null,
    rental: null,
  };
  if (phantom) return pod;
  if (place.host !== null && !runpod.stock.occupancy.take(place.host, pod.gpu?.count ?? 0, now)) throw new Refusal(400, noCapacity);
  runpod.pods.set(id, pod);
  account.podKeys.set(pod.apiKey, id);
  pod.rental = world.rentals.create(rentalSpecOf(runpod, pod));
  prepareFolder(pod.rental.dir, draft.mounts);
  return pod;
}

function configOf({ name, image, args, cmd, entrypoint, disk, ports, env, registry, mounts, globalNetworking }: PodDraft): PodConfig {
  return { name, image, args, cmd, entrypoint, disk, ports, env, registry, mounts, globalNetworking, locked: false };
}

/** What the draft names must exist. Returns the sites it may go to; [] is any. */
function checkReferences(runpod: Runpod, draft: PodDraft): readonly string[] {
  const problem = pullProblem(draft.image);
  // Only a missing tag is noticed at create; a repository is found out when it is pulled.
  if (problem !== null && /manifest|invalid reference/.test(problem)) throw new Refusal(422, `image "${draft.image}" could not be resolved: ${problem}`);
  if (draft.registry !== null) throw new Refusal(404, 'container registry credential not found');
  const wanted = draft.wants.dataCenterIds;
  const volumeId = draft.mounts.network?.[0]?.volumeId;
  if (volumeId === undefined) return draft.globalNetworking ? globalSites(wanted) : wanted;
  const volume = runpod.account.volumes.get(volumeId);
  if (volume === undefined || volume.deleted) throw new Refusal(404, 'network volume not found');
  if (draft.cloud === 'COMMUNITY') throw new Refusal(400, 'network volumes are only available on SECURE cloud');
  if (wanted.length > 0 && !wanted.includes(volume.dataCenter)) throw new Refusal(400, `network volume ${volumeId} is in data center ${volume.dataCenter}`);
  return [volume.dataCenter];
}

function globalSites(wanted: readonly string[]): readonly string[] {
  const able = dataCenters.filter((center) => center.globalNetwork && (wanted.length === 0 || wanted.includes(center.id)));
  if (able.length === 0) throw new Refusal(400, 'no requested data center supports global networking');
  return able.map((center) => center.id);
}

function gpuPlace(runpod: Runpod, draft: PodDraft, sites: readonly string[], now: number): Place {
  const type = findGpuType(draft.gpu?.id ?? '');
  if (type === undefined || type.manufacturer === 'UNKNOWN') throw new Refusal(400, `gpu type "${draft.gpu?.id ?? ''}" not found`);
  if (type.byInvitation) throw new Refusal(403, 'access denied');
  const { world, stock, random } = runpod;
  const count = draft.gpu?.count;
  const clouds = draft.cloud === undefined ? (['SECURE', 'COMMUNITY'] as const) : [draft.cloud];
  needCredit(runpod, Math.min(...clouds.map((cloud) => type.price[cloud] || Infinity)) * (count ?? 1));
  const gone = world.faults.hit('no-capacity', 'runpod') || world.faults.hit('offer-gone', 'runpod');
  // Leaving the count out has always failed like this, although the contract has a default.
  if (gone || count === undefined) throw new Refusal(400, noCapacity);
  const rooms = stock.withRoom({ ...draft.wants, gpuTypeId: type.id, count, dataCenterIds: sites, ...(draft.cloud === undefined ? {} : { cloud: draft.cloud }) }, now);
  const [first, ...others] = rooms;
  if (first === undefined) throw new Refusal(400, noCapacity);
  const host = random.pick([first, ...others]);
  return { cloud: host.cloud, host, dataCenterId: host.dataCenterId, cpu: null, rate: type.price[host.cloud] * count };
}

function cpuPlace(runpod: Runpod, cpu: NonNullable<PodDraft['cpu']>, sites: readonly string[]): Place {
  const flavor = findCpuFlavor(cpu.id);
  if (flavor === undefined) throw new Refusal(400, `cpu flavor "${cpu.id}" not found`);
  if (!Number.isInteger(Math.log2(cpu.vcpuCount))) throw new Refusal(400, 'cpu.vcpuCount must be a power of two');
  if (cpu.vcpuCount < flavor.minVcpu || cpu.vcpuCount > flavor.maxVcpu) throw new Refusal(400, `cpu.vcpuCount must be between ${flavor.minVcpu} and ${flavor.maxVcpu} for ${flavor.id}`);
  const rate = flavor.securePerVcpu * cpu.vcpuCount;
  needCredit(runpod, rate);
  const open = sites.length === 0 ? dataCenters : sites.flatMap((id) => findDataCenter(id) ?? []);
  const [first, ...others] = open;
  if (first === undefined || runpod.world.faults.hit('no-capacity', 'runpod')) throw new Refusal(400, noCapacity);
  const center = runpod.random.pick([first, ...others]);
  return { cloud: 'SECURE', host: null, dataCenterId: center.id, cpu: { ...cpu, memory: Math.round(cpu.vcpuCount * flavor.ramGbPerVcpu) }, rate };
}

/** RunPod wants an hour of the pod in the account before it starts one. */
function needCredit({ world }: Runpod, usdPerHour: number): void {
  const credit = world.ledger.creditMicros('runpod', world.agenda.now()) / 1e6;
  const short = Number.isFinite(usdPerHour) && credit < usdPerHour;
  if (short || world.faults.hit('no-credit', 'runpod')) throw new Refusal(402, 'Your account balance is too low to deploy this pod. Add at least one hour of its cost in credit.');
}
