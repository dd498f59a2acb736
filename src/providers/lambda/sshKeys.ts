/** A launch takes the name of a key that the account knows, and exactly one: ours is added to the account once. */
import { createHash } from 'node:crypto';
import type { Call, Http } from '../../domain/http.ts';
import { dataOf, readRows } from './body.ts';
import { pace } from './pace.ts';
import { sshKeyList, sshKeyRow } from './schemas/sshKey.ts';

interface SshKey {
  readonly name: string;
  readonly public_key: string;
}

/** The account's name for it. */
export async function keyName(http: Http, publicKey: string): Promise<string> {
  const known = (await http.send(listKeys())).find((key) => bare(key.public_key) === bare(publicKey));
  return known?.name ?? (await http.send(addKey(publicKey)));
}

export const listKeys = (): Call<readonly SshKey[]> => ({
  method: 'GET',
  path: '/api/v1/ssh-keys',
  key: 'required',
  pace,
  retry: 'safe',
  read: (answer) => readRows(sshKeyRow, dataOf(sshKeyList, answer)).rows,
});

/** Sent once: whether a second one is refused or kept is not documented, and a lost answer is found in the list next time. */
export const addKey = (publicKey: string): Call<string> => ({
  method: 'POST',
  path: '/api/v1/ssh-keys',
  body: { name: `gpu-rental-${createHash('sha256').update(bare(publicKey)).digest('hex').slice(0, 16)}`, public_key: publicKey.trim() },
  key: 'required',
  pace,
  retry: 'refused',
  read: (answer) => dataOf(sshKeyRow, answer).name,
});

/** Type and key; the comment behind them is anybody's. */
const bare = (line: string): string => line.trim().split(/\s+/).slice(0, 2).join(' ');
