// A REST route of RunPod: behind the gate, with its query parsed, its caller
// known and its refusals turned into answers.
import type { HttpAnswer, HttpCall, Route } from '../../httpServer.ts';
import { callerOf, type Account, type Caller } from '../account.ts';
import { violations } from '../bodies.ts';
import { problem, Refusal, refusalAnswer } from '../problems.ts';
import type { Shape } from '../shape.ts';
import { bearerOf, mayCall } from './gate.ts';
import { parametersOf, type Parameters } from './query.ts';

export interface RestRoute {
  readonly method: string;
  readonly path: string;
  /** A pod's own key may call it for that pod. */
  readonly ownPod?: boolean;
  handle(call: HttpCall, query: Parameters, caller: Caller): HttpAnswer | Promise<HttpAnswer>;
}

export function toRoutes(account: Account, routes: readonly RestRoute[]): Route[] {
  return routes.map((route) => ({ method: route.method, path: route.path, handle: (call) => answer(account, route, call) }));
}

async function answer(account: Account, route: RestRoute, call: HttpCall): Promise<HttpAnswer> {
  const caller = callerOf(account, bearerOf(call));
  if (caller === undefined || !mayCall(caller, route.ownPod === true ? call.params['podId'] : undefined)) return problem(403, 'access denied');
  if (call.badJson) return problem(400, 'request body is not valid JSON');
  try {
    return await route.handle(call, parametersOf(call.query), caller);
  } catch (error) {
    if (error instanceof Refusal) return refusalAnswer(error);
    throw error;
  }
}

/** The body as its type, or a Refusal 422 that names everything wrong with it. */
export function bodyOf<T>(shape: Shape<T>, body: unknown): T {
  if (shape.accepts(body, '$', [])) return body;
  throw new Refusal(422, 'Request validation failed.', violations(shape, body));
}
