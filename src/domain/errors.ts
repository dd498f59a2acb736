/**
 * Everything that can go wrong with a provider, a machine or the store, as a code that one
 * table in the interface turns into one sentence and a way on. The provider's own words and
 * the cause go to the log, never to the sentence. Cancelling is not an error.
 */
export type ErrorCode =
  | 'auth' // the key is missing, wrong or revoked
  | 'noKey' // nothing is told there without a key, and there is none
  | 'forbidden' // the key is good and lacks the right
  | 'twoFactor' // the account wants a two-factor session
  | 'otherAccount' // the key is good and belongs to somebody who does not have the machine
  | 'noCredit'
  | 'accountInactive' // the account itself is not in order: unverified, or without a way to pay
  | 'quota' // the account may have no more of this
  | 'spendLimit' // the account's own spend-rate limit
  | 'offerGone'
  | 'noCapacity'
  | 'bidTooLow'
  | 'startQueued' // the machine's GPU is taken; the provider would start it later, unasked
  | 'badImage'
  | 'badRequest'
  | 'rateLimited'
  | 'network' // no whole answer: nothing is known about what the provider did
  | 'serverError' // 5xx: nothing is known either
  | 'badResponse' // an answer that cannot be read
  | 'gone' // the instance does not exist any more
  | 'notAllowed' // the instance's state does not allow the action
  | 'notCreated' // an unanswered create that turned out to have created nothing
  | 'uncertain' // an unanswered create that nobody can account for yet
  | 'inFlight' // the same offer is being rented already
  | 'sensitive' // sensitive work is done here, and the offer is a private host
  | 'priceChanged' // the machine costs more than was agreed
  | 'dud' // the machine never became usable
  | 'sshUnreachable'
  | 'sshRefused' // the machine answers and does not take our key
  | 'hostKeyChanged'
  | 'noJournal' // the store cannot be written, so nothing may be rented
  | 'diskFull' // the machine's
  | 'diskFullHere'
  | 'folderRefused' // a folder there or here cannot be read or written
  | 'noGuard' // the machine cannot end itself, so no run can end it
  | 'notStarted' // the machine did not take a run
  | 'sshConfig'; // the user's SSH configuration cannot be used or changed

export interface ErrorDetail {
  readonly cause?: unknown;
  /** The provider's own words, already free of secrets. */
  readonly detail?: string;
  readonly status?: number;
  readonly retryAfterMs?: number;
  /** An error can carry a machine that exists and bills: it must be adopted or destroyed. */
  readonly instanceKey?: string;
}

const brand = Symbol.for('gpuRental.error');

export class RentError extends Error {
  readonly [brand] = true;
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly instanceKey: string | undefined;

  constructor(code: ErrorCode, about: ErrorDetail = {}) {
    super(about.detail === undefined ? code : `${code}: ${about.detail}`, { cause: about.cause });
    this.name = 'RentError';
    this.code = code;
    this.detail = about.detail;
    this.status = about.status;
    this.retryAfterMs = about.retryAfterMs;
    this.instanceKey = about.instanceKey;
  }
}

export function isRentError(error: unknown, ...codes: ErrorCode[]): error is RentError {
  return error instanceof Error && brand in error && (codes.length === 0 || codes.includes((error as RentError).code));
}

export const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';

/** A create that ends in one of these made nothing; any other end may have made a machine. */
const definiteRefusals: readonly ErrorCode[] = [
  'auth', 'forbidden', 'twoFactor', 'noCredit', 'accountInactive', 'quota', 'spendLimit', 'offerGone', 'noCapacity', 'bidTooLow', 'badImage',
  'badRequest', 'rateLimited', 'notCreated',
];
export const isDefiniteRefusal = (error: unknown): boolean =>
  isRentError(error, ...definiteRefusals) && error.instanceKey === undefined;

/** Another offer may still succeed where this one failed. */
export const isWorthNextOffer = (error: unknown): boolean =>
  isRentError(error, 'offerGone', 'noCapacity', 'bidTooLow', 'dud', 'sshUnreachable', 'priceChanged');
