// The one account of the practice market: its keys, its SSH keys, its network volumes.
import type { Random } from '../random.ts';

export interface NetworkVolume {
  readonly id: string;
  name: string;
  size: number;
  readonly dataCenter: string;
  readonly type: 'STANDARD' | 'HIGH_PERFORMANCE';
  /** Its bill stays. */
  deleted: boolean;
}

/** A pod's own key may stop and delete that pod, and nothing else. */
export type Caller = { readonly kind: 'account' } | { readonly kind: 'pod'; readonly podId: string };

export interface Account {
  readonly id: string;
  readonly email: string;
  readonly apiKey: string;
  sshKeys: readonly string[];
  readonly volumes: Map<string, NetworkVolume>;
  readonly podKeys: Map<string, string>;
}

const lowerCase = [...'abcdefghijklmnopqrstuvwxyz0123456789'];
const upperCase = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'];

export function createAccount(apiKey: string, random: Random): Account {
  return { id: `user_${idOf(random, 24)}`, email: 'practice@example.com', apiKey, sshKeys: [], volumes: new Map(), podKeys: new Map() };
}

export function idOf(random: Random, length: number): string {
  return draw(random, length, lowerCase);
}

export function newKey(random: Random): string {
  return `rpa_${draw(random, 40, upperCase)}`;
}

function draw(random: Random, length: number, letters: readonly string[]): string {
  return Array.from({ length }, () => letters[random.integer(0, letters.length - 1)]).join('');
}

/** Who a key belongs to; undefined for no or an unknown one. */
export function callerOf(account: Account, key: string | undefined): Caller | undefined {
  if (key === undefined) return undefined;
  if (key === account.apiKey) return { kind: 'account' };
  const podId = account.podKeys.get(key);
  return podId === undefined ? undefined : { kind: 'pod', podId };
}

export function mayTouch(caller: Caller, podId: string): boolean {
  return caller.kind === 'account' || caller.podId === podId;
}
