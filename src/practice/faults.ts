// Everything that goes wrong at real providers, by name, with a probability.
// A name may carry a provider ("vast.html"); without one it means all of them.
import type { Random } from './random.ts';

export const providers = ['vast', 'runpod', 'lambda'] as const;
export type Provider = (typeof providers)[number];

export const faultNames = [
  'create-timeout-before', // the socket drops, nothing was created
  'create-timeout-after', // created, then the socket drops
  'create-500-after', // created, then 500
  'phantom-create', // success and an id, but no instance ever
  'new-contract-error', // Vast: an error that carries the id of a stopped, billing instance
  'offer-gone',
  'no-capacity',
  'no-credit',
  'html', // a gateway page in place of the answer, with 200 or 502; the call was carried out
  'half-json', // the answer breaks off; the call was carried out
  'rate-limit',
  'list-empty', // a list of instances that is wrongly empty
  'list-truncated', // a list of instances that lacks its second half
  'server-error', // 500 or 503 before anything was carried out
  'slow',
  'search-quota', // Vast: the daily allowance of searches is used up
  'filters-ignored', // Vast: a search does not honour its numeric filters
  'flicker', // Vast: a missed heartbeat shows a serving instance as offline or loading
  'destroy-lies', // says ok, destroys nothing
  'start-queued', // start is refused although the GPU is free
  'bad-image',
  'ssh-late', // sshd comes 90 s later
  'host-key-changes', // sshd comes back with another host key and port shortly after boot
  'outbid',
  'two-factor',
  'price-higher', // bills one and a half times the quoted price
] as const;

export type FaultName = (typeof faultNames)[number];

export interface Faults {
  /** Throws for an unknown name or a probability outside 0..1. */
  set(name: string, probability: number): void;
  /** The next `times` draws of this fault hit, whatever its probability. */
  force(name: string, times?: number): void;
  clear(): void;
  hit(name: FaultName, provider: Provider): boolean;
  /** How often each fault has hit, by full name ("vast.html"). */
  readonly counts: ReadonlyMap<string, number>;
}

function known(name: string): string {
  const bare = name.replace(/^(vast|runpod|lambda)\./, '');
  if (!faultNames.some((fault) => fault === bare)) throw new RangeError(`no fault named ${name}; there are: ${faultNames.join(', ')}`);
  return name;
}

export function createFaults(random: Random, initial: Readonly<Record<string, number>> = {}): Faults {
  const probabilities = new Map<string, number>();
  const forced = new Map<string, number>();
  const counts = new Map<string, number>();

  function takeForced(name: string): boolean {
    const left = forced.get(name) ?? 0;
    if (left > 0) forced.set(name, left - 1);
    return left > 0;
  }

  const faults: Faults = {
    counts,
    set(name, probability) {
      if (!(probability >= 0 && probability <= 1)) throw new RangeError(`the probability of ${name} must lie in 0..1`);
      probabilities.set(known(name), probability);
    },
    force(name, times = 1) {
      forced.set(known(name), times);
    },
    clear() {
      probabilities.clear();
      forced.clear();
    },
    hit(name, provider) {
      const full = `${provider}.${name}`;
      const probability = probabilities.get(full) ?? probabilities.get(name) ?? 0;
      // Only a true draw uses up chance: a market without faults stays the same market.
      const hit = takeForced(full) || takeForced(name) || probability === 1 || (probability > 0 && random.chance(probability));
      if (hit) counts.set(full, (counts.get(full) ?? 0) + 1);
      return hit;
    },
  };
  for (const [name, probability] of Object.entries(initial)) faults.set(name, probability);
  return faults;
}
