/**
 * What goes on when the editor is closed, and when it ends. VS Code asks nobody anything on closing, so it is said
 * while there is still a window to say it in.
 */
import { formatRate, sumRates } from '../../domain/money.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import { endOf } from '../instances/endOf.ts';
import { nameOf } from '../instances/instanceRow.ts';
import type { Voice } from '../voice.ts';
import { moment, rateAndMonth } from '../words.ts';

/** Whether a machine holds itself to its limits, with nobody watching. */
export type EndsItself = (instance: FleetInstance) => boolean;

export function closingWords(instances: readonly FleetInstance[], now: number, endsItself: EndsItself, voice: Voice): string[] {
  const { t } = voice;
  const running = instances.filter(({ state, burn }) => burn > 0 && state !== 'stopped' && state !== 'ending');
  const ends = (instance: FleetInstance): number | undefined => (endsItself(instance) ? endOf(instance, now)?.at : undefined);
  const alone = running.filter((instance) => ends(instance) === undefined);
  const disks = sumRates(instances.filter(({ state }) => state === 'stopped').map(({ burn }) => burn));
  return [
    ...running.flatMap((instance) => {
      const at = ends(instance);
      return at === undefined ? [] : [t('With the editor closed, {0} goes on at {1} and ends by itself at {2} at the latest.', nameOf(instance), formatRate(instance.burn), moment(at, now, t))];
    }),
    ...(alone.length === 0 ? [] : [t('Closing the editor does not stop what runs: {0} at {1} until you end it.', alone.map(nameOf).join(', '), formatRate(sumRates(alone.map(({ burn }) => burn))))]),
    ...(disks === 0 ? [] : [t('Disks of stopped machines cost {0} until you destroy them.', rateAndMonth(disks, t))]),
  ];
}
