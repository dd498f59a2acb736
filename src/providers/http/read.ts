/** From an answer to a value that can be trusted, or a `badResponse` that quotes what came instead. */
import * as z from 'zod/mini';
import { RentError } from '../../domain/errors.ts';
import type { Answer } from '../../domain/http.ts';
import { plainText } from './plainText.ts';
import { strike } from './redact.ts';

/** The beginning of a text for the log. Secrets go first: one that is cut in half has lost its shape. */
export const excerpt = (text: string): string => plainText(strike(text.slice(0, 16_384)));

export function readJson(answer: Answer): unknown {
  const value = tryJson(answer.text);
  if (value !== undefined) return value;
  throw new RentError('badResponse', { status: answer.status, detail: `not JSON: ${excerpt(answer.text)}` });
}

/** Undefined for anything that is not whole JSON. */
export function tryJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export function parseWith<S extends z.core.$ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return parsed.data;
  throw new RentError('badResponse', { detail: `${problems(parsed.error)} in ${excerpt(JSON.stringify(value) ?? String(value))}` });
}

/** `readJson` and `parseWith` in one step. */
export const readAs = <S extends z.core.$ZodType>(schema: S, answer: Answer): z.output<S> => parseWith(schema, readJson(answer));

/** Where a value differs from its schema, without the value itself. */
export const problems = (error: z.core.$ZodError): string =>
  error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.join('.') || 'the whole'}: ${'expected' in issue ? `not ${String(issue.expected)}` : issue.code}`)
    .join(', ');
