/** Lambda's refusals as our errors. Each has a code that stays the same; its words may change. */
import { RentError, type ErrorCode } from '../../domain/errors.ts';
import type { Answer } from '../../domain/http.ts';
import { plainText } from '../http/plainText.ts';
import { excerpt, tryJson } from '../http/read.ts';
import { strike } from '../http/redact.ts';
import { rateLimited } from '../http/retry.ts';
import { failure } from './schemas/envelope.ts';

/** Codes that mean something else in one call than elsewhere. */
export type Meanings = Readonly<Record<string, ErrorCode>>;

const always: Meanings = {
  'global/invalid-api-key': 'auth',
  'global/account-inactive': 'accountInactive',
  'global/invalid-address': 'accountInactive',
  'global/forbidden': 'forbidden',
  'global/quota-exceeded': 'quota',
  'global/invalid-parameters': 'badRequest',
  'global/object-does-not-exist': 'gone',
  'global/not-found': 'badRequest',
  'global/duplicate': 'badRequest',
  'global/conflict': 'notAllowed',
  'global/internal-error': 'serverError',
};

export const isOk = ({ status }: Answer): boolean => status >= 200 && status < 300;

/** Lambda's own code; undefined for a gateway's word, which proves nothing. */
export function codeOf(answer: Answer): string | undefined {
  return failure.safeParse(tryJson(answer.text)).data?.error.code;
}

export function refusal(answer: Answer, meanings: Meanings = {}): RentError {
  const code = meaningOf(answer, meanings);
  const detail = wordsOf(answer);
  return code === 'rateLimited' ? rateLimited(answer, detail) : new RentError(code, { status: answer.status, detail });
}

function meaningOf(answer: Answer, meanings: Meanings): ErrorCode {
  const { status } = answer;
  if (status === 429) return 'rateLimited';
  // Whatever it says: nobody knows how far it got.
  if (status >= 500 || status === 408) return 'serverError';
  const code = codeOf(answer);
  if (code === undefined) return status === 401 ? 'auth' : 'badResponse';
  // Upstream of Lambda something failed, and nobody knows how far it got either.
  if (code.startsWith('provider/')) return 'serverError';
  return meanings[code] ?? always[code] ?? byStatus[status] ?? 'badRequest';
}

const byStatus: Readonly<Record<number, ErrorCode>> = { 401: 'auth', 403: 'forbidden', 409: 'notAllowed' };

function wordsOf({ text, status }: Answer): string {
  const said = failure.safeParse(tryJson(text)).data?.error;
  if (said === undefined) return excerpt(text.replace(/<[^>]*>/g, ' ')) || `status ${status}`;
  return plainText(strike([said.code, said.message, said.suggestion].filter((part) => part).join(': ')), 300);
}
