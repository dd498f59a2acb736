// /v2/serverless: list, create, read, change, delete, and the workers; and the
// door by which requests reach an endpoint, which the real one has on another host.
import { createWithFaults, listWithFaults } from '../../createFaults.ts';
import type { HttpAnswer } from '../../httpServer.ts';
import { createEndpointBody, updateEndpointBody } from '../endpointBodies.ts';
import { ask, createEndpoint, deleteEndpoint, findEndpoint, updateEndpoint, type Endpoint, type Worker } from '../endpoints.ts';
import { problem, Refusal, refusalAnswer } from '../problems.ts';
import type { Runpod } from '../runpod.ts';
import type { View } from './gpuCatalog.ts';
import { bodyOf, type RestRoute } from './routes.ts';

const jobs = ['run', 'runsync'] as const;

export function endpointRoutes(runpod: Runpod): RestRoute[] {
  const one = '/v2/serverless/{id}';
  const existing = (id: string | undefined): Endpoint => findEndpoint(runpod, id ?? '');
  return [
    { method: 'GET', path: '/v2/serverless', handle: () => ({ status: 200, body: listEndpoints(runpod) }) },
    { method: 'POST', path: '/v2/serverless', handle: (call) => create(runpod, call.body) },
    { method: 'GET', path: one, handle: (call) => ({ status: 200, body: endpointView(runpod, existing(call.params['id'])) }) },
    {
      method: 'PATCH', path: one,
      handle(call) {
        const endpoint = existing(call.params['id']);
        updateEndpoint(runpod, endpoint, bodyOf(updateEndpointBody, call.body));
        return { status: 200, body: endpointView(runpod, endpoint) };
      },
    },
    {
      method: 'DELETE', path: one,
      handle(call) {
        deleteEndpoint(runpod, existing(call.params['id']));
        return { status: 204 };
      },
    },
    { method: 'GET', path: `${one}/workers`, handle: (call) => ({ status: 200, body: workersView(runpod, existing(call.params['id'])) }) },
    ...jobs.map((job): RestRoute => ({ method: 'POST', path: `/v2/{id}/${job}`, handle: (call) => request(runpod, existing(call.params['id']), call.body) })),
  ];
}

function create(runpod: Runpod, body: unknown): Promise<HttpAnswer> {
  return createWithFaults(runpod.world.faults, 'runpod', {
    make(phantom) {
      try {
        const checked = bodyOf(createEndpointBody, body);
        if (checked.image === undefined && checked.templateId === undefined) throw new Refusal(422, 'Request validation failed.', ["$: missing property 'image'"]);
        if (runpod.world.faults.hit('no-credit', 'runpod')) throw new Refusal(402, 'insufficient balance');
        return { status: 201, body: endpointView(runpod, createEndpoint(runpod, checked, phantom)) };
      } catch (error) {
        if (error instanceof Refusal) return refusalAnswer(error);
        throw error;
      }
    },
    failed: () => problem(500, 'Something went wrong. Please try again later or contact support.'),
  });
}

const listEndpoints = (runpod: Runpod): View => ({
  endpoints: listWithFaults(runpod.world.faults, 'runpod', [...runpod.endpoints.values()].filter(({ deleted }) => !deleted)).map((endpoint) => endpointView(runpod, endpoint)),
});

/** `seconds` of the input is how long the practised work takes. */
function request(runpod: Runpod, endpoint: Endpoint, body: unknown): HttpAnswer {
  const input = typeof body === 'object' && body !== null && 'input' in body ? (body.input as { seconds?: unknown } | null) : null;
  const seconds = typeof input?.seconds === 'number' ? input.seconds : 1;
  return { status: 200, body: { id: `${endpoint.id}-u1`, status: ask(runpod, endpoint, seconds) } };
}

function endpointView(runpod: Runpod, endpoint: Endpoint): View {
  const { body, id, name, workers, gpuCount, timeout, createdAt } = endpoint;
  return {
    id, name, type: body.type, requestUrls: urlsOf(runpod, endpoint),
    image: body.image ?? '', args: body.args ?? '', disk: body.disk ?? 20, ports: body.ports ?? [], env: body.env ?? {}, registry: body.registry ?? null,
    gpu: { pools: body.gpu?.pools ?? [], count: gpuCount, excludedTypes: body.gpu?.excludedTypes ?? [], allowedCudaVersions: body.gpu?.allowedCudaVersions ?? [], minCudaVersion: body.gpu?.minCudaVersion ?? null },
    workers, scaling: body.scaling, dataCenterIds: body.dataCenterIds ?? [], networkVolumes: body.networkVolumes ?? [],
    timeout, flashboot: body.flashboot ?? 'OFF', createdAt: new Date(createdAt).toISOString(),
  };
}

function urlsOf({ origin }: Runpod, { id, body }: Endpoint): View {
  const at = `${origin}/v2/${id}`;
  if (body.type === 'LOAD_BALANCER') return { base: at, health: `${at}/ping` };
  return {
    run: `${at}/run`, runSync: `${at}/runsync`, status: `${at}/status/{job_id}`, stream: `${at}/stream/{job_id}`, cancel: `${at}/cancel/{job_id}`,
    retry: `${at}/retry/{job_id}`, purgeQueue: `${at}/purge-queue`, health: `${at}/health`,
  };
}

function workersView(runpod: Runpod, { active, gpuCount, body }: Endpoint): View {
  const now = runpod.world.agenda.now();
  const isBusy = ({ busyUntil }: Worker): boolean => busyUntil > now;
  const running = active.filter(isBusy).length;
  return {
    endpointVersion: 1,
    summary: { running, idle: active.length - running, initializing: 0, throttled: 0, unhealthy: 0, total: active.length },
    workers: active.map((worker) => ({
      id: worker.id, status: isBusy(worker) ? 'RUNNING' : 'IDLE', isStale: false, version: 1, gpuCount, image: body.image ?? null,
      uptimeSeconds: Math.floor((now - worker.startedAt) / 1000), gpuTypeId: worker.type.id, dataCenterId: null, startedAt: new Date(worker.startedAt).toISOString(),
    })),
  };
}
