// The state of RunPod's side of the market, shared by its REST and GraphQL doors.
import type { Random } from '../random.ts';
import type { World } from '../world.ts';
import { createAccount, type Account } from './account.ts';
import type { Endpoint } from './endpoints.ts';
import type { Pod } from './pod.ts';
import { createStock, type Stock } from './stock.ts';

export interface Runpod {
  readonly world: World;
  readonly account: Account;
  readonly stock: Stock;
  readonly random: Random;
  /** By id, in the order they were made; terminated ones are gone. */
  readonly pods: Map<string, Pod>;
  /** By id; deleted ones stay, for their bills. */
  readonly endpoints: Map<string, Endpoint>;
  /** The market's own address, which pods are told. */
  origin: string;
}

export function createRunpod(world: World, apiKey: string): Runpod {
  const random = world.random.fork('runpod');
  return {
    world,
    random,
    account: createAccount(apiKey, random.fork('account')),
    stock: createStock(world.seed, world.clock.startedAt),
    pods: new Map(),
    endpoints: new Map(),
    origin: '',
  };
}

/** A pod that exists now; a terminated one is not found. */
export function findPod(runpod: Runpod, id: string): Pod | undefined {
  const pod = runpod.pods.get(id);
  return pod === undefined || pod.rental?.state === 'destroyed' ? undefined : pod;
}

/** All that exist, newest first. */
export function listPods(runpod: Runpod): readonly Pod[] {
  const alive = [...runpod.pods.values()].filter((pod) => pod.rental?.state !== 'destroyed');
  return alive.toSorted((one, other) => other.createdAt - one.createdAt || (one.id < other.id ? 1 : -1));
}
