// POST /graphql: a key is welcome but not needed; a wrong one is refused.
import type { HttpAnswer, HttpCall, Route } from '../../httpServer.ts';
import { callerOf } from '../account.ts';
import { record, dictionary, orNull, text, type Shape } from '../shape.ts';
import type { Runpod } from '../runpod.ts';
import { bearerOf } from '../rest/gate.ts';
import { catalogueQueries } from './catalogue.ts';
import { executeGraphql } from './execute.ts';
import { Interrupted, mutations } from './mutations.ts';
import { accountQueries } from './queries.ts';
import { RUNPOD_SCHEMA } from './schema.ts';

const anything: Shape<unknown> = { accepts: (value): value is unknown => value !== undefined };
const requestBody = record({ query: text({ min: 1 }) }, { operationName: orNull(text()), variables: orNull(dictionary(anything, Infinity)), extensions: anything });

export function graphqlRoute(runpod: Runpod): Route {
  return { method: 'POST', path: '/graphql', handle: (call) => answer(runpod, call) };
}

async function answer(runpod: Runpod, call: HttpCall): Promise<HttpAnswer> {
  const key = bearerOf(call) ?? call.query.get('api_key') ?? undefined;
  const caller = callerOf(runpod.account, key);
  if (key !== undefined && caller === undefined) return refused(401, 'Unauthorized', 'UNAUTHORIZED');
  const { body } = call;
  if (!requestBody.accepts(body, '$', [])) return refused(400, 'POST body missing, invalid Content-Type, or JSON object has no keys.', 'BAD_REQUEST');
  try {
    const roots = { Query: { ...catalogueQueries(runpod), ...accountQueries(runpod, caller) }, Mutation: mutations(runpod, caller) };
    return await executeGraphql(RUNPOD_SCHEMA, roots, body);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    return error.how === 'drop' ? { status: 0, drop: true } : broken();
  }
}

function refused(status: number, message: string, code: string): HttpAnswer {
  return { status, body: { errors: [{ message, extensions: { code } }] } };
}

export function broken(): HttpAnswer {
  return refused(500, 'Something went wrong. Please try again later or contact support.', 'INTERNAL_SERVER_ERROR');
}
