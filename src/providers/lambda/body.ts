import type * as z from 'zod/mini';
import { RentError } from '../../domain/errors.ts';
import type { Answer } from '../../domain/http.ts';
import { excerpt, problems, tryJson } from '../http/read.ts';
import { isOk, refusal, type Meanings } from './problems.ts';
import { success } from './schemas/envelope.ts';

/**
 * What a success carries. Throws Lambda's refusal, or `badResponse` saying what is wrong without quoting the value:
 * instances come with the token of the notebook server that runs on them.
 */
export function dataOf<T extends z.ZodMiniType>(schema: T, answer: Answer, meanings?: Meanings): z.infer<T> {
  if (!isOk(answer)) throw refusal(answer, meanings);
  const body = success.safeParse(tryJson(answer.text));
  if (!body.success) {
    const page = answer.text.trimStart().startsWith('<');
    throw new RentError('badResponse', { status: answer.status, detail: page ? `not JSON: ${excerpt(answer.text)}` : 'not a whole answer' });
  }
  const read = schema.safeParse(body.data.data);
  if (read.success) return read.data;
  throw new RentError('badResponse', { status: answer.status, detail: problems(read.error) });
}

export function readRows<T extends z.ZodMiniType>(schema: T, rows: readonly unknown[]): { rows: z.infer<T>[]; unread: number } {
  const read = rows.map((row) => schema.safeParse(row)).filter((result) => result.success);
  return { rows: read.map((result) => result.data), unread: rows.length - read.length };
}
