import { formatRate, formatUsd } from '../../domain/money.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import { plain } from '../escape.ts';
import type { Icon, Row } from '../row.ts';
import type { Voice } from '../voice.ts';
import { duration, gpus, line, moment, rateAndMonth, roughly } from '../words.ts';
import { endOf } from './endOf.ts';
import { isUnprotected } from './guardWords.ts';

/** `sdxl-lora · RTX 4090` and `$0.31/h · $1.24 · 2 h 10 m · stops 18:40`. */
export function instanceRow(instance: FleetInstance, now: number, voice: Voice): Row {
  const label = `${nameOf(instance)} · ${cards(instance)}`;
  const bare = isUnprotected(instance);
  const description = line(!instance.ours && voice.t('not rented here'), bare && voice.t('NOT PROTECTED'), ...stateWords(instance, now, voice));
  return { label, description, icon: bare ? unprotectedIcon : icons[instance.state], spoken: `${label}, ${description}, ${voice.nameOf(instance.provider)}` };
}

export const nameOf = (instance: FleetInstance): string => plain(instance.name, 40) || plain(instance.id, 40);

const cards = ({ gpuCount, gpu }: FleetInstance): string => (gpuCount === 1 ? plain(gpu) : gpus(gpuCount, plain(gpu)));

const icons: Readonly<Record<FleetInstance['state'], Icon>> = {
  ready: { codicon: 'circle-filled', color: 'testing.iconPassed' },
  starting: { codicon: 'loading~spin' },
  stopping: { codicon: 'loading~spin' },
  ending: { codicon: 'loading~spin' },
  stopped: { codicon: 'circle-outline' },
  failed: { codicon: 'error', color: 'list.errorForeground' },
  unknown: { codicon: 'question', color: 'list.warningForeground' },
};

const unprotectedIcon: Icon = { codicon: 'unlock', color: 'list.errorForeground' };

function stateWords(instance: FleetInstance, now: number, voice: Voice): (string | false | undefined)[] {
  const { t } = voice;
  const { burn, spent, since, outbid } = instance;
  const end = endOf(instance, now);
  const ran = since === undefined ? undefined : now - since;
  switch (instance.state) {
    case 'ready':
      if (instance.workers !== undefined) return [t('{0} of {1} workers', instance.workers.active, instance.workers.most), formatRate(burn), formatUsd(spent), end && endWord(instance, moment(end.at, now, t), voice)];
      return [formatRate(burn), formatUsd(spent), ran === undefined ? undefined : roughly(ran, t), end && endWord(instance, moment(end.at, now, t), voice)];
    case 'starting':
      return [t('starting: {0}', stageWord(instance, voice)), ran === undefined ? undefined : duration(ran, t), formatRate(burn)];
    case 'stopping':
      return [t('stopping, still {0}', formatRate(burn)), formatUsd(spent)];
    case 'ending':
      return [t('being destroyed, still billing {0}', formatRate(burn)), formatUsd(spent)];
    case 'stopped':
      return [outbid ? t('outbid and stopped') : t('stopped'), burn === 0 ? t('costs nothing') : t('disk {0}', rateAndMonth(burn, t)), formatUsd(spent)];
    case 'failed':
      return [t('failed, still {0}', formatRate(burn)), formatUsd(spent)];
    case 'unknown':
      return [t('state unknown, up to {0}', formatRate(burn)), formatUsd(spent)];
  }
}

const endWord = ({ limits }: FleetInstance, at: string, { t }: Voice): string => (limits?.atLimit === 'destroy' ? t('ends {0}', at) : t('stops {0}', at));

function stageWord({ stage }: FleetInstance, { t }: Voice): string {
  switch (stage ?? 'scheduling') {
    case 'scheduling':
      return t('waiting for a machine');
    case 'pulling':
      return t('pulling image');
    case 'booting':
      return t('booting');
    case 'waitingForSsh':
      return t('waiting for SSH');
  }
}
