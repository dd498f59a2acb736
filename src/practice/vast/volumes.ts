// Local volumes: each lies on one machine, is charged from the moment it is
// made until it is deleted, and can only be had by instances of that machine.
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createWithFaults } from '../createFaults.ts';
import type { HttpAnswer, HttpCall, Route } from '../httpServer.ts';
import { fail, invalidArgs, invalidRequest, isRecord, json, ok, serverError } from './answers.ts';
import { compareCells, meets } from './filters.ts';
import { hoursPerMonth, machineColumns, offersVolumes, volumeOfferId, type Row } from './fixedColumns.ts';
import type { Machine } from './machines.ts';
import { liveContracts, type VastMarket } from './market.ts';
import { numberOf } from './plain.ts';
import { readQuery } from './query.ts';

export interface LocalVolume {
  readonly id: number;
  readonly name: string | null;
  readonly sizeGb: number;
  readonly machine: Machine;
  /** Market milliseconds. */
  readonly createdAt: number;
  /** Its bill stays. */
  deleted: boolean;
}

/** How an instance was asked to use a volume. */
export interface VolumeWish {
  /** `id` is a volume's, or an offer's where a new one is to be made. */
  readonly id: number;
  readonly createNew: boolean;
  readonly sizeGb: number;
  readonly name: string | null;
  readonly path: string;
}

const defaultGb = 15;
const mostRows = 64;

export const billOf = (volume: Pick<LocalVolume, 'id'>): string => `V.${volume.id}`;

const live = (market: VastMarket): LocalVolume[] => [...market.volumes.values()].filter((volume) => !volume.deleted);

function freeGb(market: VastMarket, machine: Machine): number {
  const taken = live(market).filter((volume) => volume.machine === machine).reduce((sum, volume) => sum + volume.sizeGb, 0);
  return machine.diskGb / 2 - taken;
}

function usersOf(market: VastMarket, volume: LocalVolume): number[] {
  return liveContracts(market).filter((contract) => contract.volume === volume).map(({ id }) => id);
}

/** The volume, or the answer that refuses it. */
function make(market: VastMarket, offerId: number, size: number, name: string | null): LocalVolume | HttpAnswer {
  const now = market.world.agenda.settle();
  const machine = market.stock.machines.find((candidate) => volumeOfferId(candidate) === offerId && offersVolumes(candidate) && now < market.stock.endsAt(candidate));
  if (machine === undefined) return fail(404, 'no_such_ask', `error 404/3603: no_such_ask volume offer ${offerId} is not available.`);
  if (!(size >= 1)) return invalidArgs('size must be at least 1');
  if (size > freeGb(market, machine)) return invalidArgs(`size ${size} is more than the offer has`);
  if (name !== null && !/^\w{1,64}$/.test(name)) return invalidArgs('name must be letters, digits and underscores, 64 at most');
  if (market.world.ledger.creditMicros('vast', now) <= 0) return fail(400, 'insufficient_credit', 'Your account lacks credit; see the billing page.');
  const volume: LocalVolume = { id: market.nextId('volume'), name, sizeGb: Math.floor(size), machine, createdAt: now, deleted: false };
  market.volumes.set(volume.id, volume);
  market.world.ledger.setLines('vast', billOf(volume), [{ kind: 'disk', usdPerHour: (machine.storageUsd * volume.sizeGb) / hoursPerMonth }], now);
  return volume;
}

export const isVolume = (made: LocalVolume | HttpAnswer): made is LocalVolume => 'machine' in made;

/** What a create call asks for; it must lie on the machine that is rented. */
export function volumeFor(market: VastMarket, wish: VolumeWish, machine: Machine, askId: number): LocalVolume | HttpAnswer {
  if (wish.createNew) return volumeOfferId(machine) === wish.id ? make(market, wish.id, wish.sizeGb, wish.name) : invalidArgs(`volume offer ${wish.id} is not on this machine`, askId);
  const volume = live(market).find(({ id }) => id === wish.id);
  if (volume === undefined) return invalidArgs(`volume ${wish.id} not found`, askId);
  return volume.machine === machine ? volume : invalidArgs(`volume ${wish.id} is on another machine`, askId);
}

/** From `-v V.881:/mnt` in the environment, or from `volume_info`; null without either, a sentence when it cannot be read. */
export function readVolumeWish(info: unknown, env: readonly (readonly [string, string])[]): VolumeWish | string | null {
  const [, id, mount] = env.map(([name]) => /^-v V\.(\d+):(\/\S*)$/.exec(name)).find((match) => match !== null) ?? [];
  if (id !== undefined && mount !== undefined) return { id: Number(id), createNew: false, sizeGb: 0, name: null, path: mount };
  if (info === undefined || info === null) return null;
  if (!isRecord(info)) return 'volume_info must be an object';
  const { create_new: createNew, volume_id: wanted, size, mount_path: path, name } = info;
  if (typeof path !== 'string' || !path.startsWith('/')) return 'volume_info: mount_path must be a path';
  if (!Number.isInteger(numberOf(wanted))) return 'volume_info: volume_id must be a number';
  return { id: numberOf(wanted), createNew: createNew === true, sizeGb: numberOf(size ?? defaultGb), name: typeof name === 'string' ? name : null, path };
}

