/** Serverless endpoints as the rest of the program sees instances: their state is whether they may have workers, their cost the workers they have. */
import { isAbort } from '../../domain/errors.ts';
import { gpuName } from '../../domain/gpu.ts';
import type { Http } from '../../domain/http.ts';
import type { SeenInstance } from '../../domain/instance.ts';
import { sumRates, timesRate, usdPerHour, zeroRate, type UsdPerHour } from '../../domain/money.ts';
import type { InstanceListing } from '../../domain/provider.ts';
import { endpointPrefix, type ServerlessPool, type ServerlessTerms } from '../../domain/serverless.ts';
import { plainText } from '../http/plainText.ts';
import { listEndpoints, readEndpoint, readServerlessGpus, readWorkers, setWorkers } from './endpointCalls.ts';
import type { EndpointRow, ServerlessGpu, WorkerRow } from './schemas/endpoint.ts';

const pricesLastMs = 3_600_000;
/** Of the workers that may cost; one that waits for a free machine does not. */
const free = 'THROTTLED';

export class Endpoints {
  readonly #http: Http;
  #gpus: { readonly rows: readonly ServerlessGpu[]; readonly at: number } | undefined;

  constructor(http: Http) {
    this.#http = http;
  }

  async list(signal: AbortSignal): Promise<InstanceListing> {
    const { endpoints, unread, at } = await this.#http.send(listEndpoints(), signal);
    const instances = await Promise.all(endpoints.map((endpoint) => this.#seen(endpoint, at, signal)));
    return { instances, complete: unread === 0, at };
  }

  async get(key: string, signal: AbortSignal): Promise<{ instance: SeenInstance; at: number } | undefined> {
    const found = await this.#http.send(readEndpoint(key), signal);
    return found && { instance: await this.#seen(found.endpoint, found.at, signal), at: found.at };
  }

  async start(key: string, { workersMin: min, workersMax: max }: Pick<ServerlessTerms, 'workersMin' | 'workersMax'>): Promise<void> {
    await this.#http.send(setWorkers(key, { min, max }));
  }

  async stop(key: string): Promise<void> {
    await this.#http.send(setWorkers(key, { min: 0, max: 0 }));
  }

  /** The cheapest first. */
  async pools(signal: AbortSignal): Promise<readonly ServerlessPool[]> {
    const { rows } = await this.#prices(Date.now(), signal);
    const byPool = Map.groupBy(rows.filter(({ pool, price }) => pool && (price.serverless ?? 0) > 0), ({ pool }) => pool ?? '');
    return [...byPool].map(([pool, gpus]): ServerlessPool => ({
      pool,
      gpus: gpus.toSorted((a, b) => (a.price.serverless ?? 0) - (b.price.serverless ?? 0)).map(({ id }) => gpuName(plainText(id, 120))),
      vramGb: Math.min(...gpus.map(({ memory }) => memory)),
      each: dearest(gpus),
    })).toSorted((a, b) => a.each - b.each);
  }

  async #seen(row: EndpointRow, at: number, signal: AbortSignal): Promise<SeenInstance> {
    // Without prices nothing can be said of what it costs: then nothing is said of it at all.
    const [gpus, workers] = await Promise.all([this.#prices(at, signal), row.workers.max === 0 ? [] : this.#http.send(readWorkers(row.id), signal).catch(unlessAborted)]);
    return seenEndpoint(row, workers, gpus.rows);
  }

  async #prices(at: number, signal: AbortSignal): Promise<{ readonly rows: readonly ServerlessGpu[] }> {
    if (this.#gpus === undefined || Math.abs(at - this.#gpus.at) > pricesLastMs) this.#gpus = { rows: await this.#http.send(readServerlessGpus(), signal), at };
    return this.#gpus;
  }
}

/** What cannot be read is not nothing: then the most that it can cost counts. */
function unlessAborted(error: unknown): undefined {
  if (isAbort(error)) throw error;
  return undefined;
}

export function seenEndpoint(row: EndpointRow, workers: readonly WorkerRow[] | undefined, gpus: readonly ServerlessGpu[]): SeenInstance {
  const { gpu, workers: { max } } = row;
  const mine = gpus.filter(({ id, pool }) => gpu?.pools.includes(pool ?? '') === true && gpu.excludedTypes?.includes(id) !== true);
  const count = gpu?.count ?? 1;
  // A pool that the price list does not know is taken for the dearest.
  const each = timesRate(dearest(mine.length > 0 ? mine : gpus), count);
  const paid = workers?.filter(({ status }) => status !== free);
  const createdAt = Date.parse(row.createdAt ?? '');
  const rateOf = ({ gpuTypeId, gpuCount }: WorkerRow): UsdPerHour => {
    const own = mine.find(({ id }) => id === gpuTypeId)?.price.serverless;
    return own === undefined || own === null ? each : timesRate(usdPerHour(own), gpuCount ?? count);
  };
  return {
    id: `runpod:${endpointPrefix}${row.id}`,
    provider: 'runpod',
    key: endpointPrefix + row.id,
    label: plainText(row.name ?? '', 200),
    gpu: mine[0] === undefined ? 'CPU' : gpuName(plainText(mine[0].id, 120)),
    gpuCount: gpu === undefined || gpu === null ? 0 : count,
    vramGb: mine[0]?.memory ?? 0,
    place: '',
    kind: 'on-demand',
    diskGb: 0,
    // What it costs cannot be told without its workers: the most counts then.
    state: max === 0 ? 'stopped' : paid === undefined ? 'unknown' : 'ready',
    outbid: false,
    workers: { active: paid?.length ?? max, most: max },
    rates: { running: paid === undefined ? timesRate(each, max) : sumRates(paid.map(rateOf)), stopped: zeroRate },
    endpoints: [],
    ...(Number.isFinite(createdAt) ? { createdAt } : {}),
    statusText: '',
    ...(row.image ? { image: plainText(row.image, 200) } : {}),
  };
}

const dearest = (gpus: readonly ServerlessGpu[]): UsdPerHour => usdPerHour(Math.max(0, ...gpus.map(({ price }) => price.serverless ?? 0)));
