/**
 * The balance, and whether the key is good. The balance exists in GraphQL alone, which is being
 * withdrawn, so its failure proves nothing: REST has the last word on the key.
 */
import { isAbort, isRentError } from '../../domain/errors.ts';
import type { Call, Http } from '../../domain/http.ts';
import { usd, usdPerHour } from '../../domain/money.ts';
import type { Account } from '../../domain/provider.ts';
import { parseBody, parseData } from './body.ts';
import { graphqlCall } from './graphql.ts';
import { isOk, refusal } from './problems.ts';
import { myselfData, sshKeys } from './schemas/account.ts';

export const readBalance = (): Call<Account> =>
  graphqlCall({ key: 'required', retry: 'safe' }, { query: 'query Balance { myself { id clientBalance currentSpendPerHr } }' }, (data, answer) => {
    const { id, clientBalance, currentSpendPerHr } = parseData(myselfData, data, answer).myself ?? {};
    return {
      ...(typeof id === 'string' && id !== '' ? { id } : {}),
      ...(typeof clientBalance === 'number' ? { balance: usd(clientBalance) } : {}),
      ...(typeof currentSpendPerHr === 'number' ? { burn: usdPerHour(currentSpendPerHr) } : {}),
    };
  });

export const testKey = (): Call<void> => ({
  method: 'GET',
  path: '/v2/account/ssh-keys',
  key: 'required',
  pace: { name: 'runpod.account', burst: 20, perMs: 60_000 },
  retry: 'safe',
  read: (answer) => {
    if (!isOk(answer)) throw refusal(answer);
    parseBody(sshKeys, answer);
  },
});

export async function readAccount(http: Http, signal: AbortSignal): Promise<Account> {
  const { account, failure } = await balanceIfAny(http, signal);
  if (account.balance !== undefined) return account;
  try {
    await http.send(testKey(), signal);
    return account;
  } catch (error) {
    const verdict = isAbort(error) || isRentError(error, 'auth', 'forbidden');
    // REST could not say; GraphQL's word on the key is the only one there is.
    throw !verdict && isRentError(failure, 'auth') ? failure : error;
  }
}

async function balanceIfAny(http: Http, signal: AbortSignal): Promise<{ account: Account; failure?: unknown }> {
  try {
    return { account: await http.send(readBalance(), signal) };
  } catch (failure) {
    if (isAbort(failure)) throw failure;
    return { account: {}, failure };
  }
}
