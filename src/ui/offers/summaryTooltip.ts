import type { Voice } from '../voice.ts';
import type { OffersInput } from './offersModel.ts';

/** What the short line leaves out. */
export function summaryTooltip({ view, limited }: Pick<OffersInput, 'view' | 'limited'>, { t }: Voice): string {
  return [
    t('Every price is GPU plus {0} GB of disk.', view.filter.diskGb),
    limited && t('Sensitive work is done in this workspace, so it sees datacentres only.'),
    view.dropped > 0 && t('Dropped rows are offers that could not be read; they are left out, never guessed.'),
    view.more && t('There is more than was read: a narrower filter shows it.'),
    view.stale && t('Some of these prices are older than they should be: a provider did not answer.'),
  ].filter((sentence) => sentence).join(' ');
}
