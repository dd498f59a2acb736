/**
 * GraphQL, for the two things REST v2 lacks: prices without a key, and the balance. RunPod has
 * announced its end for early 2027, so nothing that a rental needs may stand on it.
 */
import { RentError } from '../../domain/errors.ts';
import type { Answer, Call } from '../../domain/http.ts';
import { plainText } from '../http/plainText.ts';
import { parseBody } from './body.ts';
import { isOk, refusal } from './problems.ts';
import { graphqlBody } from './schemas/graphql.ts';

export interface Query {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

export function graphqlCall<T>(about: Pick<Call<T>, 'key' | 'retry' | 'timeoutMs'>, body: Query, read: (data: unknown, answer: Answer) => T): Call<T> {
  return {
    method: 'POST',
    path: '/graphql',
    body,
    pace: { name: 'runpod.graphql', burst: 20, perMs: 60_000 },
    ...about,
    read: (answer) => read(dataOf(answer), answer),
  };
}

/** Data beside errors is data: a restricted key, or one field that failed, does not spoil the rest. */
function dataOf(answer: Answer): unknown {
  if (!isOk(answer)) throw refusal(answer);
  const { data, errors } = parseBody(graphqlBody, answer);
  if (data !== undefined && data !== null) return data;
  const words = plainText((errors ?? []).map((error) => error.message ?? '').join('; '), 300);
  throw new RentError('badResponse', { status: answer.status, detail: words || 'no data' });
}
