/**
 * The one way out to a provider: its origin, its key, its pace, what may be repeated, and one
 * debug line per request. See `Call` for what a caller can ask for.
 */
import { RentError, isAbort, isRentError } from '../../domain/errors.ts';
import type { Answer, Call, Http } from '../../domain/http.ts';
import type { Clock, Log } from '../../domain/ports.ts';
import { isAllowed, mayLeadTo, parseOrigin } from './origin.ts';
import { createPacer } from './pacer.ts';
import { createRedactor, type Redact } from './redact.ts';
import { askedWaitMs, backoffMs, longestWaitMs, mayRepeat, mostAttempts } from './retry.ts';
import { createTransport, type RawAnswer, type Request, type Transport } from './transport.ts';

export interface HttpOptions {
  /** https, or http on this machine; anything else throws `badRequest` here and now. */
  readonly origin: string;
  /** The key that belongs to this origin, asked for anew with every call. */
  readonly key: () => Promise<string | undefined>;
  readonly clock: Clock;
  readonly log: Log;
  readonly userAgent: string;
  /** Further values that no log line and no error may show. */
  readonly secrets?: () => Iterable<string>;
  readonly random?: () => number;
  /** How requests travel; over the network unless said. */
  readonly transport?: Transport;
}

const usualTimeoutMs = 30_000;
/**
 * An answer can lie in a laptop that sleeps: heard hours later, it would pass for what is true now, and its time for the
 * provider's. What was asked to be done is done, though, whenever the answer is heard.
 */
const longestFlightMs = ({ timeoutMs, openEnded }: Request): number => timeoutMs + (openEnded?.maxMs ?? 0);
const mostRedirects = 3;

export function createHttp(options: HttpOptions): Http {
  const { clock, log } = options;
  const home = new URL(parseOrigin(options.origin));
  const random = options.random ?? Math.random;
  const pacer = createPacer(clock);
  const transport = options.transport ?? createTransport();
  const sentKeys = new Set<string>();
  const redact = createRedactor(() => [...sentKeys, ...(options.secrets?.() ?? [])]);

  async function requestOf(call: Call<unknown>): Promise<Request> {
    const headers: Record<string, string> = { 'User-Agent': options.userAgent, Accept: call.accept ?? 'application/json' };
    if (call.body !== undefined) headers['Content-Type'] = 'application/json';
    if (call.key === 'required') headers['Authorization'] = `Bearer ${await usableKey()}`;
    return {
      method: call.method,
      url: addressOf(home, call),
      headers,
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      timeoutMs: call.timeoutMs ?? usualTimeoutMs,
      ...(call.openEnded === undefined ? {} : { openEnded: call.openEnded }),
      ...(call.bytes === undefined ? {} : { bytes: call.bytes }),
      ownConnection: call.retry === 'never',
    };
  }

  async function usableKey(): Promise<string> {
    const key = (await options.key())?.trim();
    if (key === undefined || key === '') throw new RentError('auth', { detail: 'there is no key' });
    sentKeys.add(key);
    // What cannot stand in a header line was not copied from a provider's page.
    if (!/^[\x21-\x7e]+$/.test(key)) throw new RentError('auth', { detail: 'the key holds characters that no key has' });
    return key;
  }

  async function hop(request: Request, signal: AbortSignal | undefined): Promise<RawAnswer> {
    const from = clock.now();
    const line = (outcome: string): void => log.debug(redact(`${request.method} ${request.url.pathname} ${outcome} ${clock.now() - from} ms`));
    try {
      const answer = await transport(request, signal);
      if (request.method === 'GET' && clock.now() - from > longestFlightMs(request)) throw new RentError('network', { detail: `${answer.status}, but older than the wait for it` });
      line(String(answer.status));
      return answer;
    } catch (error) {
      line(isAbort(error) ? 'cancelled' : isRentError(error) ? error.message : 'failed');
      throw error;
    }
  }

  /** Follows a GET only. Once it has left our origin the key stays behind, even if it comes back. */
  async function follow(request: Request, signal: AbortSignal | undefined): Promise<Answer> {
    let current = request;
    for (let redirects = 0; ; redirects++) {
      const raw = await hop(current, signal);
      const target = redirectOf(current, raw);
      if (target === undefined) return { ...raw, at: serverTime(raw) ?? clock.now() };
      if (redirects === mostRedirects) throw new RentError('badResponse', { detail: 'redirected too often', status: raw.status });
      if (!mayLeadTo(current.url, target)) throw new RentError('badResponse', { detail: 'redirected to where nothing may be sent', status: raw.status });
      const { Authorization: key, ...others } = current.headers;
      current = { ...current, url: target, headers: key !== undefined && target.origin === home.origin ? current.headers : others };
    }
  }

  /** The answer, or the reason why there is none. Cancelling is neither. */
  async function attempt(request: Request, signal: AbortSignal | undefined): Promise<Answer | RentError> {
    try {
      return await follow(request, signal);
    } catch (error) {
      if (isRentError(error)) return error;
      throw error;
    }
  }

  return {
    async send(call, signal) {
      const request = await requestOf(call);
      for (let tries = 1; ; tries++) {
        await pacer.turn(call.pace, signal);
        const outcome = await attempt(request, signal);
        const waitMs = Math.max(backoffMs(tries, random), outcome instanceof Error ? 0 : (askedWaitMs(outcome) ?? 0));
        const refused = !(outcome instanceof Error) && outcome.status === 429;
        if (refused) pacer.hold(call.pace, waitMs);
        if (tries === mostAttempts || waitMs > longestWaitMs || !repeatable(call, outcome)) return conclude(call, outcome, redact);
        // After a 429 the whole name waits, and this call takes its turn with the others.
        if (!refused) await clock.sleep(waitMs, signal);
      }
    },
  };
}