/** A practice pod has no root file system: the mount /data is <home>/data, as with RunPod's. */
export function mountVolume(podDir: string, volume: LocalVolume, path: string): void {
  const folder = join(dirname(podDir), `vast-volume-${volume.id}`);
  const segments = path.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');
  const mount = join(podDir, 'root', ...(segments.length === 0 ? ['data'] : segments));
  mkdirSync(folder, { recursive: true });
  mkdirSync(dirname(mount), { recursive: true });
  rmSync(mount, { force: true, recursive: true });
  symlinkSync(folder, mount, 'junction');
}

function volumeRow(market: VastMarket, volume: LocalVolume): Row {
  const { machine } = volume;
  return {
    ...machineColumns({ machine, gpus: machine.gpus }),
    id: volume.id,
    label: volume.name,
    status: 'created',
    disk_space: volume.sizeGb,
    storage_cost: machine.storageUsd,
    storage_total_cost: (machine.storageUsd * volume.sizeGb) / hoursPerMonth,
    start_date: volume.createdAt / 1000,
    instances: usersOf(market, volume),
    public_ipaddr: `${machine.ip} `,
  };
}

function offerRows(market: VastMarket, storageGb: number): Row[] {
  const now = market.world.agenda.settle();
  return market.stock.machines
    .filter((machine) => offersVolumes(machine) && now < market.stock.endsAt(machine) && freeGb(market, machine) >= 1)
    .map((machine) => ({
      ...machineColumns({ machine, gpus: machine.gpus }),
      id: volumeOfferId(machine),
      ask_contract_id: volumeOfferId(machine),
      disk_space: freeGb(market, machine),
      storage_cost: machine.storageUsd,
      storage_total_cost: (machine.storageUsd * storageGb) / hoursPerMonth,
      reliability: machine.reliability,
      vericode: machine.verification === 'verified' ? 1 : 0,
      start_date: (market.world.clock.startedAt - machine.listedAgo * 1000) / 1000,
      end_date: market.stock.endsAt(machine) / 1000,
      duration: (market.stock.endsAt(machine) - now) / 1000,
    }));
}

function search(market: VastMarket, body: unknown): HttpAnswer {
  const query = readQuery(body);
  if (typeof query === 'string') return invalidRequest(query);
  const rows = offerRows(market, query.storageGb).filter((row) => query.conditions.every((condition) => meets(row, condition)));
  const [first] = query.order;
  const sorted = first === undefined ? rows : rows.toSorted((one, other) => compareCells(one[first.field], other[first.field], first.descending));
  return json({ offers: sorted.slice(0, Math.min(mostRows, query.limit ?? mostRows)) });
}

function create(market: VastMarket, body: unknown, phantom: boolean): HttpAnswer {
  if (!isRecord(body)) return invalidArgs('body must be a JSON object');
  const name = body['name'];
  if (phantom) return ok({ volume_name: `V.${market.nextId('volume')}` });
  const made = make(market, numberOf(body['id']), numberOf(body['size'] ?? defaultGb), typeof name === 'string' && name !== '' ? name : null);
  return isVolume(made) ? ok({ volume_name: billOf(made) }) : made;
}

function remove(market: VastMarket, call: HttpCall): HttpAnswer {
  const asked = call.query.get('id') ?? (isRecord(call.body) ? numberOf(call.body['id']) : Number.NaN);
  const id = Number(asked);
  if (!Number.isInteger(id)) return fail(400, 'invalid_args', 'Please provide a valid volume ID.');
  const volume = live(market).find((candidate) => candidate.id === id);
  if (volume === undefined) return fail(404, 'no_such_volume', 'Volume with that ID does not exist.');
  if (usersOf(market, volume).length > 0) return fail(400, 'invalid_args', 'Volume is attached to an instance, which must be destroyed first.');
  volume.deleted = true;
  market.world.ledger.setLines('vast', billOf(volume), [], market.world.agenda.settle());
  return ok();
}

export function volumeRoutes(market: VastMarket): Route[] {
  const path = '/api/v0/volumes/';
  return [
    { method: 'GET', path, handle: () => json({ volumes: live(market).map((volume) => volumeRow(market, volume)) }) },
    { method: 'POST', path: `${path}search/`, handle: (call) => search(market, call.body) },
    {
      method: 'PUT',
      path,
      handle: (call) => createWithFaults(market.world.faults, 'vast', { make: (phantom) => create(market, call.body, phantom), failed: serverError }),
    },
    { method: 'DELETE', path, handle: (call) => remove(market, call) },
  ];
}
