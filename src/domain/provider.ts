/**
 * The port every provider adapter stands behind. All calls may throw a `RentError`; none
 * retries anything that could spend. `signal` cancels reads; a create is never cut off once sent.
 */
import type { OfferFilter } from './filter.ts';
import type { GuardTerms } from './guard.ts';
import type { Rates, SeenInstance } from './instance.ts';
import type { Usd, UsdPerHour } from './money.ts';
import type { Offer, OfferPage, ProviderId } from './offer.ts';
import type { ServerlessCalls, ServerlessTerms } from './serverless.ts';
import type { TemplatePage } from './start.ts';
import type { Volume, VolumeCalls } from './volume.ts';

export interface CreateOrder {
  readonly offer: Offer;
  /** Our launch id: the label or name by which a lost answer is found again. */
  readonly label: string;
  readonly image: string;
  /** OpenSSH public key line that must open the machine. */
  readonly publicKey: string;
  readonly env: Readonly<Record<string, string>>;
  /** What ends the machine when nobody else can. Left out only where the provider gives a machine no way to end itself. */
  readonly guard?: GuardTerms;
  /** What starts the image's own services, beside the guard where there is one; see `Start`. */
  readonly command?: string;
  /** Mounted where work belongs; the offer is the one that `VolumeCalls.attach` made for it. */
  readonly volume?: Volume;
  /** An endpoint in place of a machine: nothing on it is ours but its name. */
  readonly serverless?: ServerlessTerms;
}

export interface InstanceListing {
  readonly instances: readonly SeenInstance[];
  /** False when a page failed, a row was unreadable or the provider was not explicit: such a list proves no absence. */
  readonly complete: boolean;
  /** The provider's clock when it answered, epoch milliseconds. */
  readonly at: number;
}

export interface Account {
  /** The same for every key of the account; undefined where a key is not told. */
  readonly id?: string;
  readonly balance?: Usd;
  /** What the provider says it charges now, where it says so. */
  readonly burn?: UsdPerHour;
  readonly name?: string;
}

/** What the provider charged for one instance in one closed stretch of time. */
export interface Charge {
  readonly instanceKey: string;
  readonly from: number;
  readonly to: number;
  readonly amount: Usd;
}

/** What can be done with other providers' machines and not with those of this one. */
export type Lack = 'stop' | 'logs';

export const lacksOf = ({ traits, logs }: Pick<Provider, 'traits' | 'logs'>): readonly Lack[] => [
  ...(traits.noStop === true ? ['stop' as const] : []),
  ...(logs === undefined ? ['logs' as const] : []),
];

export interface ProviderTraits {
  /** As people know it: `Vast.ai`, `RunPod`, `Lambda`. */
  readonly name: string;
  /** Used when no image is named. */
  readonly defaultImage: string;
  /** Where work belongs on its machines. */
  readonly workspaceFolder: string;
  /** Where a person makes an API key, and adds credit. */
  readonly keysUrl: string;
  readonly billingUrl: string;
  /** Usual time from create to SSH, in minutes, for the progress text. */
  readonly usualStartMinutes: readonly [number, number];
  /** Charges older than this are final, in milliseconds; nothing where it tells none. */
  readonly chargesSettleMs?: number;
  /** Its charges come for whole stretches of this length, counted from the epoch, in milliseconds; nothing where it tells none. */
  readonly chargeBucketMs?: number;
  /**
   * Whether a machine of this image can end itself: it needs a key of its own, and an image that still does its own
   * start when the guard is started with it.
   */
  readonly carriesGuard: (image: string) => boolean;
  /** Every stretch of this length that has begun is charged whole, milliseconds; absent where seconds count. */
  readonly billedEveryMs?: number;
  /** Its machines cannot be stopped: they run, and cost, until they are destroyed. */
  readonly noStop?: boolean;
  /** A machine comes with the disk that it has, whatever is asked. */
  readonly fixedDisk?: boolean;
  /** Its images are families of its own, and nothing is started beside them; elsewhere any container image will do. */
  readonly ownImages?: boolean;
  /** Its images print the fingerprints of their own host keys; elsewhere such lines may be a relay's. */
  readonly fingerprintsInLog?: boolean;
}

export interface Provider {
  readonly id: ProviderId;
  readonly traits: ProviderTraits;

  /** Live offers, a page at a time as they arrive. Works without a key where prices are public; elsewhere nobody without one has offers. */
  search(filter: OfferFilter, signal: AbortSignal): AsyncIterable<OfferPage>;
  /** One offer read again, now, for the disk asked; undefined when it is gone. */
  findOffer(id: string, diskGb: number, signal: AbortSignal): Promise<Offer | undefined>;

  /** Also the test of a key: throws `auth`, `forbidden` or `twoFactor` when it is no good. */
  account(signal: AbortSignal): Promise<Account>;

  /** Sends the one create. Resolves to the instance's key. */
  create(order: CreateOrder): Promise<string>;
  list(signal: AbortSignal): Promise<InstanceListing>;
  /** Undefined when the provider says that it does not exist. */
  get(key: string, signal: AbortSignal): Promise<{ instance: SeenInstance; at: number } | undefined>;
  /** Lets our key in where the create call could not carry it. Safe to repeat. */
  admitKey(key: string, publicKey: string, signal: AbortSignal): Promise<void>;

  /** Rejects with `notAllowed` where machines cannot be stopped, like `stop`. */
  start(key: string): Promise<void>;
  stop(key: string): Promise<void>;
  reboot(key: string): Promise<void>;
  /** Resolves when the provider has accepted it or says it is gone; that alone proves nothing. */
  destroy(key: string): Promise<void>;
  /** Interruptible machines only, where the provider has bids. */
  changeBid?(key: string, bid: UsdPerHour): Promise<void>;

  /** Absent where it shows no log of a machine. */
  logs?(key: string, signal: AbortSignal): Promise<string>;
  /** The provider's list of ready-made starts, the account's own first; `query` is words of the name or the image. */
  templates?(query: string, signal: AbortSignal): Promise<TemplatePage>;
  /** Disks that outlive machines. */
  readonly volumes?: VolumeCalls;
  readonly serverless?: ServerlessCalls;
  /** Final charges only, for whole buckets between the two times; absent where it tells none, and our own metering is all there is. */
  charges?(from: number, to: number, signal: AbortSignal): Promise<readonly Charge[]>;
}

/** The rates a rental of `offer` will have, as quoted. */
export const quotedRates = (offer: Offer): Rates => ({
  running: (offer.price.gpu + offer.price.disk) as UsdPerHour,
  stopped: offer.price.stoppedDisk,
});
