import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRentError, type ErrorCode } from '../../../../src/domain/errors.ts';
import type { Answer, Call, Http } from '../../../../src/domain/http.ts';

export const at = Date.parse('2026-11-22T12:00:00Z');

/** A recorded answer of Vast's, by its file's name. */
export const recorded = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../../../fixtures/vast', `${name}.json`), 'utf8')) as Record<string, unknown>;

export interface RecordedRefusal {
  readonly status: number;
  readonly body: unknown;
  readonly code: ErrorCode;
}
export const recordedRefusals = (name: string): [string, RecordedRefusal][] => Object.entries(recorded(name)) as [string, RecordedRefusal][];

export const answer = (body: unknown, status = 200, headers: Record<string, string> = {}): Answer => ({
  status, headers, at, text: typeof body === 'string' ? body : JSON.stringify(body),
});

export type Asked = Omit<Call<unknown>, 'read'>;

export interface ScriptedHttp extends Http {
  readonly asked: Asked[];
}

/** Answers each call as the script says; what the script throws is what the door would throw. */
export function scripted(reply: (call: Asked, count: number) => Answer): ScriptedHttp {
  const asked: Asked[] = [];
  return {
    asked,
    async send(call, signal) {
      signal?.throwIfAborted();
      asked.push(call);
      return call.read(reply(call, asked.length));
    },
  };
}

export const never = (): AbortSignal => new AbortController().signal;
export const withCode = (code: ErrorCode) => (error: unknown): boolean => isRentError(error, code);

/** What a call reads in an answer, or the error it throws. */
export function outcome<T>(call: Call<T>, given: Answer): T | { code: ErrorCode; instanceKey: string | undefined } {
  try {
    return call.read(given);
  } catch (error) {
    if (!isRentError(error)) throw error;
    return { code: error.code, instanceKey: error.instanceKey };
  }
}
