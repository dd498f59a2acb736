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

/** Whether a machine holds itself to its limits, with nobody watching; undefined while that is being found out. */
export type EndsItself = (instance: FleetInstance) => boolean | undefined;

export function closingWords(instances: readonly FleetInstance[], now: number, endsItself: EndsItself, voice: Voice): string[] {
  const { t } = voice;
  const running = instances.filter(({ state, burn }) => burn > 0 && state !== 'stopped' && state !== 'ending');
  const held = running.flatMap((instance) => {
    const at = endsItself(instance) === true ? endOf(instance, now)?.at : undefined;
    return at === undefined ? [] : [{ instance, at }];
  });
  const unsure = running.filter((instance) => endsItself(instance) === undefined);
  const alone = running.filter((instance) => !unsure.includes(instance) && !held.some((one) => one.instance === instance));
  return [
    ...(held.length === 0 ? [] : [heldWords(held, now, voice)]),
    ...(unsure.length === 0 ? [] : [t('Whether this ends by itself with the editor closed is being checked: {0} at {1}.', namesOf(unsure), costOf(unsure))]),
    ...(alone.length === 0 ? [] : [t('Closing the editor does not stop what runs: {0} at {1} until you end it.', namesOf(alone), costOf(alone))]),
  ];
}

/** One sentence however many there are: it stands over the list of machines all the time. */
function heldWords(held: readonly { readonly instance: FleetInstance; readonly at: number }[], now: number, { t }: Voice): string {
  const instances = held.map(({ instance }) => instance);
  const last = moment(Math.max(...held.map(({ at }) => at)), now, t);
  const [names, cost] = [namesOf(instances), costOf(instances)];
  if (instances.length > 1) return t('With the editor closed, {0} go on at {1} and end by themselves, by {2} at the latest.', names, cost, last);
  return instances[0]?.limits?.atLimit === 'destroy'
    ? t('With the editor closed, {0} goes on at {1} and destroys itself at {2} at the latest.', names, cost, last)
    : t('With the editor closed, {0} goes on at {1} and stops by itself at {2} at the latest.', names, cost, last);
}

/** What stopping did not end. */
export function diskWords(instances: readonly FleetInstance[], { t }: Voice): string[] {
  const disks = sumRates(instances.filter(({ state }) => state === 'stopped').map(({ burn }) => burn));
  return disks === 0 ? [] : [t('Disks of stopped machines cost {0} until you destroy them.', rateAndMonth(disks, t))];
}

const namesOf = (instances: readonly FleetInstance[]): string => instances.map(nameOf).join(', ');
const costOf = (instances: readonly FleetInstance[]): string => formatRate(sumRates(instances.map(({ burn }) => burn)));
