/**
 * What the large clouds ask: the table that comes with the product, with the lists in its place that a person had read
 * since. Lists are read when somebody asks for it, each whole or not at all, and never by themselves.
 */
import { cloudAreas, cloudRegions, listedClouds, type Catalogues, type CloudList, type CloudLists, type ListedCloud } from '../domain/cloudPrice.ts';
import { isAbort, RentError } from '../domain/errors.ts';
import type { Log } from '../domain/ports.ts';
import { freshList, withFresh } from '../estimate/catalogue/freshPrices.ts';
import type { ListPrice } from '../estimate/catalogue/prices.ts';

export interface CloudPricesDeps {
  readonly catalogues: Catalogues;
  readonly lists: CloudLists;
  readonly log: Log;
}

/** How reading one list ended. */
export type Refreshed =
  | { readonly cloud: ListedCloud; readonly read: number; readonly refused: number; readonly missing: number }
  | { readonly cloud: ListedCloud; readonly error: unknown };

export class CloudPrices {
  readonly #deps: CloudPricesDeps;
  #lists: readonly CloudList[] = [];
  #prices: readonly ListPrice[] | undefined;
  #refreshing: Promise<readonly Refreshed[]> | undefined;

  constructor(deps: CloudPricesDeps) {
    this.#deps = deps;
  }

  /** What was kept; without it the table stands alone. */
  async load(): Promise<void> {
    try {
      this.#now(await this.#deps.lists.read());
    } catch (error) {
      this.#deps.log.warn('the price lists that were kept could not be read', error);
    }
  }

  get prices(): readonly ListPrice[] {
    return (this.#prices ??= withFresh(this.#lists));
  }

  #now(lists: readonly CloudList[]): void {
    this.#lists = lists;
    this.#prices = undefined;
  }

  /** One reading at a time, for everybody who asks meanwhile. */
  refresh(signal?: AbortSignal): Promise<readonly Refreshed[]> {
    this.#refreshing ??= this.#refresh(signal).finally(() => (this.#refreshing = undefined));
    return this.#refreshing;
  }

  async #refresh(signal: AbortSignal | undefined): Promise<readonly Refreshed[]> {
    await this.load();
    const read = await Promise.all(listedClouds.map((cloud) => this.#read(cloud, signal)));
    const ended: Refreshed[] = [];
    // One after the other: each takes its place in the same file.
    for (const one of read) ended.push('fresh' in one ? await this.#keep(one.fresh) : one);
    return ended;
  }

  async #read(cloud: ListedCloud, signal: AbortSignal | undefined) {
    const known = this.prices;
    const instances = [...new Set(known.filter((price) => price.cloud === cloud).map(({ instance }) => instance))];
    try {
      const page = await this.#deps.catalogues.read(cloud, { instances, regions: cloudAreas.map((area) => cloudRegions[cloud][area]) }, signal);
      const fresh = freshList(cloud, page, known);
      if (fresh === undefined) throw new RentError('badResponse', { detail: 'the list is not whole, or its prices are in another unit' });
      return { fresh };
    } catch (error) {
      if (isAbort(error)) throw error;
      this.#deps.log.warn(`the price list of ${cloud} could not be read`, error);
      return { cloud, error };
    }
  }

  async #keep({ list, refused, missing }: NonNullable<ReturnType<typeof freshList>>): Promise<Refreshed> {
    const { cloud } = list;
    try {
      await this.#deps.lists.keep(list);
    } catch (error) {
      this.#deps.log.warn(`the price list of ${cloud} could not be kept`, error);
      return { cloud, error };
    }
    this.#now([...this.#lists.filter((one) => one.cloud !== cloud), list]);
    return { cloud, read: list.prices.length, refused, missing };
  }
}

