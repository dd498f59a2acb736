/** What every reader of a list does with a line about a machine that was asked for. */
import * as z from 'zod/mini';
import type { CloudQuote, Wanted } from '../../domain/cloudPrice.ts';
import { RentError } from '../../domain/errors.ts';
import type { Answer } from '../../domain/http.ts';

/** An amount above zero: free machines do not exist, and an empty cell is no price. */
export const amount = z.coerce.number().check(z.positive(), z.lt(1e9));
export const optionalAmount = z.catch(z.optional(amount), undefined);

export interface Read {
  readonly quotes: readonly CloudQuote[];
  readonly dropped: number;
}

export function isWanted({ instances, regions }: Wanted): (instance: string | undefined, region: string | undefined) => boolean {
  const [names, places] = [new Set(instances), new Set(regions)];
  return (instance, region) => instance !== undefined && region !== undefined && names.has(instance) && places.has(region);
}

/** Anything but a plain yes is no list. */
export function whole({ status, text }: Answer): string {
  if (status === 200) return text;
  throw new RentError(status >= 500 ? 'serverError' : status === 429 ? 'rateLimited' : 'badResponse', { status, detail: `status ${status}` });
}
