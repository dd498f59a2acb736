import { RentError } from '../../src/domain/errors.ts';
import { usdPerHour } from '../../src/domain/money.ts';
import type { Offer, ProviderId } from '../../src/domain/offer.ts';
import type { Volume, VolumeCalls, VolumeListing, VolumeOrder, VolumeSite } from '../../src/domain/volume.ts';

export const volume = (change: Partial<Volume> = {}): Volume => ({
  id: 'runpod:vol1', provider: 'runpod', key: 'vol1', name: 'datasets', sizeGb: 100, site: 'EU-RO-1', place: 'EU-RO-1', rate: usdPerHour(7 / 730), usedBy: [], ...change,
});

export const site = (change: Partial<VolumeSite> = {}): VolumeSite => ({
  provider: 'runpod', key: 'EU-RO-1', site: 'EU-RO-1', place: 'EU-RO-1', leastGb: 10, mostGb: 4096, rateFor: (gb) => usdPerHour((gb * 0.07) / 730), ...change,
});

/** Volumes in memory, and what may go wrong: one entry is consumed per call. */
export class FakeVolumes implements VolumeCalls {
  readonly folder = '/workspace';
  readonly provider: ProviderId;
  readonly calls: string[] = [];
  readonly creates: ('ok' | 'lost' | 'lostAfter' | RentError)[] = [];
  readonly lists: ('ok' | 'partial' | RentError)[] = [];
  /** Listings that still show what was removed. */
  lingers = 0;
  volumes: Volume[] = [];
  sitesToTell: VolumeSite[] = [site()];

  constructor(provider: ProviderId = 'runpod') {
    this.provider = provider;
  }

  list(): Promise<VolumeListing> {
    this.calls.push('list');
    const outcome = this.lists.shift() ?? 'ok';
    if (typeof outcome === 'object') return Promise.reject(outcome);
    const shown = this.volumes;
    if (this.#leaving !== undefined && this.lingers-- <= 0) this.volumes = this.volumes.filter((one) => one !== this.#leaving);
    return Promise.resolve(outcome === 'partial' ? { volumes: [], complete: false } : { volumes: this.#leaving === undefined ? shown : this.volumes, complete: true });
  }
  #leaving: Volume | undefined;

  sites(machines: readonly string[]): Promise<readonly VolumeSite[]> {
    this.calls.push(`sites ${machines.join()}`);
    return Promise.resolve(this.sitesToTell);
  }

  create({ name, sizeGb, site: { site: where, place } }: VolumeOrder): Promise<string> {
    this.calls.push(`create ${name}`);
    const outcome = this.creates.shift() ?? 'ok';
    if (typeof outcome === 'object') return Promise.reject(outcome);
    const key = `made${this.calls.length}`;
    if (outcome !== 'lost') this.volumes = [...this.volumes, volume({ id: `${this.provider}:${key}`, provider: this.provider, key, name, sizeGb, site: where, place })];
    return outcome === 'ok' ? Promise.resolve(key) : Promise.reject(new RentError('network'));
  }

  remove(key: string): Promise<void> {
    this.calls.push(`remove ${key}`);
    const found = this.volumes.find((one) => one.key === key);
    if (found?.usedBy.length) return Promise.reject(new RentError('notAllowed'));
    this.#leaving = found;
    return Promise.resolve();
  }

  attach(offer: Offer, { provider, site: where }: Volume): Offer | undefined {
    return offer.provider === provider && offer.place === where ? offer : undefined;
  }
}
