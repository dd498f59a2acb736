import type * as z from 'zod/mini';
import { RentError } from '../../domain/errors.ts';
import type { Answer } from '../../domain/http.ts';

/** Undefined for anything that is not JSON: a gateway's page, an answer that broke off. */
export function jsonOf(answer: Answer): unknown {
  try {
    return JSON.parse(answer.text);
  } catch {
    return undefined;
  }
}

/** Throws `badResponse` naming what is wrong, without the value that is. */
export function parseAs<T extends z.ZodMiniType>(schema: T, value: unknown, status: number): z.infer<T> {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new RentError('badResponse', { status, detail: `unreadable at ${issue?.path.join('.') || 'the top'}: ${issue?.message ?? ''}` });
}

/** Rows that read, and how many did not. */
export function readRows<T extends z.ZodMiniType>(schema: T, rows: readonly unknown[]): { rows: z.infer<T>[]; unread: number } {
  const read = rows.map((row) => schema.safeParse(row)).filter((result) => result.success);
  return { rows: read.map((result) => result.data), unread: rows.length - read.length };
}