function addressOf(home: URL, call: Call<unknown>): URL {
  const address = `${call.origin ?? home.origin}${call.path}`;
  const url = call.path.startsWith('/') && URL.canParse(address) ? new URL(address) : undefined;
  for (const [name, value] of Object.entries(call.query ?? {})) url?.searchParams.append(name, value);
  const abroad = url !== undefined && url.origin !== home.origin;
  if (url === undefined || !isAllowed(url) || (abroad && (call.origin === undefined || call.key !== 'none' || call.method !== 'GET' || !mayLeadTo(home, url)))) {
    throw new RentError('badRequest', { detail: 'nothing may be sent to this address' });
  }
  return url;
}

function redirectOf(request: Request, raw: RawAnswer): URL | undefined {
  const location = raw.headers['location'];
  if (request.method !== 'GET' || location === undefined || ![301, 302, 303, 307, 308].includes(raw.status)) return undefined;
  if (!URL.canParse(location, request.url.href)) throw new RentError('badResponse', { detail: 'redirected to no address', status: raw.status });
  return new URL(location, request.url);
}

function serverTime(raw: RawAnswer): number | undefined {
  const time = Date.parse(raw.headers['date'] ?? '');
  return Number.isNaN(time) ? undefined : time;
}

function repeatable(call: Call<unknown>, outcome: Answer | RentError): boolean {
  if (!(outcome instanceof Error)) return mayRepeat(call.retry, outcome.status);
  return outcome.code === 'network' && mayRepeat(call.retry, undefined);
}

/** Errors quote the provider, and a provider can quote the key. */
function conclude<T>(call: Call<T>, outcome: Answer | RentError, redact: Redact): T {
  try {
    if (outcome instanceof Error) throw outcome;
    return call.read(outcome);
  } catch (error) {
    if (!isRentError(error)) throw error;
    const { code, detail, status, retryAfterMs, instanceKey } = error;
    throw new RentError(code, {
      ...(detail === undefined ? {} : { detail: redact(detail) }),
      ...(status === undefined ? {} : { status }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(instanceKey === undefined ? {} : { instanceKey }),
    });
  }
}
