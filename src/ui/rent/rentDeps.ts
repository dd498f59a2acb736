import type { OutbidHistory } from '../../domain/bid.ts';
import type { Insight } from '../../domain/insight.ts';
import type { Offer } from '../../domain/offer.ts';
import type { ProviderTraits } from '../../domain/provider.ts';
import type { TemplatePage } from '../../domain/start.ts';
import type { Accounts } from '../../services/accounts.ts';
import type { Disks } from '../../services/disks.ts';
import type { Fleet } from '../../services/fleet.ts';
import type { Ready } from '../../services/readiness.ts';
import type { Rentals } from '../../services/rentals.ts';
import type { ReportDeps } from '../report.ts';
import type { Settings } from '../settings.ts';
import type { Purse } from './purse.ts';
import type { StartMemory } from './startMemory.ts';

export interface RentDeps extends ReportDeps {
  readonly rentals: Pick<Rentals, 'quote' | 'rent'>;
  readonly accounts: Pick<Accounts, 'signedIn'>;
  readonly fleet: Pick<Fleet, 'instances'>;
  readonly settings: Settings;
  readonly traits: (provider: Offer['provider']) => ProviderTraits;
  /** What this project's machines were started with. */
  readonly starts: Pick<StartMemory, 'of' | 'keep'>;
  readonly templates: (provider: Offer['provider'], query: string, signal: AbortSignal) => Promise<TemplatePage>;
  readonly disks: Pick<Disks, 'volumes' | 'refresh' | 'folder' | 'fits'>;
  /** What is on show now, hidden hosts and those that failed left out. */
  readonly offers: () => readonly Offer[];
  /** What was lived through with its host, and how its price stands. */
  readonly insight: Insight;
  /** What was lived through with interruptible machines; nothing, unless said. */
  readonly outbids?: () => OutbidHistory;
  /** An offer on show turned out to be gone. */
  readonly readAgain: () => void;
  /** What a machine at this provider would be paid from. */
  readonly purse: (provider: Offer['provider']) => Purse;
  /** The folder that is open, which the spend is counted for; empty without one. */
  readonly project: () => string;
  readonly now: () => number;
  readonly practice: boolean;
  /** True once the person is signed in to where the offer is. */
  readonly askToSignIn: (provider: Offer['provider']) => Promise<boolean>;
  /** Whether it may be rented from this workspace; says why not. */
  readonly mayRent: (offer: Offer) => Promise<boolean>;
  readonly onReady: (ready: Ready) => void;
}
