/** Everything that is asked about or of serverless endpoints. Loaded when the first of them matters. */
import { RentError } from '../../domain/errors.ts';
import type { Call } from '../../domain/http.ts';
import { usd } from '../../domain/money.ts';
import type { Charge, CreateOrder } from '../../domain/provider.ts';
import { endpointPrefix } from '../../domain/serverless.ts';
import { parseBody, readRows } from './body.ts';
import { settleMs } from './books.ts';
import { acting, succeeded } from './podCalls.ts';
import { claimRefusal, isOk, podRefusal, refusal, saysMissing } from './problems.ts';
import { createdEndpoint, endpointBilling, endpointList, endpointRow, serverlessGpu, workerList, type EndpointRow, type ServerlessGpu, type WorkerRow } from './schemas/endpoint.ts';
import { gpuCatalogue } from './schemas/gpuCatalogue.ts';
import { podIdPattern } from './schemas/ids.ts';

const reading = { name: 'runpod.endpoints', burst: 30, perMs: 60_000 };

export interface EndpointPage {
  readonly endpoints: readonly EndpointRow[];
  readonly unread: number;
  readonly at: number;
}

export const listEndpoints = (): Call<EndpointPage> => ({
  method: 'GET', path: '/v2/serverless', key: 'required', pace: reading, retry: 'safe',
  read: (answer) => {
    const { rows, unread } = readRows(endpointRow, parseBody(endpointList, succeeded(answer, refusal)).endpoints);
    return { endpoints: rows, unread, at: answer.at };
  },
});

export const readEndpoint = (key: string): Call<{ endpoint: EndpointRow; at: number } | undefined> => ({
  method: 'GET', path: pathOf(key), key: 'required', pace: reading, retry: 'safe',
  read: (answer) => (saysMissing(answer) ? undefined : { endpoint: parseBody(endpointRow, succeeded(answer, refusal)), at: answer.at }),
});

/** `id` as RunPod has it. */
export const readWorkers = (id: string): Call<readonly WorkerRow[]> => ({
  method: 'GET', path: `${pathOf(endpointPrefix + id)}/workers`, key: 'required', pace: reading, retry: 'safe',
  read: (answer) => parseBody(workerList, succeeded(answer, refusal)).workers,
});

/** Sent once: there is no idempotency key, and a lost answer may have made an endpoint. */
export const createEndpoint = (order: CreateOrder): Call<string> => ({
  method: 'POST', path: '/v2/serverless', body: endpointRequest(order), key: 'required', pace: acting, retry: 'never', timeoutMs: 120_000,
  read: (answer) => endpointPrefix + parseBody(createdEndpoint, succeeded(answer, claimRefusal)).id,
});

/** Everything that money depends on is said, whatever the contract's defaults are. */
export function endpointRequest({ label, image, env, serverless, command }: CreateOrder): Record<string, unknown> {
  if (serverless === undefined) throw new RentError('badRequest', { detail: 'no terms of an endpoint' });
  const { pool, gpuCount, workersMin, workersMax, idleSeconds } = serverless;
  return {
    name: label, type: 'QUEUE', image, env,
    ...(command === undefined ? {} : { args: command }),
    gpu: { pools: [pool], count: gpuCount },
    workers: { min: workersMin, max: workersMax, idleTimeout: idleSeconds },
    scaling: { type: 'QUEUE_DELAY', queueDelay: 4 },
    flashboot: 'OFF',
  };
}

/** None at all is how an endpoint stops costing and stays. */
export const setWorkers = (key: string, workers: { readonly min: number; readonly max: number }): Call<void> => ({
  method: 'PATCH', path: pathOf(key), body: { workers }, key: 'required', pace: acting,
  // What makes it cost may have been heard; what ends that can be said again.
  retry: workers.max === 0 ? 'safe' : 'refused',
  read: (answer) => void succeeded(answer, podRefusal),
});

export const destroyEndpoint = (key: string): Call<void> => ({
  method: 'DELETE', path: pathOf(key), key: 'required', pace: acting, retry: 'safe',
  read: (answer) => {
    if (!isOk(answer) && !saysMissing(answer)) throw refusal(answer);
  },
});

export const readServerlessGpus = (): Call<readonly ServerlessGpu[]> => ({
  method: 'GET', path: '/v2/catalog/gpus', key: 'required', pace: { name: 'runpod.catalogue', burst: 30, perMs: 60_000 }, retry: 'safe',
  read: (answer) => readRows(serverlessGpu, parseBody(gpuCatalogue, succeeded(answer, refusal)).gpus).rows,
});

export const readEndpointCharges = (from: number, to: number): Call<Charge[]> => ({
  method: 'GET', path: '/v2/billing/serverless',
  query: { bucketSize: 'hour', startTime: new Date(from).toISOString(), endTime: new Date(to).toISOString() },
  key: 'required', pace: { name: 'runpod.billing', burst: 10, perMs: 60_000 }, retry: 'safe',
  read: (answer) => parseBody(endpointBilling, succeeded(answer, refusal)).records
    .map(({ serverlessId, startTime, endTime, totalAmount }) => ({ instanceKey: endpointPrefix + serverlessId, from: Date.parse(startTime), to: Date.parse(endTime), amount: usd(totalAmount) }))
    .filter((charge) => charge.from >= from && charge.to <= to && charge.to <= answer.at - settleMs),
});

function pathOf(key: string): string {
  const id = key.slice(endpointPrefix.length);
  if (!key.startsWith(endpointPrefix) || !podIdPattern.test(id)) throw new RentError('badRequest', { detail: 'not an id of an endpoint' });
  return `/v2/serverless/${id}`;
}

