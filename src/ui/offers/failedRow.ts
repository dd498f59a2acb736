import type { Row } from '../row.ts';
import type { Voice } from '../voice.ts';
import { grouped, offersCount } from '../words.ts';
import { hostsOf, type OffersModel } from './offersModel.ts';

/** `3 offers of 2 hosts that failed you are left out`; a click shows them, and another leaves them out again. */
export function failedRow({ failed, input }: Pick<OffersModel, 'failed' | 'input'>, { t }: Voice): Row {
  const [offers, hosts] = [offersCount(failed.length, t), hostsOf(failed)];
  const what = hosts === 1 ? t('{0} of 1 host that failed you', offers) : t('{0} of {1} hosts that failed you', offers, grouped(hosts));
  const shown = input.showsFailed === true;
  const [label, description] = shown ? [t('{0}: shown', what), t('leave them out')] : [t('{0}: left out', what), t('show them')];
  return { label, description, spoken: `${label}, ${description}`, icon: { codicon: shown ? 'eye' : 'eye-closed' } };
}
