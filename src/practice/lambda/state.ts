// The state of Lambda's side of the market: one account with its instances, SSH keys and filesystems.
import { hexAt, type Random } from '../random.ts';
import type { Rental } from '../rental.ts';
import type { World } from '../world.ts';
import { createAudit, type Audit } from './audit.ts';
import type { InstanceType } from './instanceTypes.ts';
import type { Region } from './regions.ts';
import { createStock, type Site, type Stock } from './stock.ts';

export interface SshKey {
  readonly id: string;
  readonly name: string;
  readonly publicKey: string;
}

export interface Filesystem {
  readonly id: string;
  readonly name: string;
  readonly region: Region;
  readonly createdAt: number;
}

export interface Mount {
  readonly filesystem: Filesystem;
  readonly path: string;
}

export interface Instance {
  readonly id: string;
  name: string | undefined;
  readonly hostname: string | undefined;
  readonly type: InstanceType;
  readonly site: Site;
  /** For the whole instance, as it is billed. */
  readonly cents: number;
  readonly sshKey: SshKey;
  readonly mounts: readonly Mount[];
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  /** Reads do not show it before, market milliseconds. */
  readonly visibleAt: number;
  terminating: boolean;
  /** It has booted once. */
  billed: boolean;
  /** null: the market only says that it was launched. */
  rental: Rental | null;
}

export interface Lambda {
  readonly world: World;
  readonly apiKey: string;
  readonly stock: Stock;
  readonly audit: Audit;
  readonly random: Random;
  /** By id, in the order of their launches; terminated ones are gone. */
  readonly instances: Map<string, Instance>;
  readonly sshKeys: Map<string, SshKey>;
  readonly filesystems: Map<string, Filesystem>;
}

export function createLambda(world: World, apiKey: string): Lambda {
  return {
    world, apiKey,
    stock: createStock(world.seed, world.clock.startedAt),
    audit: createAudit(world),
    random: world.random.fork('lambda'),
    instances: new Map(),
    sshKeys: new Map(),
    filesystems: new Map(),
  };
}

export const newId = ({ random }: Lambda): string => hexAt(32, random.integer(0, 2 ** 32), random.integer(0, 2 ** 32));

/** Those that exist and that a read shows by now, newest first. */
export function visible({ world, instances }: Lambda): readonly Instance[] {
  const now = world.agenda.now();
  return [...instances.values()].filter(({ visibleAt, rental }) => rental !== null && rental.state !== 'destroyed' && visibleAt <= now).toReversed();
}
