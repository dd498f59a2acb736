// The ways in which a create call goes wrong on its way there or back. They
// are the same for every provider: what differs is how an answer looks.
import type { Faults, Provider } from './faults.ts';
import type { HttpAnswer } from './httpServer.ts';

export interface CreateCall {
  /** Does the work. `phantom`: answer as if, but create nothing. */
  make(phantom: boolean): HttpAnswer | Promise<HttpAnswer>;
  /** The provider's 500. */
  failed(): HttpAnswer;
}

const dropped: HttpAnswer = { status: 0, drop: true };

export async function createWithFaults(faults: Faults, provider: Provider, call: CreateCall): Promise<HttpAnswer> {
  if (faults.hit('create-timeout-before', provider)) return dropped;
  const answer = await call.make(faults.hit('phantom-create', provider));
  if (faults.hit('create-timeout-after', provider)) return dropped;
  if (faults.hit('create-500-after', provider)) return call.failed();
  return answer;
}

/** A list of instances as a provider in trouble shows it. */
export function listWithFaults<T>(faults: Faults, provider: Provider, rows: readonly T[]): readonly T[] {
  if (faults.hit('list-empty', provider)) return [];
  if (faults.hit('list-truncated', provider)) return rows.slice(0, Math.floor(rows.length / 2));
  return rows;
}
