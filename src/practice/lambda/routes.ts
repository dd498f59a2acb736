// A route of Lambda: its answer stands under `data`, its refusal under `error`.
import type { HttpCall, Route } from '../httpServer.ts';
import { problem, Refusal } from './problems.ts';

export function route(method: string, path: string, answer: (call: HttpCall) => unknown): Route {
  return {
    method,
    path,
    handle(call) {
      if (call.badJson) return problem('global/invalid-parameters', 'Invalid request data: not JSON.');
      try {
        return { status: 200, body: { data: answer(call) } };
      } catch (error) {
        if (error instanceof Refusal) return error.answer;
        throw error;
      }
    },
  };
}
