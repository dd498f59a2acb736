import type * as z from 'zod/mini';
import { RentError } from '../../domain/errors.ts';
import type { Answer } from '../../domain/http.ts';
import { excerpt, problems, tryJson } from '../http/read.ts';

/**
 * Throws `badResponse` saying what is wrong, without quoting the value: RunPod echoes a pod's
 * environment in every answer about it.
 */
export function parseBody<T extends z.ZodMiniType>(schema: T, answer: Answer): z.infer<T> {
  const body = tryJson(answer.text);
  if (body !== undefined) return parseData(schema, body, answer);
  const page = answer.text.trimStart().startsWith('<');
  throw new RentError('badResponse', { status: answer.status, detail: page ? `not JSON: ${excerpt(answer.text)}` : 'not whole JSON' });
}

export function parseData<T extends z.ZodMiniType>(schema: T, data: unknown, answer: Answer): z.infer<T> {
  const read = schema.safeParse(data);
  if (read.success) return read.data;
  throw new RentError('badResponse', { status: answer.status, detail: problems(read.error) });
}

export function readRows<T extends z.ZodMiniType>(schema: T, rows: readonly unknown[]): { rows: z.infer<T>[]; unread: number } {
  const read = rows.map((row) => schema.safeParse(row)).filter((result) => result.success);
  return { rows: read.map((result) => result.data), unread: rows.length - read.length };
}
