/**
 * Whether the key is good, and whose it is. Lambda sends invoices and tells no balance; the account is named by its
 * record of what happened in it, which not every key may read.
 */
import { isRentError } from '../../domain/errors.ts';
import type { Call, Http } from '../../domain/http.ts';
import type { Account } from '../../domain/provider.ts';
import { dataOf, readRows } from './body.ts';
import { listInstances } from './instanceCalls.ts';
import { pace } from './pace.ts';
import { auditEvent, auditEvents } from './schemas/auditEvents.ts';

/** The making of the key itself is on record, so there is always something. */
export const readOwner = (): Call<string | undefined> => ({
  method: 'GET',
  path: '/api/v1/audit-events',
  key: 'required',
  pace,
  retry: 'safe',
  read: (answer) => readRows(auditEvent, dataOf(auditEvents, answer)).rows[0]?.resource_owner_lrn,
});

export async function readAccount(http: Http, signal: AbortSignal): Promise<Account> {
  try {
    const id = await http.send(readOwner(), signal);
    return id === undefined ? {} : { id };
  } catch (error) {
    // What a key may not read, or nobody can, says nothing against it. Not being heard does.
    if (!isRentError(error, 'forbidden', 'accountInactive', 'badRequest', 'badResponse', 'gone')) throw error;
    await http.send(listInstances(), signal);
    return {};
  }
}
