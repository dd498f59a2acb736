/** When a call may be sent again, and how long the server wants us to wait before. */
import { RentError } from '../../domain/errors.ts';
import type { Answer, Call } from '../../domain/http.ts';
import { tryJson } from './read.ts';

export const longestWaitMs = 60_000;
export const mostAttempts = 4;

const passing: readonly number[] = [429, 500, 502, 503, 504];

/** `undefined` stands for no whole answer: a time-out or a broken connection. */
export function mayRepeat(retry: Call<unknown>['retry'], status: number | undefined): boolean {
  switch (retry) {
    case 'safe':
      return status === undefined || passing.includes(status);
    case 'refused':
      return status === 429;
    case 'never':
      return false;
  }
}

/** One second, doubling, minus up to half by chance, so that windows that failed together do not return together. */
export const backoffMs = (attempt: number, random: () => number): number =>
  Math.round(1000 * 2 ** (attempt - 1) * (1 - random() / 2));

/** What the server asked for, in milliseconds: the longest of everything it said. */
export function askedWaitMs(answer: Answer): number | undefined {
  const waits = [fromHeader(answer), fromBody(answer), fromWindows(answer), fromReset(answer)].filter((wait) => wait !== undefined);
  return waits.length === 0 ? undefined : Math.max(...waits);
}

/** For a call's `read`: a 429, or a refusal in other words, with the wait that was asked for. */
export function rateLimited(answer: Answer, detail?: string): RentError {
  const retryAfterMs = askedWaitMs(answer);
  return new RentError('rateLimited', {
    status: answer.status,
    ...(detail === undefined ? {} : { detail }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** Seconds or a date; a date counts from the server's own clock. */
function fromHeader(answer: Answer): number | undefined {
  const value = answer.headers['retry-after']?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^\d+(?:\.\d+)?$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - answer.at);
}

/** Vast says it in the body. */
function fromBody(answer: Answer): number | undefined {
  if (answer.status !== 429) return undefined;
  const body = tryJson(answer.text);
  if (typeof body !== 'object' || body === null || !('retry_after' in body)) return undefined;
  const seconds = Number(body.retry_after);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

/** RunPod counts several windows (`"minute";r=0;t=12, "hour";r=90;t=600`); all that are spent must pass. */
function fromWindows(answer: Answer): number | undefined {
  if (answer.status !== 429) return undefined;
  const waits = (answer.headers['ratelimit'] ?? '')
    .split(',')
    .filter((window) => /;\s*r=0(?:\D|$)/.test(window))
    .map((window) => Number(/;\s*t=(\d+)/.exec(window)?.[1] ?? Number.NaN) * 1000)
    .filter((wait) => !Number.isNaN(wait));
  return waits.length === 0 ? undefined : Math.max(...waits);
}

/** When a quota is renewed, in epoch seconds by the server's clock. */
function fromReset(answer: Answer): number | undefined {
  const value = answer.headers['x-ratelimit-reset'];
  if (answer.status !== 429 || value === undefined || !/^\d{9,11}(?:\.\d+)?$/.test(value)) return undefined;
  return Math.max(0, Number(value) * 1000 - answer.at);
}
