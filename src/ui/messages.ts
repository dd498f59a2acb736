/**
 * The one table from what went wrong to what a person reads: one sentence, and at most two ways on.
 * The provider's own words stay in the log.
 */
import type { ErrorCode, RentError } from '../domain/errors.ts';
import type { ProviderId } from '../domain/offer.ts';
import type { Button } from './dialogs.ts';
import type { Voice } from './voice.ts';

export type Remedy = 'retry' | 'signIn' | 'keys' | 'billing' | 'console' | 'offers' | 'instances' | 'image' | 'log';

interface Entry {
  readonly text: (name: string, t: Voice['t']) => string;
  readonly remedies: readonly [] | readonly [Remedy] | readonly [Remedy, Remedy];
}

const table: Readonly<Record<ErrorCode, Entry>> = {
  auth: { text: (name, t) => t('{0} does not accept the API key.', name), remedies: ['signIn', 'keys'] },
  noKey: { text: (name, t) => t('{0} shows its offers to nobody without an API key.', name), remedies: ['signIn', 'keys'] },
  forbidden: { text: (name, t) => t('The API key for {0} lacks the right to do this.', name), remedies: ['keys', 'signIn'] },
  twoFactor: { text: (name, t) => t('{0} wants a two-factor session, which an API key cannot give.', name), remedies: ['keys', 'signIn'] },
  otherAccount: { text: (name, t) => t('The key for {0} belongs to another account than some of your machines: they cannot be seen with it, and go on costing.', name), remedies: ['signIn'] },
  noCredit: { text: (name, t) => t('The account at {0} has too little credit.', name), remedies: ['billing'] },
  accountInactive: { text: (name, t) => t('The account at {0} is not in order: its e-mail address or its way to pay is not confirmed.', name), remedies: ['billing', 'console'] },
  quota: { text: (name, t) => t('{0} lets this account have no more machines like this one.', name), remedies: ['console', 'offers'] },
  spendLimit: { text: (name, t) => t('The account has reached the spending limit that {0} sets it.', name), remedies: ['billing'] },
  offerGone: { text: (_, t) => t('That offer was taken while we asked.'), remedies: ['offers'] },
  noCapacity: { text: (name, t) => t('{0} has no free machine for this offer now.', name), remedies: ['offers'] },
  bidTooLow: { text: (_, t) => t('Somebody pays more for that interruptible machine.'), remedies: ['offers'] },
  startQueued: { text: (name, t) => t('The machine’s GPU is taken, and {0} would start it later without asking.', name), remedies: ['instances', 'console'] },
  badImage: { text: (_, t) => t('The machine could not load its image.'), remedies: ['image', 'log'] },
  badRequest: { text: (name, t) => t('{0} refused the request.', name), remedies: ['log'] },
  rateLimited: { text: (name, t) => t('{0} wants us to ask less often.', name), remedies: ['retry'] },
  network: { text: (name, t) => t('{0} could not be reached.', name), remedies: ['retry', 'log'] },
  serverError: { text: (name, t) => t('{0} did not do what it was asked.', name), remedies: ['retry', 'log'] },
  badResponse: { text: (name, t) => t('{0} answered in a way that cannot be read.', name), remedies: ['retry', 'log'] },
  gone: { text: (_, t) => t('That machine does not exist any more.'), remedies: ['instances'] },
  notAllowed: { text: (_, t) => t('The machine does not allow that in its present state.'), remedies: ['instances'] },
  notCreated: { text: (name, t) => t('{0} gave no clear answer, and no machine was made.', name), remedies: ['offers'] },
  uncertain: {
    text: (name, t) => t('{0} gave no clear answer: a machine may have been made, and it is looked for until that is certain.', name),
    remedies: ['instances', 'console'],
  },
  inFlight: { text: (_, t) => t('That offer is being rented already.'), remedies: ['instances'] },
  sensitive: { text: (_, t) => t('Sensitive work is done in this workspace, so it rents from datacentres only.'), remedies: ['offers'] },
  priceChanged: { text: (_, t) => t('The machine costs more than was agreed.'), remedies: ['offers'] },
  dud: { text: (_, t) => t('The machine never became usable.'), remedies: ['offers', 'log'] },
  sshUnreachable: { text: (_, t) => t('The machine runs, but SSH does not answer.'), remedies: ['retry', 'log'] },
  sshRefused: { text: (_, t) => t('The machine answers, but does not take our SSH key.'), remedies: ['retry', 'log'] },
  hostKeyChanged: { text: (_, t) => t('The machine’s host key is not the one that is known for it, and it was not restarted from here, so nothing was sent to it.'), remedies: ['instances', 'log'] },
  diskFull: { text: (_, t) => t('The machine’s disk is full; what arrived whole is there.'), remedies: ['retry', 'log'] },
  diskFullHere: { text: (_, t) => t('The disk of this computer is full; what arrived whole is there.'), remedies: ['retry', 'log'] },
  folderRefused: { text: (_, t) => t('That folder cannot be read or written.'), remedies: ['log'] },
  noJournal: { text: (_, t) => t('The journal cannot be written, so nothing may be rented.'), remedies: ['log'] },
  noGuard: { text: (_, t) => t('This machine has no working guard, so a run cannot stop or destroy it.'), remedies: ['instances'] },
  notStarted: { text: (_, t) => t('The machine did not take the run: its disk may be full.'), remedies: ['retry', 'log'] },
  sshConfig: { text: (_, t) => t('The SSH configuration could not be changed.'), remedies: ['log'] },
};

export interface Explained {
  readonly text: string;
  readonly remedies: readonly Remedy[];
}

/** `provider` is missing where several could be meant. */
export function explain(error: Pick<RentError, 'code'>, provider: ProviderId | undefined, voice: Voice): Explained {
  const { text, remedies } = table[error.code];
  return { text: text(provider === undefined ? voice.t('The provider') : voice.nameOf(provider), voice.t), remedies };
}

export const remedyButton = (remedy: Remedy, { t }: Voice): Button<Remedy> => ({ id: remedy, label: remedyLabel(remedy, t) });

function remedyLabel(remedy: Remedy, t: Voice['t']): string {
  switch (remedy) {
    case 'retry':
      return t('Try again');
    case 'signIn':
      return t('Sign in');
    case 'keys':
      return t('Open API keys');
    case 'billing':
      return t('Add credit');
    case 'console':
      return t('Open console');
    case 'offers':
      return t('Show offers');
    case 'instances':
      return t('Show instances');
    case 'image':
      return t('Change the image');
    case 'log':
      return t('Show log');
  }
}
