// Lambda's refusals: a code that stays, words that may change.
import type { HttpAnswer } from '../httpServer.ts';

interface Kind {
  readonly status: number;
  readonly message: string;
  readonly suggestion?: string;
}

const kinds = {
  'global/invalid-api-key': { status: 401, message: 'API key was invalid, expired, or deleted.', suggestion: 'Check your API key or create a new one, then try again.' },
  'global/account-inactive': {
    status: 403, message: 'Your account is inactive.',
    suggestion: 'Make sure you have verified your email address and have a valid payment method. Contact Support if problems continue.',
  },
  'global/invalid-parameters': { status: 400, message: 'Invalid request data.' },
  'global/object-does-not-exist': { status: 404, message: 'Specified instance does not exist.', suggestion: 'Check the name or ID and try again.' },
  'global/not-found': { status: 404, message: 'The requested resource was not found.' },
  'global/duplicate': { status: 400, message: 'A resource of this name already exists.' },
  'global/conflict': { status: 409, message: 'The request conflicts with the current state of the resource.' },
  'global/quota-exceeded': { status: 400, message: 'Quota exceeded.', suggestion: 'Contact Support to increase your quota.' },
  'global/internal-error': { status: 500, message: 'An internal server error occurred.', suggestion: 'Try again later. Contact Support if the problem persists.' },
  'instance-operations/launch/insufficient-capacity': { status: 400, message: 'Not enough capacity to fulfill launch request.', suggestion: 'Choose an instance type with more availability, or try again later.' },
  'instance-operations/launch/file-system-in-wrong-region': { status: 400, message: 'The filesystem is in another region than the instance.' },
  'filesystems/filesystem-in-use': { status: 400, message: 'The filesystem is mounted to an instance.' },
  // The document says that requests are limited and not what a request too many is told.
  'global/too-many-requests': { status: 429, message: 'Too many requests.' },
} as const satisfies Record<string, Kind>;

export type ProblemCode = keyof typeof kinds;

export function problem(code: ProblemCode, message?: string): HttpAnswer {
  const { status, ...words }: Kind = kinds[code];
  return { status, body: { error: { code, ...words, ...(message === undefined ? {} : { message }) } } };
}

/** A refusal on its way to becoming an answer. */
export class Refusal extends Error {
  readonly code: ProblemCode;

  constructor(code: ProblemCode, message?: string) {
    super(message ?? kinds[code].message);
    this.code = code;
  }

  get answer(): HttpAnswer {
    return problem(this.code, this.message);
  }
}
