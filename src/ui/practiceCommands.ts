import { formatRate, sumRates } from '../domain/money.ts';
import type { Fleet } from '../services/fleet.ts';
import type { CommandHandlers } from './commandIds.ts';
import type { Dialogs } from './dialogs.ts';
import type { Voice } from './voice.ts';

export interface PracticeControl {
  /** Starts local providers and machines, and turns this window to them. */
  start(): Promise<void>;
  /** Back to the real providers; practice machines end. */
  stop(): Promise<void>;
}

export interface PracticeDeps {
  readonly practice: PracticeControl;
  readonly fleet: Pick<Fleet, 'instances'>;
  /** True while something is asked or rented that the move would cut off. */
  readonly busy: () => boolean;
  readonly dialogs: Dialogs;
  readonly voice: Voice;
}

export function practiceCommands({ practice, fleet, busy, dialogs, voice }: PracticeDeps) {
  const { t } = voice;

  const isFree = async (): Promise<boolean> => {
    if (!busy()) return true;
    await dialogs.notify({ level: 'info', text: t('A machine is being rented, started or ended; wait for that first.'), buttons: [] });
    return false;
  };

  /** Real machines go on costing, and in this window nothing holds them to their limits meanwhile. */
  const acceptsBurn = async (): Promise<boolean> => {
    const burn = sumRates(fleet.instances.map((instance) => instance.burn));
    if (burn === 0) return true;
    const answer = await dialogs.confirm({
      title: t('Start the practice market?'),
      detail: t('Your machines go on costing {0}, and this window does not watch or stop them while you practise.', formatRate(burn)),
      buttons: [{ id: 'start', label: t('Practise') }],
      grave: true,
    });
    return answer === 'start';
  };

  return {
    'gpuRental.practice.start': async () => {
      if (!(await isFree()) || !(await acceptsBurn())) return;
      await dialogs.progress(t('Starting the practice market'), false, () => practice.start());
    },
    'gpuRental.practice.stop': async () => {
      if (await isFree()) await dialogs.progress(t('Ending the practice market'), false, () => practice.stop());
    },
  } satisfies CommandHandlers;
}
