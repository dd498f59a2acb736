import type { Offer, ProviderId } from '../../domain/offer.ts';
import type { Volume } from '../../domain/volume.ts';
import type { Accounts } from '../../services/accounts.ts';
import type { Disks } from '../../services/disks.ts';
import type { ReportDeps } from '../report.ts';

export interface VolumesDeps extends ReportDeps {
  readonly disks: Pick<Disks, 'volumes' | 'problems' | 'refresh' | 'sites' | 'create' | 'remove' | 'fits' | 'folder'>;
  readonly accounts: Pick<Accounts, 'signedIn'>;
  /** What is on show now. */
  readonly offers: () => readonly Offer[];
  readonly rent: (offer: Offer, volume: Volume) => Promise<void>;
  readonly askToSignIn: (provider: ProviderId) => Promise<boolean>;
  readonly practice: boolean;
}
