/**
 * Vast's refusals as our errors. The status says little: a wrong key is a 404, a taken offer a 400,
 * 404 or 410, a refused start a 200. So words decide first, wherever they stand.
 */
import { RentError, type ErrorCode } from '../../domain/errors.ts';
import type { Answer } from '../../domain/http.ts';
import { excerpt, readJson, tryJson } from '../http/read.ts';
import { askedWaitMs } from '../http/retry.ts';
import { compact } from './compact.ts';
import { problem } from './schemas/problem.ts';

type Words = readonly (readonly [RegExp, ErrorCode])[];

const always: Words = [
  [/two.?factor|\b2fa\b/i, 'twoFactor'],
  [/auth_error|invalid user key|session expired|requires login/i, 'auth'],
  [/insufficient[_ ]credit|missing_billing/i, 'noCredit'],
  [/spend_rate_limit/i, 'spendLimit'],
  [/rate_limit_exceeded|too frequent/i, 'rateLimited'],
  [/^(?:no_such_instance|not_found)\b|instance with that id does not exist/i, 'gone'],
];

/** Words of single calls, which mean something else elsewhere. */
export const rentWords: Words = [
  // Before the next: a bid below the floor is a no_such_ask as well.
  [/invalid_price|min_bid|\bbid\b/i, 'bidTooLow'],
  [/no_such_ask|not available|no longer available/i, 'offerGone'],
  [/\bimage\b/i, 'badImage'],
];
export const startWords: Words = [[/resources_unavailable|state change queued/i, 'startQueued']];
export const bidWords: Words = [[/invalid_price|\bbid\b/i, 'bidTooLow']];

/** The parsed body of a success. Throws the error for everything else. */
export function accepted(answer: Answer, words: Words = []): unknown {
  const { status } = answer;
  if (status < 200 || status > 299) throw refusal(answer, words);
  const body = readJson(answer);
  if (problem.safeParse(body).data?.success === false) throw refusal(answer, words);
  return body;
}

export function refusal(answer: Answer, words: Words): RentError {
  const said = saidBy(answer);
  const code = codeOf(answer, said?.words, words);
  const detail = said === undefined ? excerpt(answer.text.replace(/<[^>]*>/g, ' ')) : excerpt(said.words);
  return new RentError(code, {
    status: answer.status,
    detail: detail === '' ? `status ${answer.status}` : detail,
    ...compact({ instanceKey: said?.contract?.toString(), retryAfterMs: code === 'rateLimited' ? askedWaitMs(answer) : undefined }),
  });
}

/** Undefined for a page, which is no word of Vast's but of something in between. */
function saidBy(answer: Answer): { words: string; contract?: number | undefined } | undefined {
  const body = tryJson(answer.text);
  if (body === undefined) return answer.text.length < 300 && !answer.text.includes('<') ? { words: answer.text.trim() } : undefined;
  const { data } = problem.safeParse(body);
  if (data === undefined) return undefined;
  return { words: [data.error, data.msg, data.message, data.detail].filter((each) => each !== undefined).join(' '), contract: data.new_contract };
}

function codeOf({ status }: Answer, said: string | undefined, words: Words): ErrorCode {
  if (status === 429) return 'rateLimited';
  // Whatever it says: nobody knows how far it got.
  if (status >= 500 || status === 408) return 'serverError';
  if (said === undefined) return 'badResponse';
  const known = [...always, ...words].find(([pattern]) => pattern.test(said));
  if (known) return known[1];
  if (status >= 300 && status < 400) return 'badResponse';
  return byStatus[status] ?? 'badRequest';
}

const byStatus: Readonly<Record<number, ErrorCode>> = { 401: 'auth', 402: 'noCredit', 403: 'forbidden', 410: 'badResponse' };
