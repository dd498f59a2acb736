/** What the sidebar showed before the day went bad. */
import { defaultFilter } from '../../src/domain/filter.ts';
import type { Offer } from '../../src/domain/offer.ts';
import type { Clock } from '../../src/domain/ports.ts';
import type { Provider } from '../../src/practice/faults.ts';
import { createHttp } from '../../src/providers/http/http.ts';
import type { Transport } from '../../src/providers/http/transport.ts';
import { createRunpod } from '../../src/providers/runpod/runpod.ts';
import { createVast } from '../../src/providers/vast/vast.ts';
import { origins, type Bazaar } from './bazaar.ts';
import { silent } from './silent.ts';
import { arrivalOf } from './wire.ts';

const mostOfEach = 6;

/** Of each account in turn, so that neither is rented from much more often than the other. */
export async function readOffers(bazaar: Bazaar, accounts: readonly Provider[], clock: Clock): Promise<Offer[]> {
  const each = await Promise.all(accounts.map((id) => offersOf(bazaar, id, clock)));
  return Array.from({ length: mostOfEach }, (_, index) => each.flatMap((offers) => offers[index] ?? [])).flat();
}

async function offersOf(bazaar: Bazaar, id: Provider, clock: Clock): Promise<Offer[]> {
  const transport: Transport = (request) => bazaar.ask(id, arrivalOf(request));
  const http = createHttp({ origin: origins[id], key: () => Promise.resolve(bazaar.keys[id]), clock, log: silent, userAgent: 'gpu-rental/chaos', transport });
  const provider = id === 'vast' ? createVast(http, { clock, log: silent }) : createRunpod(http, { signedIn: () => Promise.resolve(true) });
  const offers: Offer[] = [];
  for await (const page of provider.search({ ...defaultFilter, count: 1 }, new AbortController().signal)) offers.push(...page.offers);
  return offers;
}
