/** The signed-in price list: REST v2, one cloud and one GPU count at a time. */
import type { Answer, Call } from '../../domain/http.ts';
import { parseBody, readRows } from './body.ts';
import type { Cloud, Wish } from './offerKey.ts';
import { isOk, refusal, saysMissing } from './problems.ts';
import { catalogueGpu, gpuCatalogue, type CatalogueGpu } from './schemas/gpuCatalogue.ts';

export interface CataloguePage {
  readonly gpus: readonly CatalogueGpu[];
  readonly unread: number;
  readonly at: number;
}

/** Leaves room for the pods in the quota of 60 a minute that RunPod's contract gives as an example; the door heeds the real one. */
const pace = { name: 'runpod.catalogue', burst: 30, perMs: 60_000 };

/** `product` is refused when missing and so is `include` without it; the cloud defaults to Secure. */
const stockQuery = (cloud: Cloud, count: number): Record<string, string> => ({
  include: 'AVAILABILITY', product: 'POD', count: String(count), cloud,
});

export const readCatalogue = (cloud: Cloud, count: number): Call<CataloguePage> => ({
  method: 'GET', path: '/v2/catalog/gpus', query: stockQuery(cloud, count), key: 'required', pace, retry: 'safe', read: cataloguePage,
});

export const readGpuTypes = (): Call<CataloguePage> => ({
  method: 'GET', path: '/v2/catalog/gpus', key: 'required', pace, retry: 'safe', read: cataloguePage,
});

export const readCatalogueGpu = ({ cloud, count, gpuTypeId }: Wish): Call<{ gpu: CatalogueGpu; at: number } | undefined> => ({
  method: 'GET',
  path: `/v2/catalog/gpus/${encodeURIComponent(gpuTypeId)}`,
  query: stockQuery(cloud, count),
  key: 'required',
  pace,
  retry: 'safe',
  read: (answer) => {
    if (saysMissing(answer)) return undefined;
    if (!isOk(answer)) throw refusal(answer);
    return { gpu: parseBody(catalogueGpu, answer), at: answer.at };
  },
});

function cataloguePage(answer: Answer): CataloguePage {
  if (!isOk(answer)) throw refusal(answer);
  const { gpus } = parseBody(gpuCatalogue, answer);
  const { rows, unread } = readRows(catalogueGpu, gpus);
  return { gpus: rows, unread, at: answer.at };
}
