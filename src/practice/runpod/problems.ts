// RunPod's error answers: problem+json, and what Cloudflare puts before it.
import type { HttpAnswer } from '../httpServer.ts';

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Request Entity Too Large',
  422: 'Unprocessable Entity',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
};

/** A refusal on its way to becoming an answer; `status` is the HTTP status. */
export class Refusal extends Error {
  readonly status: number;
  readonly errors: readonly string[];

  constructor(status: number, detail: string, errors: readonly string[] = []) {
    super(detail);
    this.status = status;
    this.errors = errors;
  }
}

export function problem(status: number, detail: string, errors: readonly string[] = [], headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  const body = { title: titles[status] ?? 'Error', status, detail, ...(errors.length > 0 ? { errors } : {}) };
  return { status, headers: { ...headers, 'content-type': 'application/problem+json' }, body };
}

export function refusalAnswer(refusal: Refusal): HttpAnswer {
  return problem(refusal.status, refusal.message, refusal.errors);
}

export const noCapacity = 'There are no longer any instances available with the requested specifications. Please refresh and try again.';
export const hostIsFull = 'There are not enough free GPUs on the host machine to start this pod.';

/** What Cloudflare sends to a client whose User-Agent it does not like. */
export const bannedAgent: HttpAnswer = { status: 403, headers: { 'content-type': 'text/html; charset=UTF-8', server: 'cloudflare' }, body: 'error code: 1010' };
