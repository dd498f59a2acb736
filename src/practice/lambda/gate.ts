// What every request meets first: the key, and the limits, which count real seconds.
import type { HttpAnswer, HttpCall } from '../httpServer.ts';
import { createIntervalLimiter } from '../rateLimit.ts';
import { problem } from './problems.ts';

const everyMs = 1000;
const launchEveryMs = 12_000;

/** An answer ends the request here. */
export function createGate(apiKey: string, limits: boolean, realNow?: () => number): (call: Pick<HttpCall, 'method' | 'path' | 'headers'>) => HttpAnswer | null {
  const limiter = createIntervalLimiter(realNow);
  return (call) => {
    if (keyOf(call) !== apiKey) return problem('global/invalid-api-key');
    if (!limits) return null;
    if (!limiter.call('all', everyMs).allowed) return problem('global/too-many-requests');
    const launches = call.method === 'POST' && call.path === '/api/v1/instance-operations/launch';
    return launches && !limiter.call('launch', launchEveryMs).allowed ? problem('global/too-many-requests') : null;
  };
}

/** As a bearer, or as the user of basic authentication, encoded or not. */
function keyOf({ headers: { authorization = '' } }: Pick<HttpCall, 'headers'>): string | undefined {
  const [, scheme = '', value = ''] = /^(Bearer|Basic) (\S+)$/i.exec(authorization) ?? [];
  if (scheme.toLowerCase() === 'bearer') return value;
  const decoded = Buffer.from(value, 'base64').toString();
  return decoded.endsWith(':') ? decoded.slice(0, -1) : value.replace(/:$/, '');
}
