// What every request meets first: Cloudflare's view of its User-Agent, the
// key, and the request limits, which count real seconds.
import { randomUUID } from 'node:crypto';
import type { HttpAnswer, HttpCall } from '../../httpServer.ts';
import { createWindowLimiter, type WindowState } from '../../rateLimit.ts';
import { callerOf, mayTouch, type Account, type Caller } from '../account.ts';
import { bannedAgent, problem } from '../problems.ts';

const windows = [
  { name: 'minute', limit: 60, seconds: 60 },
  { name: 'hour', limit: 3000, seconds: 3600 },
  { name: 'day', limit: 50_000, seconds: 86_400 },
] as const;

// The names HTTP libraries send when a program does not say who it is.
const libraryAgent = /^$|^(axios|node|undici|node-fetch|got|python-requests|python-urllib|python-httpx|aiohttp|go-http-client|okhttp|java)\b(?!-)/i;

export interface Gate {
  /** An answer ends the request here. */
  enter(call: HttpCall): HttpAnswer | null;
  /** Adds what every answer carries. */
  leave(answer: HttpAnswer, call: HttpCall): HttpAnswer;
  limited(): HttpAnswer;
}

export function createGate(account: Account, limits: boolean): Gate {
  const limiters = windows.map((window) => ({ ...window, limiter: createWindowLimiter(window.limit, window.seconds * 1000) }));
  const policy = windows.map(({ name, limit, seconds }) => `"${name}";q=${limit};w=${seconds}`).join(', ');
  const isRest = (call: HttpCall) => call.path === '/v2' || call.path.startsWith('/v2/');

  function state(): string {
    const states = limiters.map(({ name, limiter }) => ({ name, now: limiter.peek(account.id) }));
    return states.map(({ name, now }) => `"${name}";r=${now.remaining};t=${seconds(now.resetMs)}`).join(', ');
  }

  function tooMany(window: string, retryMs: number): HttpAnswer {
    return problem(429, `rate limit exceeded for the ${window} window`, [], { 'retry-after': String(Math.max(1, seconds(retryMs))) });
  }

  function count(): HttpAnswer | null {
    const full = limiters.map(({ name, limiter }) => ({ name, state: limiter.peek(account.id) })).find(({ state }) => !state.allowed);
    if (full !== undefined) return tooMany(full.name, full.state.retryAfterMs);
    for (const { limiter } of limiters) limiter.call(account.id);
    return null;
  }

  return {
    enter(call) {
      if (libraryAgent.test(call.headers['user-agent'] ?? '')) return bannedAgent;
      if (!isRest(call)) return null;
      const key = bearerOf(call);
      if (key === undefined) return problem(401, 'missing bearer token');
      if (callerOf(account, key) === undefined) return problem(401, 'invalid bearer token');
      return limits ? count() : null;
    },
    leave(answer, call) {
      const known = isRest(call) && callerOf(account, bearerOf(call)) !== undefined && answer !== bannedAgent;
      const rates = known && limits ? { 'ratelimit-policy': policy, ratelimit: state() } : {};
      return { ...answer, headers: { ...answer.headers, 'x-request-id': randomUUID(), ...rates } };
    },
    limited: () => tooMany('minute', 5000),
  };
}

export function bearerOf(call: HttpCall): string | undefined {
  return /^Bearer (\S+)$/i.exec(call.headers.authorization ?? '')?.[1];
}

/** Routes that are not about one pod are closed to the key of a pod. */
export function mayCall(caller: Caller | undefined, podId: string | undefined): boolean {
  if (caller === undefined) return false;
  return podId === undefined ? caller.kind === 'account' : mayTouch(caller, podId);
}

function seconds(ms: WindowState['resetMs']): number {
  return Math.ceil(ms / 1000);
}
