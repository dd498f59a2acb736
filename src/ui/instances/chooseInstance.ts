import type { Fleet } from '../../services/fleet.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import { goBack, type Dialogs } from '../dialogs.ts';
import type { Voice } from '../voice.ts';
import { canDo, type Deed } from './instanceContext.ts';
import { instanceRow } from './instanceRow.ts';
import { instanceNode } from './instancesModel.ts';

export interface ChooseDeps {
  readonly dialogs: Dialogs;
  readonly fleet: Pick<Fleet, 'instances'>;
  readonly now: () => number;
  readonly voice: Voice;
}

/**
 * The machine a command is about: the one it was invoked on, else the only one that allows it, else
 * the one a person picks. A machine that does not allow it any more is never acted on.
 */
export async function chooseInstance({ dialogs, fleet, now, voice }: ChooseDeps, argument: unknown, deed: Deed): Promise<FleetInstance | undefined> {
  const able = fleet.instances.filter((instance) => canDo(instance, deed));
  if (typeof argument === 'string') {
    const node = argument.split('/').slice(0, 2).join('/');
    const named = able.find((instance) => instanceNode(instance) === node || instance.id === argument);
    if (named === undefined) await tellNone(dialogs, voice);
    return named;
  }
  if (able.length === 0) await tellNone(dialogs, voice);
  if (able.length <= 1) return able[0];
  const chosen = await dialogs.pick({
    title: voice.t('Instances'),
    placeholder: voice.t('Which machine?'),
    choices: able.map((instance) => {
      const { label, description } = instanceRow(instance, now(), voice);
      return { label, ...(description === undefined ? {} : { description }), value: instance };
    }),
  });
  return chosen === goBack ? undefined : chosen;
}

async function tellNone(dialogs: Dialogs, { t }: Voice): Promise<void> {
  await dialogs.notify({ level: 'info', text: t('No machine allows that now.'), buttons: [] });
}
