/** What the tries so far say: whether to fall back on a relay, and when a refusal or a strange host key is meant. */
import { type ErrorCode, isRentError, RentError } from '../domain/errors.ts';
import type { Endpoint } from '../domain/instance.ts';
import type { Clock } from '../domain/ports.ts';
import { endpointText } from './grammar.ts';

/** Direct tries in a row before a relay is tried as well; some hosts' networks drop high ports. */
const directTries = 3;
/**
 * A provider may bring our key to the machine more than a minute after its SSH server is up; and somebody else's machine
 * may stand at a stale address or behind a relay for a moment, with a host key that the log does not name.
 */
const patience: Partial<Record<ErrorCode, { readonly tries: number; readonly ms: number }>> = {
  sshRefused: { tries: 6, ms: 90_000 },
  hostKeyChanged: { tries: 4, ms: 20_000 },
};

export interface Tally {
  /** What to try now, in order. Called once a try. */
  candidates(endpoints: readonly Endpoint[]): readonly Endpoint[];
  /** Throws the error again, as final, when it is one too many. */
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
      const most = isRentError(error) ? patience[error.code] : undefined;
      if (!isRentError(error) || most === undefined) return;
      const where = endpointText(endpoint);
      const what = `${error.code} ${where}`;
      const seen = refused.get(what) ?? { tries: 0, since: clock.now() };
      seen.tries += 1;
      refused.set(what, seen);
      const forMs = clock.now() - seen.since;
      if (seen.tries < most.tries || forMs < most.ms) return;
      const detail = `${error.detail ?? where}: ${seen.tries} tries in ${Math.round(forMs / 1000)} s`;
      throw new RentError(error.code, { detail, cause: error });
    },
  };
}
