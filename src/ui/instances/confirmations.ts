/** What a person reads before a machine is stopped, started, restarted or destroyed. */
import type { Limits } from '../../domain/launch.ts';
import { formatRate, formatUsd, type Usd } from '../../domain/money.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import { plain } from '../escape.ts';
import { editorLimitWords, limitWords, paragraphs, practiceWords, type Consent } from '../rent/consent.ts';
import { purseWords, type Purse } from '../rent/purse.ts';
import { fileSize } from '../sizes.ts';
import type { Voice } from '../voice.ts';
import { gb, gpus, rateAndMonth } from '../words.ts';
import { lacks } from './instanceContext.ts';
import { nameOf } from './instanceRow.ts';

export interface Circumstances {
  readonly purse: Purse;
  readonly now: number;
  readonly practice: boolean;
  /** Whether a machine there can end itself. */
  readonly selfStop: boolean;
}

export function stopConsent(instance: FleetInstance, voice: Voice): Consent {
  const { t } = voice;
  const { rates, diskGb, kind, workers } = instance;
  if (workers !== undefined) return { title: t('Stop {0}?', nameOf(instance)), detail: paragraphs(foreign(instance, voice), t('Its workers end, and requests wait until it is started again. Stopped, it costs nothing.')) };
  return {
    title: t('Stop {0}?', nameOf(instance)),
    detail: paragraphs(
      foreign(instance, voice),
      t('What runs on it ends.'),
      rates.stopped === 0
        ? t('Stopped, it costs nothing.')
        : t('Its {0} disk is kept and goes on costing {1} until you destroy it.', gb(diskGb), rateAndMonth(rates.stopped, t)),
      keptWords(instance, voice),
      kind === 'interruptible' ? t('Starting it again takes a bid that wins.') : t('Starting it again takes a free GPU on the same host, which is not promised.'),
    ),
  };
}

/** RunPod makes the container anew at every start; only the volume outlives it. */
function keptWords({ provider }: FleetInstance, { t }: Voice): string | undefined {
  return provider === 'runpod' ? t('Only what lies in {0} survives; the rest of the system begins anew.', '/workspace') : undefined;
}

/** What is known to be on it still, and what wiping it would do. */
export interface Held {
  readonly words?: string | undefined;
  readonly folder?: { readonly path: string; readonly bytes: number } | undefined;
  readonly wiping?: string | undefined;
}

export function destroyConsent(instance: FleetInstance, canStop: boolean, voice: Voice, { words, folder, wiping }: Held = {}): Consent {
  const { t } = voice;
  const { rates, diskGb } = instance;
  if (instance.workers !== undefined) return { title: t('Destroy {0}?', nameOf(instance)), detail: paragraphs(foreign(instance, voice), t('Its address is gone for good, and requests that wait are lost.'), t('It has cost {0} so far.', formatUsd(instance.spent))) };
  const disk = folder !== undefined && folder.bytes > 0
    ? t('{0} in {1} and everything else on its {2} disk is lost for good.', fileSize(folder.bytes), plain(folder.path), gb(diskGb))
    : diskGb > 0 ? t('Everything on its {0} disk is lost for good.', gb(diskGb)) : t('Everything on its disk is lost for good.');
  return {
    title: t('Destroy {0}?', nameOf(instance)),
    detail: paragraphs(
      foreign(instance, voice),
      words,
      disk,
      canStop && rates.stopped > 0 && t('Stopping instead keeps the disk for {0}.', rateAndMonth(rates.stopped, t)),
      t('It has cost {0} so far.', formatUsd(instance.spent)),
      wiping,
    ),
  };
}

export function startConsent(instance: FleetInstance, limits: Limits, { now, practice, purse, selfStop }: Circumstances, voice: Voice): Consent {
  const { t } = voice;
  const { gpuCount, gpu, spent } = instance;
  const rates = instance.launch?.quote.serverless === undefined ? instance.rates : instance.launch.quote.rates;
  return {
    title: t('Start {0} for {1}?', nameOf(instance), formatRate(rates.running)),
    detail: paragraphs(
      practice && practiceWords(voice),
      t('{0}, all in. It has cost {1} so far.', gpus(gpuCount, plain(gpu)), formatUsd(spent)),
      selfStop ? limitWords(limits, now, voice) : editorLimitWords(limits, now, { provider: instance.provider, noStop: lacks(instance, 'stop') }, voice),
      purseWords(purse, rates.running, { ...limits, budget: Math.max(0, limits.budget - spent) as Usd }, instance.provider, now, voice),
    ),
  };
}

export function rebootConsent(instance: FleetInstance, voice: Voice): Consent {
  const { t } = voice;
  return {
    title: t('Reboot {0}?', nameOf(instance)),
    detail: paragraphs(t('What runs on it ends. It goes on costing {0}.', formatRate(instance.rates.running)), keptWords(instance, voice)),
  };
}

const foreign = ({ ours }: FleetInstance, { t }: Voice): string | false => !ours && t('It was not rented here: make sure that nobody else needs it.');
