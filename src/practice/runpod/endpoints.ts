// Serverless endpoints: workers that come with requests, wait a while for the
// next, and go. What they cost is the time they are there.
import type { Entry } from '../agenda.ts';
import { idOf } from './account.ts';
import { serverlessUsd } from './rest/gpuCatalog.ts';
import { gpuTypes, type GpuType } from './gpuTypes.ts';
import { Refusal } from './problems.ts';
import type { CreateEndpointBody, UpdateEndpointBody } from './endpointBodies.ts';
import type { Runpod } from './runpod.ts';

export interface Worker {
  readonly id: string;
  readonly type: GpuType;
  /** Market milliseconds. */
  readonly startedAt: number;
  /** It works until then; afterwards it waits to be asked again. */
  busyUntil: number;
  ends: Entry | null;
}

export interface Endpoint {
  readonly id: string;
  name: string;
  readonly body: CreateEndpointBody;
  readonly types: readonly GpuType[];
  readonly gpuCount: number;
  workers: { readonly min: number; readonly max: number; readonly idleTimeout: number };
  timeout: number;
  readonly createdAt: number;
  readonly active: Worker[];
  /** Its bill stays. */
  deleted: boolean;
}

const secondMs = 1000;

export function createEndpoint(runpod: Runpod, body: CreateEndpointBody, phantom: boolean): Endpoint {
  const gpu = body.gpu;
  if (gpu === undefined) throw new Refusal(400, 'exactly one of gpu or cpu is required');
  const types = gpuTypes.filter((type) => type.pool !== null && gpu.pools.includes(type.pool) && !(gpu.excludedTypes ?? []).includes(type.id));
  if (types.length === 0) throw new Refusal(400, 'no GPU types match the requested pools');
  const { min = 0, max = 3, idleTimeout = 10 } = body.workers ?? {};
  if (min > max) throw new Refusal(400, 'workers.min must not exceed workers.max');
  const endpoint: Endpoint = {
    id: idOf(runpod.random, 14), name: body.name, body, types, gpuCount: gpu.count ?? 1, workers: { min, max, idleTimeout }, timeout: body.timeout ?? 300_000,
    createdAt: runpod.world.agenda.now(), active: [], deleted: false,
  };
  if (phantom) return endpoint;
  runpod.endpoints.set(endpoint.id, endpoint);
  scale(runpod, endpoint);
  return endpoint;
}

export function findEndpoint({ endpoints }: Runpod, id: string): Endpoint {
  const endpoint = endpoints.get(id);
  if (endpoint === undefined || endpoint.deleted) throw new Refusal(404, 'endpoint not found');
  return endpoint;
}

export function updateEndpoint(runpod: Runpod, endpoint: Endpoint, body: UpdateEndpointBody): void {
  const workers = { ...endpoint.workers, ...body.workers };
  if (workers.min > workers.max) throw new Refusal(400, 'workers.min must not exceed workers.max');
  endpoint.name = body.name ?? endpoint.name;
  endpoint.timeout = body.timeout ?? endpoint.timeout;
  endpoint.workers = workers;
  scale(runpod, endpoint);
}

export function deleteEndpoint(runpod: Runpod, endpoint: Endpoint): void {
  endpoint.deleted = true;
  scale(runpod, endpoint);
}

/** One request that takes so long: a worker that waits takes it, else a new one, else it is turned away. */
export function ask(runpod: Runpod, endpoint: Endpoint, seconds: number): 'IN_QUEUE' | 'IN_PROGRESS' {
  const now = runpod.world.agenda.now();
  const waiting = endpoint.active.find(({ busyUntil }) => busyUntil <= now);
  const worker = waiting ?? (endpoint.active.length < endpoint.workers.max ? begin(runpod, endpoint) : undefined);
  if (worker === undefined) return 'IN_QUEUE';
  worker.busyUntil = now + seconds * secondMs;
  waitToEnd(runpod, endpoint, worker);
  charge(runpod, endpoint);
  return 'IN_PROGRESS';
}

/** Brings as many as the minimum, and sends away what is beyond the most. */
function scale(runpod: Runpod, endpoint: Endpoint): void {
  const { min, max } = endpoint.deleted ? { min: 0, max: 0 } : endpoint.workers;
  while (endpoint.active.length > max) endpoint.active.pop()?.ends?.cancel();
  while (endpoint.active.length < min) begin(runpod, endpoint);
  for (const worker of endpoint.active) waitToEnd(runpod, endpoint, worker);
  charge(runpod, endpoint);
}

function begin(runpod: Runpod, { active, types }: Endpoint): Worker {
  const [first] = types;
  if (first === undefined) throw new Error('an endpoint without GPU types');
  const now = runpod.world.agenda.now();
  const worker: Worker = { id: idOf(runpod.random, 14), type: types[active.length % types.length] ?? first, startedAt: now, busyUntil: now, ends: null };
  active.push(worker);
  return worker;
}

function waitToEnd(runpod: Runpod, endpoint: Endpoint, worker: Worker): void {
  worker.ends?.cancel();
  worker.ends = runpod.world.agenda.at(worker.busyUntil + endpoint.workers.idleTimeout * secondMs, () => {
    if (endpoint.active.length <= endpoint.workers.min) return;
    endpoint.active.splice(endpoint.active.indexOf(worker), 1);
    charge(runpod, endpoint);
  });
}

function charge({ world }: Runpod, { id, active, gpuCount }: Endpoint): void {
  const usdPerHour = active.reduce((sum, { type }) => sum + serverlessUsd(type) * gpuCount, 0);
  world.ledger.setLines('runpod', id, usdPerHour === 0 ? [] : [{ kind: 'gpu', usdPerHour }], world.agenda.now());
}
