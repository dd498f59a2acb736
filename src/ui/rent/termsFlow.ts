import type { LimitAction } from '../../domain/guard.ts';
import { formatUsd, toDollars, usd } from '../../domain/money.ts';
import type { Offer } from '../../domain/offer.ts';
import { goBack, type Dialogs } from '../dialogs.ts';
import { plain } from '../escape.ts';
import { amountIn } from '../input.ts';
import { limitBounds } from '../settings.ts';
import type { Voice } from '../voice.ts';
import { duration, gb, line } from '../words.ts';
import { chooseStart } from './imageFlow.ts';
import type { RentDeps } from './rentDeps.ts';
import { startFor, startName } from './starts.ts';
import type { Terms } from './terms.ts';
import { chooseVolume } from './volumeFlow.ts';
import { volumeLine } from './volumeWords.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** "Change limits…": one list, over and over, until the person goes on. Turning away changes nothing. */
export async function changeTerms(deps: RentDeps, offer: Offer, before: Terms): Promise<Terms> {
  const { dialogs, voice } = deps;
  const { t } = voice;
  const { fixedDisk, noStop } = deps.traits(offer.provider);
  let terms = before;
  for (;;) {
    const part = await dialogs.pick({
      title: t('Change limits'),
      placeholder: t('What should be different?'),
      choices: [
        { label: t('Go on'), value: 'done' as const, current: true },
        { label: t('Budget'), description: t('stops at {0}', formatUsd(terms.budget)), value: 'budget' as const },
        { label: t('Lease'), description: t('stops after {0}', duration(terms.leaseHours * hourMs, t)), value: 'lease' as const },
        // Nothing there knows of idleness, and a limit can only destroy.
        ...(noStop === true ? [] : [
          { label: t('Idle'), description: idleWords(terms.idleMinutes, voice), value: 'idle' as const },
          { label: t('At a limit'), description: actionWords(terms.atLimit, voice), value: 'action' as const },
        ]),
        ...(fixedDisk === true ? [] : [{ label: t('Disk'), description: gb(terms.diskGb), value: 'disk' as const }]),
        { label: t('Image'), description: startName(startFor(deps, offer, terms)), value: 'image' as const },
        { label: t('Volume'), description: terms.volume === undefined ? t('none') : line(plain(terms.volume.name, 64), volumeLine(terms.volume, voice)), value: 'volume' as const },
        { label: t('Name'), description: plain(terms.name), value: 'name' as const },
      ],
    });
    if (part === undefined || part === goBack) return before;
    if (part === 'done') return terms;
    switch (part) {
      case 'image':
        terms = await askImage(deps, offer, terms);
        break;
      case 'volume':
        terms = await askVolume(deps, offer, terms);
        break;
      default:
        terms = { ...terms, ...(await askPart(dialogs, terms, part, voice)) };
    }
  }
}

/** An image that wants more disk gets it: the price is asked again before anything is agreed. */
async function askImage(deps: RentDeps, offer: Offer, terms: Terms): Promise<Terms> {
  const chosen = await chooseStart(deps, offer, startFor(deps, offer, terms));
  if (chosen === undefined) return terms;
  const diskGb = Math.max(terms.diskGb, Math.min(chosen.diskGb ?? 0, limitBounds.diskGb.most));
  return { ...terms, diskGb, start: { provider: offer.provider, what: chosen.start } };
}

async function askVolume(deps: RentDeps, offer: Offer, { volume, ...rest }: Terms): Promise<Terms> {
  const chosen = await chooseVolume(deps, offer, volume);
  const kept = chosen === 'none' ? undefined : (chosen ?? volume);
  return kept === undefined ? rest : { ...rest, volume: kept };
}

async function askPart(dialogs: Dialogs, terms: Terms, part: 'budget' | 'lease' | 'idle' | 'action' | 'disk' | 'name', voice: Voice): Promise<Partial<Terms>> {
  const { t } = voice;
  switch (part) {
    case 'budget': {
      const value = await askBudget(dialogs, toDollars(terms.budget), voice);
      return value === undefined ? {} : { budget: usd(value) };
    }
    case 'lease': {
      const asked = { title: t('Lease'), prompt: t('Hours until it is stopped'), value: terms.leaseHours, ...limitBounds.leaseHours };
      const hours = await amountIn(dialogs, asked, voice);
      return hours === undefined ? {} : { leaseHours: hours };
    }
    case 'idle': {
      const asked = { title: t('Idle'), prompt: t('Minutes without use after which it ends; 0 for never'), value: terms.idleMinutes, ...limitBounds.idleMinutes };
      const minutes = await amountIn(dialogs, asked, voice);
      return minutes === undefined ? {} : { idleMinutes: Math.round(minutes) };
    }
    case 'action': {
      const atLimit = await dialogs.pick({
        title: t('At a limit'),
        placeholder: t('What should happen when a limit is reached?'),
        choices: (['stop', 'destroy'] as const).map((value) => ({ label: actionWords(value, voice), value, current: value === terms.atLimit })),
      });
      return atLimit === undefined || atLimit === goBack ? {} : { atLimit };
    }
    case 'disk': {
      const asked = { title: t('Disk'), prompt: t('Disk in GB'), value: terms.diskGb, ...limitBounds.diskGb };
      const size = await amountIn(dialogs, asked, voice);
      return size === undefined ? {} : { diskGb: Math.round(size) };
    }
    case 'name': {
      const name = await dialogs.input({
        title: t('Name'),
        prompt: t('How this machine is called here'),
        value: terms.name,
        refuse: (text) => (plain(text, 40) === '' ? t('A name needs at least one letter') : undefined),
      });
      return name === undefined ? {} : { name: plain(name, 40) };
    }
  }
}

const idleWords = (minutes: number, { t }: Voice): string => (minutes === 0 ? t('never counts') : t('ends after {0} without use', duration(minutes * minuteMs, t)));

const actionWords = (action: LimitAction, { t }: Voice): string => (action === 'stop' ? t('stop: the disk is kept and goes on costing') : t('destroy: nothing is kept, nothing costs'));

export function askBudget(dialogs: Dialogs, value: number, voice: Voice, prompt?: string): Promise<number | undefined> {
  const { t } = voice;
  return amountIn(dialogs, { title: t('Budget'), prompt: prompt ?? t('Dollars of spend at which it is stopped'), value, ...limitBounds.budgetUsd }, voice);
}
