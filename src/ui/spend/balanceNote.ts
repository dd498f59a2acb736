import { providerIds, type ProviderId } from '../../domain/offer.ts';
import type { Disposable } from '../../domain/ports.ts';
import type { Once } from '../../services/once.ts';
import type { Dialogs, Note } from '../dialogs.ts';
import type { Editor } from '../editor.ts';
import type { Links } from '../links.ts';
import { atZero } from '../rent/purse.ts';
import type { Voice } from '../voice.ts';
import { date, roughly } from '../words.ts';
import { hoursLeft, lowBalanceMs, type AlarmInput } from './alarm.ts';

export function balanceNote(provider: ProviderId, leftMs: number, voice: Voice): Note<'credit' | 'instances'> {
  const { t, nameOf } = voice;
  return {
    level: 'warning',
    text: `${t('The balance at {0} lasts {1}.', nameOf(provider), roughly(leftMs, t))} ${atZero(provider, voice)}`,
    buttons: [{ id: 'credit', label: t('Add credit') }, { id: 'instances', label: t('Show instances') }],
  };
}

export interface BalanceDeps {
  readonly read: () => Pick<AlarmInput, 'instances' | 'balances' | 'now'>;
  readonly onDidChange: (listener: () => void) => Disposable;
  readonly once: Once;
  readonly dialogs: Dialogs;
  readonly editor: Editor;
  readonly links: Links;
  readonly voice: Voice;
  readonly report: (error: unknown) => void;
}

/** Under an hour of balance is said once a day for each provider: by then machines are about to end. */
export function watchBalances({ read, onDidChange, once, dialogs, editor, links, voice, report }: BalanceDeps): Disposable {
  const tell = async (provider: ProviderId, left: number): Promise<void> => {
    const answer = await dialogs.notify(balanceNote(provider, left, voice));
    if (answer === 'credit') await editor.openExternal(links[provider].billingUrl);
    if (answer === 'instances') await editor.showView('gpuRental.instances');
  };
  return onDidChange(() => {
    const { instances, balances, now } = read();
    for (const provider of providerIds) {
      const left = hoursLeft(provider, instances, balances);
      if (left !== undefined && left < lowBalanceMs && once.first(`balance/${provider}/${date(now)}`)) tell(provider, left).catch(report);
    }
  });
}
