import type { Answer, Call, Http } from '../../../../src/domain/http.ts';
import { createHttp, type HttpOptions } from '../../../../src/providers/http/http.ts';
import { rateLimited } from '../../../../src/providers/http/retry.ts';
import { FakeClock } from '../../../fakes/fakeClock.ts';
import { FakeLog } from '../../../fakes/fakeLog.ts';

export const canary = 'key-canary-8c31f0';

/** A door for tests: time passes only by waiting, and chance always says the same. */
export function openDoor(origin: string, options: Partial<HttpOptions> = {}): { http: Http; clock: FakeClock; log: FakeLog } {
  const clock = new FakeClock();
  const log = new FakeLog();
  const http = createHttp({ origin, key: async () => canary, clock, log, userAgent: 'gpu-rental/test', random: () => 0, ...options });
  return { http, clock, log };
}

/** A call that gives back the whole answer, except that it refuses a 429 as an adapter does. */
export const get = (path: string, about: Partial<Call<Answer>> = {}): Call<Answer> => ({
  method: 'GET',
  path,
  key: 'required',
  pace: { name: 'test' },
  retry: 'safe',
  read: (answer) => {
    if (answer.status === 429) throw rateLimited(answer);
    return answer;
  },
  ...about,
});
