/** What the tries so far say: whether to fall back on a relay, and when a refusal is meant. */
import { isRentError, RentError } from '../domain/errors.ts';
import type { Endpoint } from '../domain/instance.ts';
import type { Clock } from '../domain/ports.ts';
import { endpointText } from './grammar.ts';

/** Direct tries in a row before a relay is tried as well; some hosts' networks drop high ports. */
const directTries = 3;
/** A provider may bring our key to the machine more than a minute after its SSH server is up. */
const refusals = { tries: 6, ms: 90_000 };

export interface Tally {
  /** What to try now, in order. Called once a try. */
  candidates(endpoints: readonly Endpoint[]): readonly Endpoint[];
  /** Throws `sshRefused` when this refusal is one too many. */
  failed(endpoint: Endpoint, error: unknown): void;
}

export function createTally(clock: Clock): Tally {
  let direct = { where: '', tries: 0 };
  const refused = new Map<string, { tries: number; readonly since: number }>();

  return {
    candidates(endpoints) {
      const straight = endpoints.filter((endpoint) => !endpoint.viaProxy);
      if (straight.length === 0) return endpoints;
      const where = straight.map(endpointText).join(' ');
      if (where !== direct.where) direct = { where, tries: 0 };
      return direct.tries++ < directTries ? straight : [...straight, ...endpoints.filter((one) => one.viaProxy)];
    },

    failed(endpoint, error) {
      if (!isRentError(error, 'sshRefused')) return;
      const where = endpointText(endpoint);
      const seen = refused.get(where) ?? { tries: 0, since: clock.now() };
      seen.tries += 1;
      refused.set(where, seen);
      const forMs = clock.now() - seen.since;
      if (seen.tries < refusals.tries || forMs < refusals.ms) return;
      const detail = `${error.detail ?? where}: ${seen.tries} tries in ${Math.round(forMs / 1000)} s`;
      throw new RentError('sshRefused', { detail, cause: error });
    },
  };
}
