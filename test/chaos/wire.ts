/** How a window's requests reach the market and come back: late, not at all, or without the sender living to see it. */
import { RentError } from '../../src/domain/errors.ts';
import { providerIds } from '../../src/domain/offer.ts';
import type { Provider } from '../../src/practice/faults.ts';
import type { Arrival } from '../../src/practice/httpServer.ts';
import type { Random } from '../../src/practice/random.ts';
import type { RawAnswer, Request, Transport } from '../../src/providers/http/transport.ts';
import { aborted } from '../../src/services/clock.ts';
import { isCreate, origins, type Bazaar, type Returned } from './bazaar.ts';
import type { Evidence } from './evidence.ts';
import type { Laptop, WindowClock } from './laptop.ts';
import { never, type Life } from './life.ts';
import type { Timeline } from './timeline.ts';
import type { Weather } from './weather.ts';

export interface WireParts {
  readonly name: string;
  readonly timeline: Timeline;
  readonly bazaar: Bazaar;
  readonly weather: Weather;
  readonly evidence: Evidence;
  readonly laptop: Laptop;
  readonly clock: WindowClock;
  readonly life: Life;
  readonly random: Random;
}

export function createWire(parts: WireParts): Transport {
  const { timeline, weather, evidence, laptop, clock, life, random, name } = parts;
  return (request, signal) => {
    if (!life.goesOn()) return never();
    const provider = providerOf(request);
    const arrival = arrivalOf(request, weather.revokedKeys.has(provider) ? 'revoked' : undefined);
    evidence.note(timeline.now, `${name} ${request.method} ${withoutLabels(arrival.url)}`);
    noteSent(parts, provider, arrival);
    life.requested();
    return new Promise<RawAnswer>((resolve, reject) => {
      if (signal?.aborted) return reject(aborted());
      let settled = false;
      const settle = (act: () => void): void =>
        clock.runHere(() => {
          if (settled) return;
          settled = true;
          signal?.removeEventListener('abort', stop);
          timeout.cancel();
          if (life.goesOn()) act();
        });
      const fail = (detail: string) => (): void => reject(new RentError('network', { detail }));
      const stop = (): void => {
        settled = true;
        timeout.cancel();
        if (!life.over) reject(aborted());
      };
      signal?.addEventListener('abort', stop, { once: true });
      const timeout = timeline.after(request.timeoutMs, () => settle(fail('no whole answer in time')));
      if (laptop.offline) return void timeline.after(random.integer(1, 40), () => settle(fail('ENOTFOUND')));
      timeline.after(random.integer(15, 250), () => {
        if (weather.outages.get(provider) === 'silent') return;
        if (weather.outages.get(provider) === 'refusing') return settle(() => resolve(gatewayDown));
        const before = isCreate(provider, arrival) ? existing(parts) : undefined;
        void parts.bazaar.ask(provider, arrival).then((returned) => {
          if (before) for (const id of existing(parts)) if (!before.has(id)) evidence.made.add(id);
          const lateMs = request.method === 'GET' && random.chance(idOf(arrival) === undefined ? 0.6 : 0.2) ? (weather.lateMs.get(provider) ?? 0) : 0;
          timeline.after(random.integer(15, 250) + returned.delayMs + lateMs, () => settle(() => (returned.dropped ? fail('ECONNRESET')() : resolve(rawOf(returned)))));
        });
      });
    });
  };
}

const existing = ({ bazaar }: WireParts): Set<string> => new Set(bazaar.world.rentals.all().map(({ provider, id }) => `${provider}:${id}`));

const gatewayDown: RawAnswer = { status: 503, headers: { 'content-type': 'text/html' }, text: '<html><h1>503 Service Temporarily Unavailable</h1></html>' };

const rawOf = ({ status, headers, text }: Returned): RawAnswer => ({
  status,
  headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
  text,
});

const providerOf = ({ url }: Pick<Request, 'url'>): Provider => providerIds.find((id) => origins[id] === url.origin) ?? 'vast';

/** `key` instead of the one that it carries. */
export function arrivalOf(request: Request, key?: string): Arrival {
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]));
  if (key !== undefined && headers['authorization'] !== undefined) headers['authorization'] = `Bearer ${key}`;
  return { method: request.method, url: request.url.pathname + request.url.search, headers, body: request.body ?? '', ip: '127.0.0.1' };
}

/** Launch ids hold chance; the trace must not. */
const withoutLabels = (url: string): string => url.replaceAll(/gpu-rental-[a-z0-9-]+/g, 'LABEL');

/** Of the one machine that is asked about. */
const idOf = ({ url }: Arrival): string | undefined => /^\/(?:api\/v0\/instances(?:\/reboot|\/recycle|\/bid_price)?|v2\/pods)\/([a-z0-9]+)(?:\/|\?|$)/.exec(url)?.[1];

function noteSent({ evidence, bazaar, timeline }: WireParts, provider: Provider, arrival: Arrival): void {
  if (isCreate(provider, arrival)) {
    const body = JSON.parse(arrival.body ?? '{}') as { label?: string; name?: string };
    evidence.creates.push({ label: body.label ?? body.name ?? '', provider, at: timeline.now });
    return;
  }
  const id = idOf(arrival);
  if (arrival.method === 'GET' || id === undefined) return;
  const rental = bazaar.world.rentals.all().find((each) => each.provider === provider && each.id === id);
  if (rental !== undefined && !evidence.made.has(`${provider}:${id}`)) {
    evidence.foreign.push(`${arrival.method} ${arrival.url} of ${rental.label ?? 'an unnamed machine'}`);
  }
}
