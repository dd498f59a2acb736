/** Which data this project copied from where to where: to do it again, and for its set-up script. Nothing secret. */
import * as z from 'zod/mini';
import { addressOf, pathProblem } from '../../domain/dataStore.ts';
import type { DataRoute } from '../../domain/project.ts';
import type { Drawer } from '../offers/preferences.ts';

const key = 'gpuRental.dataRoutes';
const most = 12;

/** An address that data is sent to: no name or password in it, and nothing behind the host. */
export function isEndpoint(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, pathname, search, hash } = new URL(text);
  return (protocol === 'https:' || protocol === 'http:') && `${username}${password}${search}${hash}` === '' && pathname === '/';
}

const savedRoute = z.object({
  direction: z.enum(['pull', 'push']),
  folder: z.string().check(z.regex(/^[^\p{Cc}]{1,1024}$/u)),
  place: z.object({
    path: z.string(),
    store: z.union([
      z.object({ kind: z.literal('gcs') }),
      z.object({ kind: z.literal('b2') }),
      z.object({ kind: z.literal('hub'), holds: z.enum(['dataset', 'model']) }),
      z.object({
        kind: z.literal('s3'), flavor: z.enum(['aws', 'r2', 'runpod', 'other']), endpoint: z.exactOptional(z.string().check(z.refine(isEndpoint))), region: z.exactOptional(z.string()),
      }),
    ]),
  }).check(z.refine((place) => pathProblem(place) === undefined)),
});

export class Routes {
  readonly #drawer: Drawer;

  constructor(drawer: Drawer) {
    this.#drawer = drawer;
  }

  /** Newest first. */
  get all(): readonly DataRoute[] {
    const kept = this.#drawer.get(key);
    if (!Array.isArray(kept)) return [];
    return kept.flatMap((each: unknown) => z.safeParse(savedRoute, each).data ?? []).slice(0, most);
  }

  async add(route: DataRoute): Promise<void> {
    const others = this.all.filter((each) => nameOf(each) !== nameOf(route));
    await this.#drawer.update(key, [route, ...others].slice(0, most));
  }
}

const nameOf = ({ place, direction, folder }: DataRoute): string => [direction, JSON.stringify(Object.entries(place.store).toSorted()), addressOf(place), folder].join('\n');
