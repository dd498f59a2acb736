// What Vast's money reports have in common: how they are filtered and paged.
import type { HttpAnswer, HttpCall } from '../httpServer.ts';
import { fail, isRecord, ok } from './answers.ts';
import type { Contract } from './market.ts';

const defaultLimit = 100;
const maxLimit = 500;

export const describeContract = ({ gpus, machine, id }: Contract): string => `Instance ${id}: ${gpus}x ${machine.gpu.name}`;

/** The parameter select_filters; null when it is no JSON object. */
export function selectFilters(call: HttpCall): Readonly<Record<string, unknown>> | null {
  try {
    const filters: unknown = JSON.parse(call.query.get('select_filters') ?? '{}');
    return isRecord(filters) ? filters : null;
  } catch {
    return null;
  }
}

/** Cuts a page out; the token holds the offset. */
export function reportPage(rows: readonly unknown[], call: HttpCall): HttpAnswer {
  const asked = Number(call.query.get('limit') ?? defaultLimit);
  const limit = asked >= 1 ? Math.min(maxLimit, Math.floor(asked)) : defaultLimit;
  const token = call.query.get('after_token');
  const offset = token === null || token === '' ? 0 : Number(Buffer.from(token, 'base64').toString('utf8'));
  if (!Number.isInteger(offset) || offset < 0) return fail(400, 'invalid_token', 'after_token is not valid');
  const results = rows.slice(offset, offset + limit);
  const next = offset + results.length;
  return ok({
    count: results.length,
    total: rows.length,
    next_token: next < rows.length ? Buffer.from(String(next)).toString('base64') : null,
    results,
  });
}
