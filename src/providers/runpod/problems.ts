/**
 * RunPod's refusals as our errors. There are no machine codes: what a 400 means stands in prose
 * alone, and the gateways in front of RunPod answer in HTML.
 */
import { RentError, type ErrorCode } from '../../domain/errors.ts';
import type { Answer } from '../../domain/http.ts';
import { plainText } from '../http/plainText.ts';
import { tryJson } from '../http/read.ts';
import { strike } from '../http/redact.ts';
import { rateLimited } from '../http/retry.ts';
import { problemBody } from './schemas/problem.ts';

export interface Problem {
  readonly detail: string;
  /** One string per violation of the contract; empty when the refusal is plain prose. */
  readonly violations: readonly string[];
}

/** Undefined when the answer is not RunPod's own word, but that of a gateway on the way. */
export function problemOf(answer: Answer): Problem | undefined {
  const read = problemBody.safeParse(tryJson(answer.text));
  if (!read.success) return undefined;
  const { title, detail, error, message, errors } = read.data;
  const words = detail ?? error ?? message ?? title;
  if (words === null || words === undefined) return undefined;
  return { detail: words, violations: (errors ?? []).filter((each) => typeof each === 'string') };
}

/** Only RunPod itself can say that something does not exist; a gateway's 404 says nothing. */
export const saysMissing = (answer: Answer): boolean => answer.status === 404 && problemOf(answer) !== undefined;

export const refusal = (answer: Answer): RentError => errorFrom(codeFor(answer), answer);

/** Like `refusal`, for calls that claim a GPU: a 400 may only mean that there is none. */
export function claimRefusal(answer: Answer): RentError {
  const problem = problemOf(answer);
  if (answer.status === 400 && problem !== undefined && lacksCapacity.test(problem.detail)) return errorFrom('noCapacity', answer);
  if (answer.status === 422 && problem !== undefined && blamesImage(problem)) return errorFrom('badImage', answer);
  return refusal(answer);
}

export const podRefusal = (answer: Answer): RentError => (saysMissing(answer) ? errorFrom('gone', answer) : refusal(answer));

export const isOk = (answer: Answer): boolean => answer.status >= 200 && answer.status < 300;

/** Texts that clients have met; a disk that fits no host counts, since another site may have room. */
const lacksCapacity =
  /\bno (longer any )?(instances|machines|gpus)\b|not enough free gpus|enough disk space|(no|insufficient|lack of|out of) (available )?(capacity|stock)/i;

/** The registry's refusal of a tag comes as prose; a body that breaks the contract comes with violations. */
const blamesImage = ({ detail, violations }: Problem): boolean =>
  violations.length === 0 && /\b(image|tag|manifest|registry)\b/i.test(detail);

function codeFor(answer: Answer): ErrorCode {
  const { status } = answer;
  if (status >= 500 || status === 408) return 'serverError';
  // Cloudflare's 1010 page refuses the client and not the key; a 404 page is some other server's.
  if ((status === 403 || status === 404) && problemOf(answer) === undefined) return status === 403 ? 'badRequest' : 'badResponse';
  return byStatus[status] ?? 'badResponse';
}

const byStatus: Readonly<Record<number, ErrorCode>> = {
  400: 'badRequest', 401: 'auth', 402: 'noCredit', 403: 'forbidden', 404: 'badRequest', 405: 'badRequest',
  409: 'notAllowed', 413: 'badRequest', 422: 'badRequest', 429: 'rateLimited',
};

function errorFrom(code: ErrorCode, answer: Answer): RentError {
  if (code === 'rateLimited') return rateLimited(answer, wordsOf(answer));
  return new RentError(code, { status: answer.status, detail: wordsOf(answer) });
}

function wordsOf(answer: Answer): string {
  const problem = problemOf(answer);
  const words = problem === undefined ? answer.text.replace(/<[^>]*>/g, ' ') : [problem.detail, ...problem.violations].join('; ');
  return plainText(strike(words), 300) || `HTTP ${answer.status}`;
}
