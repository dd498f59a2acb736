/** Everything that is asked about or of an instance. The gaps are Vast's thresholds and a little more. */
import { RentError, isRentError } from '../../domain/errors.ts';
import type { Call } from '../../domain/http.ts';
import type { SeenInstance } from '../../domain/instance.ts';
import { toDollars, type UsdPerHour } from '../../domain/money.ts';
import { parseWith } from '../http/read.ts';
import { readInstance } from './instances.ts';
import { leastBid } from './prices.ts';
import { accepted, bidWords, startWords } from './problems.ts';
import { instancePage, oneInstance } from './schemas/instance.ts';

export interface InstancePage {
  readonly instances: readonly SeenInstance[];
  /** Every row was readable, and as many as were announced. */
  readonly whole: boolean;
  /** In the whole account, as far as it says. */
  readonly total: number | undefined;
  /** Null at the end, undefined when that was not said. */
  readonly next: string | null | undefined;
  readonly at: number;
}

/** v1 only: the older list was withdrawn account by account, and its absence read as "no instances". */
export const listInstances = (after?: string): Call<InstancePage> => ({
  method: 'GET',
  path: '/api/v1/instances/',
  query: { limit: '25', order_by: '[{"col":"id","dir":"asc"}]', ...(after === undefined ? {} : { after_token: after }) },
  key: 'required',
  pace: { name: 'vast.list', gapMs: 1_100 },
  retry: 'safe',
  read: (answer) => {
    const page = parseWith(instancePage, accepted(answer));
    const read = page.instances.map(readInstance);
    const instances = read.filter((instance) => instance !== undefined);
    return {
      instances,
      whole: instances.length === read.length && (page.instances_found ?? read.length) === read.length,
      total: page.total_instances,
      next: page.next_token === '' ? null : page.next_token,
      at: answer.at,
    };
  },
});

/** Undefined when Vast says that it does not exist: null in place of the instance, or a 404 that names the reason. */
export const getInstance = (key: string): Call<{ instance: SeenInstance; at: number } | undefined> => ({
  method: 'GET',
  path: instancePath(key),
  query: { owner: 'me' },
  key: 'required',
  pace: { name: 'vast.show', gapMs: 2_100 },
  retry: 'safe',
  read: (answer) =>
    unlessGone(() => {
      const { instances: row } = parseWith(oneInstance, accepted(answer));
      if (row === null) return undefined;
      const instance = readInstance(row);
      if (instance?.key !== key) throw new RentError('badResponse', { detail: `not instance ${key}`, status: answer.status });
      return { instance, at: answer.at };
    }),
});

export const setState = (key: string, state: 'running' | 'stopped'): Call<void> => ({
  ...action('PUT', instancePath(key), { state }, { name: 'vast.state', gapMs: 1_100 }),
  // A stop can be sent again; a start that was heard may be charged by now.
  retry: state === 'stopped' ? 'safe' : 'refused',
  read: (answer) => void accepted(answer, startWords),
});

export const reboot = (key: string): Call<void> => ({
  ...action('PUT', `/api/v0/instances/reboot/${idOf(key)}/`, {}, { name: 'vast.reboot', gapMs: 1_100 }),
  retry: 'refused',
  read: (answer) => void accepted(answer),
});

/** What does not exist is destroyed enough. */
export const destroy = (key: string): Call<void> => ({
  ...action('DELETE', instancePath(key), {}, { name: 'vast.destroy', gapMs: 3_200 }),
  retry: 'safe',
  read: (answer) => void unlessGone(() => accepted(answer)),
});

/** `bid` is for the whole instance. Without a price Vast would set the winning one by itself. */
export function changeBid(key: string, bid: UsdPerHour): Call<void> {
  if (bid < leastBid) throw new RentError('bidTooLow', { detail: 'Vast takes bids from $0.001 an hour' });
  return {
    ...action('PUT', `/api/v0/instances/bid_price/${idOf(key)}/`, { client_id: 'me', price: toDollars(bid) }, { name: 'vast.bid', gapMs: 5_700 }),
    retry: 'refused',
    read: (answer) => void accepted(answer, bidWords),
  };
}

/** Keys of the account reach new instances only, and keys that a start script writes are wiped after hours. */
export const attachKey = (key: string, publicKey: string): Call<void> => ({
  ...action('POST', `${instancePath(key)}ssh/`, { ssh_key: publicKey.trim() }, { name: 'vast.ssh', gapMs: 1_100 }),
  retry: 'safe',
  read: (answer) => {
    try {
      accepted(answer);
    } catch (error) {
      // It is there already, which is what was wanted.
      if (!isRentError(error, 'badRequest') || !/already|duplicate|exists/i.test(error.detail ?? '')) throw error;
    }
  },
});

type Action = Pick<Call<unknown>, 'method' | 'path' | 'body' | 'key' | 'pace'>;
const action = (method: 'PUT' | 'POST' | 'DELETE', path: string, body: unknown, pace: Action['pace']): Action => ({ method, path, body, key: 'required', pace });

const instancePath = (key: string): string => `/api/v0/instances/${idOf(key)}/`;

/** Keys come back from journals and command lines; anything but digits would make the address another one. */
export function idOf(key: string): string {
  if (!/^[1-9]\d{0,14}$/.test(key)) throw new RentError('badRequest', { detail: 'not an id of an instance' });
  return key;
}

function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isRentError(error, 'gone')) return undefined;
    throw error;
  }
}

