/** The Hub's two public answers that an estimate can use, each from its own origin, without a key. */
import * as z from 'zod/mini';
import { RentError } from '../../domain/errors.ts';
import type { Answer, Call, Http } from '../../domain/http.ts';
import type { Hub, HubSplit } from '../../domain/hub.ts';
import type { Clock, Log } from '../../domain/ports.ts';
import { createHttp } from '../http/http.ts';
import { parseWith, readJson } from '../http/read.ts';
import type { Transport } from '../http/transport.ts';

export interface HubOrigins {
  /** Files of repositories. */
  readonly hub: string;
  /** Sizes of data sets. */
  readonly viewer: string;
}

export const hubOrigins: HubOrigins = { hub: 'https://huggingface.co', viewer: 'https://datasets-server.huggingface.co' };

export interface HubOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  readonly origins?: HubOrigins;
  readonly transport?: Transport;
}

/** A configuration has a few thousand characters, a list of splits some ten thousand. */
const mostCharacters = 500_000;
const timeoutMs = 10_000;
/** `owner/name`, as the Hub allows it: nothing that could be another path or host. */
const repository = /^[A-Za-z\d](?:[\w.-]{0,94}[\w])?\/[A-Za-z\d](?:[\w.-]{0,94}[\w])?$/;

export const isHubName = (name: string): boolean => repository.test(name) && !name.includes('..');

export function createHub({ clock, log, version, origins = hubOrigins, transport }: HubOptions): Hub {
  const door = (origin: string): Http =>
    createHttp({ origin, key: () => Promise.resolve(undefined), clock, log, userAgent: `gpu-rental/${version}`, ...(transport === undefined ? {} : { transport }) });
  const [files, viewer] = [door(origins.hub), door(origins.viewer)];
  return {
    config: (model, signal) => files.send(configCall(named(model)), signal),
    splits: (dataset, signal) => viewer.send(splitsCall(named(dataset)), signal),
  };
}

function named(name: string): string {
  if (!isHubName(name)) throw new RentError('badRequest', { detail: 'no name of the Hub' });
  return name;
}

const common = { method: 'GET', key: 'none', pace: { name: 'hub', gapMs: 200 }, retry: 'refused', timeoutMs } as const;

export const configCall = (model: string): Call<string | undefined> => ({ ...common, path: `/${model}/resolve/main/config.json`, read: whole });

const sizes = z.object({
  size: z.object({ splits: z.array(z.object({ config: z.string(), split: z.string(), num_rows: z.int().check(z.gte(0)) })) }),
});

export const splitsCall = (dataset: string): Call<readonly HubSplit[] | undefined> => ({
  ...common, path: '/size', query: { dataset },
  read: (answer) => {
    if (whole(answer) === undefined) return undefined;
    return parseWith(sizes, readJson(answer)).size.splits.map(({ config, split, num_rows: rows }) => ({ config, split, rows }));
  },
});

/** Private, gated and missing are all the same to whoever has no key: nothing is known. */
function whole({ status, text }: Answer): string | undefined {
  if ([401, 403, 404, 422, 501].includes(status)) return undefined;
  if (status !== 200) throw new RentError(status >= 500 ? 'serverError' : status === 429 ? 'rateLimited' : 'badResponse', { status, detail: `status ${status}` });
  if (text.length > mostCharacters) throw new RentError('badResponse', { detail: 'the answer is too large' });
  return text;
}
