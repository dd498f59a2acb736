// Who may call what, and how often. Limits count real seconds.
import type { HttpAnswer, HttpCall, Route } from '../httpServer.ts';
import { createIntervalLimiter, createWindowLimiter } from '../rateLimit.ts';
import { fail, json } from './answers.ts';
import { contractOf, liveContracts, type VastMarket } from './market.ts';

interface Rule {
  /** Seconds between two calls of one caller. */
  readonly threshold?: number;
  /** Seconds a refused call has to wait instead. */
  readonly penalty?: number;
  /** May be called without a key. */
  readonly open?: true;
  /** Counted per minute and address instead. */
  readonly search?: true;
}

const searchesPerMinute = 10;

const rules: Readonly<Record<string, Rule>> = {
  'POST /api/v0/bundles/': { open: true, search: true },
  'GET /api/v0/bundles/': { open: true, search: true },
  'PUT /api/v0/search/asks/': { open: true, search: true },
  'GET /api/v0/gpu_names/unique/': { open: true },
  'GET /api/v0/gpu_types/': { open: true },
  'GET /instance_logs/{file}': { open: true },
  'PUT /api/v0/asks/{id}/': { threshold: 4.5, penalty: 12 },
  'POST /api/v0/asks/bulk/': { threshold: 4.5, penalty: 12 },
  'PUT /api/v0/launch_instance/': { threshold: 5 },
  'GET /api/v1/instances/': { threshold: 1 },
  'GET /api/v0/instances/{id}/': { threshold: 2 },
  'PUT /api/v0/instances/{id}/': { threshold: 1 },
  'DELETE /api/v0/instances/{id}/': { threshold: 3 },
  'PUT /api/v0/instances/': { threshold: 1 },
  'DELETE /api/v0/instances/': { threshold: 3 },
  'PUT /api/v0/instances/reboot/{id}/': { threshold: 1 },
  'PUT /api/v0/instances/recycle/{id}/': { threshold: 1 },
  'PUT /api/v0/instances/bid_price/{id}/': { threshold: 5.5 },
  'POST /api/v0/ssh/': { threshold: 1 },
  'DELETE /api/v0/instances/{id}/ssh/{key}/': { threshold: 2 },
  'GET /api/v0/template/': { threshold: 3 },
  'GET /api/v0/volumes/': { threshold: 5.5 },
  'POST /api/v0/volumes/search/': { threshold: 5.5 },
  'PUT /api/v0/volumes/': { threshold: 5.5 },
  'DELETE /api/v0/volumes/': { threshold: 5.5 },
  'GET /api/v0/charges/': { threshold: 1 },
  'GET /api/v1/invoices/': { threshold: 3 },
  'GET /api/v0/users/me/invoices/': { threshold: 3 },
  'GET /api/v0/instances/balance/{id}/': { threshold: 3 },
};

// What the key inside a container may do, to its own instance only.
const ownInstance = new Set(['PUT /api/v0/instances/{id}/', 'DELETE /api/v0/instances/{id}/']);

const nameOf = (route: Route) => `${route.method} ${route.path}`;

function keyOf(call: HttpCall): string | null {
  const bearer = /^Bearer\s+(\S+)$/i.exec(call.headers.authorization ?? '')?.[1];
  return bearer ?? call.query.get('api_key');
}

/** The same refusal comes in three dresses. */
export function tooFrequent(name: string, threshold: number, retryAfterMs: number): HttpAnswer {
  const text = `API requests too frequent endpoint threshold=${threshold}`;
  if (name.startsWith('GET ')) return json({ detail: text }, 429);
  return {
    status: 429,
    headers: { 'content-type': 'text/plain' },
    body: retryAfterMs > threshold * 1000 ? 'API requests too frequent' : text.replace('frequent ', 'frequent: '),
  };
}

function tooManySearches(retryAfterMs: number): HttpAnswer {
  const seconds = Math.ceil(retryAfterMs / 1000);
  return {
    ...fail(429, 'rate_limit_exceeded', 'API requests too frequent', { retry_after: seconds }),
    headers: { 'retry-after': String(seconds) },
  };
}

export function createLimits(): (call: HttpCall, route: Route) => HttpAnswer | null {
  const intervals = createIntervalLimiter();
  const searches = createWindowLimiter(searchesPerMinute, 60_000);
  return (call, route) => {
    const name = nameOf(route);
    const rule = rules[name];
    if (rule?.search === true) {
      const verdict = searches.call(call.ip);
      return verdict.allowed ? null : tooManySearches(verdict.retryAfterMs);
    }
    if (rule?.threshold === undefined) return null;
    const verdict = intervals.call(`${name}|${keyOf(call) ?? ''}|${call.ip}`, rule.threshold * 1000, (rule.penalty ?? 0) * 1000);
    return verdict.allowed ? null : tooFrequent(name, rule.threshold, verdict.retryAfterMs);
  };
}

const loginRequired = () => fail(403, 'auth_error', 'This action requires login.');
const unknownKey = () => fail(404, 'auth_error', 'Invalid user key');
const twoFactor = () => fail(401, 'auth_error', 'This action requires you to have logged in using Two Factor Authentication.');

/** A container's key stops, starts, names and destroys its own instance; it reads nothing. */
function instanceKey(market: VastMarket, key: string, call: HttpCall, name: string): HttpAnswer | null {
  const owner = liveContracts(market).find((contract) => contract.apiKey === key);
  if (owner === undefined) return unknownKey();
  const own = ownInstance.has(name) && contractOf(market, call.params['id']) === owner;
  return own ? null : fail(403, 'auth_error', 'This API key is not allowed to do that.');
}

export function checkKey(market: VastMarket, call: HttpCall, route: Route): HttpAnswer | null {
  const name = nameOf(route);
  const key = keyOf(call);
  if (rules[name]?.open === true) {
    const search = rules[name]?.search === true;
    const known = key === null || key === market.settings.apiKey || liveContracts(market).some((contract) => contract.apiKey === key);
    return search && !known ? unknownKey() : null;
  }
  if (key === null) return loginRequired();
  if (key !== market.settings.apiKey) return instanceKey(market, key, call, name);
  return market.world.faults.hit('two-factor', 'vast') ? twoFactor() : null;
}

/** Only for tests of the tables: a rule without a route would never hold. */
export const ruledRoutes: readonly string[] = Object.keys(rules);
