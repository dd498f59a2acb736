/** Recorded answers, and an Http that hands them out and remembers what was asked. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { isAbort, isRentError, type ErrorCode } from '../../../../src/domain/errors.ts';
import type { Answer, Call, Http } from '../../../../src/domain/http.ts';

export const at = Date.parse('2026-11-20T12:00:00Z');

export const fixtureText = (name: string): string => readFileSync(join(import.meta.dirname, '../../../fixtures/runpod', name), 'utf8');
export const fixture = (name: string): Record<string, unknown> => JSON.parse(fixtureText(name)) as Record<string, unknown>;

export function answer(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return { status, headers, text: typeof body === 'string' ? body : JSON.stringify(body), at };
}

export const ok = (body: unknown): Answer => answer(200, body);
export const problem = (name: string): Answer => {
  const body = fixture('problems.json')[name] as { status: number };
  return answer(body.status, body);
};

export type Asked = Omit<Call<unknown>, 'read'>;
export type Reply = Answer | Error | Promise<Answer>;

export interface FakeHttp extends Http {
  readonly asked: Asked[];
}

/** Answers each call as `reply` says; an error is what the door itself would throw. */
export function fakeHttp(reply: (call: Asked) => Reply): FakeHttp {
  const asked: Asked[] = [];
  return {
    asked,
    async send(call, signal) {
      signal?.throwIfAborted();
      asked.push(call);
      const given = await reply(call);
      if (given instanceof Error) throw given;
      return call.read(given);
    },
  };
}

/** Every kind of character, control characters and halves of surrogate pairs included. */
export const anyText = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)), maxLength: 600 });

export const never = (): AbortSignal => new AbortController().signal;

/** For assert.rejects and assert.throws. */
export const withCode = (code: ErrorCode) => (error: unknown): boolean => isRentError(error, code);
export const aborted = (error: unknown): boolean => isAbort(error);

export async function collect<T>(items: AsyncIterable<T>): Promise<{ items: T[]; error: unknown }> {
  const seen: T[] = [];
  try {
    for await (const item of items) seen.push(item);
    return { items: seen, error: undefined };
  } catch (error) {
    return { items: seen, error };
  }
}
