import * as z from 'zod/mini';
import { createEmitter } from '../../domain/emitter.ts';
import type { OfferFilter, OfferSort } from '../../domain/filter.ts';
import type { UsdPerHour } from '../../domain/money.ts';
import { providerIds } from '../../domain/offer.ts';

/** The part of the editor's Memento that is used. */
export interface Drawer {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

const positive = z.number().check(z.positive());
const savedFilter = z.object({
  diskGb: z.exactOptional(z.int().check(z.positive())),
  gpu: z.exactOptional(z.string()),
  count: z.exactOptional(z.int().check(z.positive())),
  minVramGb: z.exactOptional(positive),
  maxPrice: z.exactOptional(z.pipe(positive, z.transform((rate) => rate as UsdPerHour))),
  minReliability: z.exactOptional(z.number().check(z.gte(0), z.lte(1))),
  region: z.exactOptional(z.string()),
  provider: z.exactOptional(z.enum(providerIds)),
  datacentreOnly: z.exactOptional(z.boolean()),
  kind: z.exactOptional(z.enum(['on-demand', 'interruptible'])),
});
const savedSort = z.enum(['price', 'reliability', 'pricePerGpu', 'finish']);

const filterKey = 'gpuRental.filter';
const sortKey = 'gpuRental.sort';
const hiddenKey = 'gpuRental.hiddenHosts';
const columnsKey = 'gpuRental.columns';
const listedKey = 'gpuRental.listed';

/** What a person chose to see of the market, kept from session to session. */
export class OfferPreferences {
  readonly #changed = createEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #drawer: Drawer;
  readonly #usualDisk: () => number;
  readonly #limited: () => boolean;
  #filter: Omit<OfferFilter, 'diskGb'> & { readonly diskGb?: number };
  #sort: OfferSort;
  #hidden: ReadonlySet<string>;
  #showsFailed = false;

  /** Of the disk, the setting counts until a filter names another. `limited`: this workspace sees datacentres only. */
  constructor(drawer: Drawer, usualDisk: () => number, limited: () => boolean = () => false) {
    this.#drawer = drawer;
    this.#usualDisk = usualDisk;
    this.#limited = limited;
    this.#filter = z.safeParse(savedFilter, drawer.get(filterKey)).data ?? {};
    this.#sort = z.safeParse(savedSort, drawer.get(sortKey)).data ?? 'price';
    this.#hidden = new Set(z.safeParse(z.array(z.string()), drawer.get(hiddenKey)).data ?? []);
  }

  get filter(): OfferFilter {
    return { ...this.#filter, diskGb: this.#filter.diskGb ?? this.#usualDisk(), ...(this.#limited() ? { datacentreOnly: true } : {}) };
  }

  /** Sensitive work is done here; no filter can widen that. */
  get limited(): boolean {
    return this.#limited();
  }

  get sort(): OfferSort {
    return this.#sort;
  }

  get hidden(): ReadonlySet<string> {
    return this.#hidden;
  }

  async setFilter({ diskGb, ...wanted }: OfferFilter): Promise<void> {
    const { datacentreOnly: _, ...rest } = wanted;
    const own = this.#filter.datacentreOnly;
    // The limit is the workspace's: it must not follow the person into others.
    const filter = !this.#limited() ? wanted : own === undefined ? rest : { ...rest, datacentreOnly: own };
    this.#filter = diskGb === this.#usualDisk() ? filter : { ...filter, diskGb };
    await this.#keep(filterKey, this.#filter);
  }

  /** Shows everything again; the disk stays, because it is a price and not a restriction. */
  async clearFilter(): Promise<void> {
    await this.setFilter({ diskGb: this.filter.diskGb });
  }

  async setSort(sort: OfferSort): Promise<void> {
    this.#sort = sort;
    await this.#keep(sortKey, sort);
  }

  async hide(host: string): Promise<void> {
    this.#hidden = new Set([...this.#hidden, host]);
    await this.#keep(hiddenKey, [...this.#hidden]);
  }

  async showHidden(): Promise<void> {
    this.#hidden = new Set();
    await this.#keep(hiddenKey, undefined);
  }

  /** Whether hosts that failed here are offered all the same; not for longer than this window. */
  get showsFailed(): boolean {
    return this.#showsFailed;
  }

  showFailed(shown: boolean): void {
    this.#showsFailed = shown;
    this.#changed.fire();
  }

  /** Of the explorer, by their ids; undefined until somebody chose. */
  get columns(): readonly string[] | undefined {
    return z.safeParse(z.array(z.string()), this.#drawer.get(columnsKey)).data;
  }

  /** Nothing is read or listed anew for it. */
  async keepColumns(columns: readonly string[] | undefined): Promise<void> {
    await this.#drawer.update(columnsKey, columns);
  }

  /** Of the explorer: whether list prices of the large clouds stand among the offers. */
  get listed(): boolean {
    return this.#drawer.get(listedKey) === true;
  }

  async keepListed(listed: boolean): Promise<void> {
    await this.#drawer.update(listedKey, listed ? true : undefined);
  }

  /** The usual disk, or what this workspace sees, changed under an unchanged filter. */
  settingsChanged(): void {
    this.#changed.fire();
  }

  async #keep(key: string, value: unknown): Promise<void> {
    this.#changed.fire();
    await this.#drawer.update(key, value);
  }
}
