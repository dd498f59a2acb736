import { type Usd, type UsdPerHour, usd, toDollars } from '../../domain/money.ts';
import type { Band } from '../band.ts';

/** What serving costs: an hour that is paid whether it is used or not, spread over the tokens that it gave. */
export interface UsdBand {
  readonly low: Usd;
  readonly likely: Usd;
  readonly high: Usd;
}

const secondsPerHour = 3600;

/**
 * `utilisation` is the share of the hours in which requests keep the machine as busy as the rate of tokens assumes,
 * above 0 and up to 1. Undefined where nothing is ever served.
 */
export function usdPerMillionTokens(rate: UsdPerHour, tokensPerSecond: Band, utilisation: number): UsdBand | undefined {
  const share = Math.min(1, utilisation);
  if (!(share > 0) || !(tokensPerSecond.low > 0)) return undefined;
  const cost = (perSecond: number): Usd => usd(toDollars(rate) * 1e6 / (perSecond * share * secondsPerHour));
  return { low: cost(tokensPerSecond.high), likely: cost(tokensPerSecond.likely), high: cost(tokensPerSecond.low) };
}

export interface ServerlessTerms {
  /** What a rented machine costs per hour, busy or not. */
  readonly rented: UsdPerHour;
  /** What a serverless worker of the same kind costs per hour of work. */
  readonly serverless: UsdPerHour;
  /** Seconds of work of one request. */
  readonly secondsPerRequest: number;
  /** Seconds billed for a worker that wakes, and the share of requests that wake one. */
  readonly coldStartSeconds?: number;
  readonly coldShare?: number;
}

export interface BreakEven {
  /** From this many requests per hour on the rented machine is cheaper; infinite where it never is. */
  readonly requestsPerHour: number;
  /** The share of each hour that these requests keep the machine at work. */
  readonly utilisation: number;
}

/**
 * Where renting overtakes paying per second. A machine serves no more than its hour has seconds: beyond a
 * utilisation of 1 more machines are needed and the comparison repeats for each of them.
 */
export function serverlessBreakEven({ rented, serverless, secondsPerRequest, coldStartSeconds = 0, coldShare = 0 }: ServerlessTerms): BreakEven {
  const billed = secondsPerRequest + coldStartSeconds * Math.min(1, Math.max(0, coldShare));
  if (!(billed > 0) || !(secondsPerRequest > 0) || serverless <= 0) return { requestsPerHour: Infinity, utilisation: Infinity };
  const requestsPerHour = rented / serverless * secondsPerHour / billed;
  const utilisation = requestsPerHour * secondsPerRequest / secondsPerHour;
  return utilisation > 1 ? { requestsPerHour: Infinity, utilisation } : { requestsPerHour, utilisation };
}
