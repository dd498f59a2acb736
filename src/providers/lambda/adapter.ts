/** What is asked of Lambda's API, behind the provider port. */
import { RentError } from '../../domain/errors.ts';
import type { Http } from '../../domain/http.ts';
import { offerKey } from '../../domain/offer.ts';
import type { Adapter } from '../lateAdapter.ts';
import { readAccount } from './account.ts';
import { getInstance, listInstances, restart, terminate } from './instanceCalls.ts';
import { findOffer, search } from './search.ts';

export interface LambdaDeps {
  /** Whether there is a key to sign with; says nothing about whether it is good. */
  readonly signedIn: () => Promise<boolean>;
}

export function lambdaAdapter(http: Http, { signedIn }: LambdaDeps): Adapter {
  return {
    search: (filter, signal) => search({ http, signedIn }, filter, signal),
    findOffer: (id, diskGb, signal) => findOffer(http, offerKey(id), diskGb, signal),
    account: (signal) => readAccount(http, signal),
    create: async (order) => (await import('./launch.ts')).launch(http, order),
    list: (signal) => http.send(listInstances(), signal),
    get: async (key, signal) => http.send(getInstance(key), signal),
    // The launch named the key; a machine takes no other through the API.
    admitKey: async () => {},
    start: () => Promise.reject(noStop()),
    stop: () => Promise.reject(noStop()),
    reboot: async (key) => http.send(restart(key)),
    destroy: async (key) => http.send(terminate(key)),
  };
}

const noStop = (): RentError => new RentError('notAllowed', { detail: 'Lambda can only destroy a machine' });
