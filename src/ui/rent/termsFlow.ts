import type { LimitAction } from '../../domain/guard.ts';
import { formatUsd, toDollars, usd } from '../../domain/money.ts';
import { goBack, type Dialogs } from '../dialogs.ts';
import { plain } from '../escape.ts';
import { amountIn } from '../input.ts';
import { limitBounds } from '../settings.ts';
import type { Voice } from '../voice.ts';
import { duration, gb } from '../words.ts';
import type { Terms } from './terms.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** "Change limits…": one list, over and over, until the person goes on. Turning away changes nothing. */
export async function changeTerms(dialogs: Dialogs, before: Terms, voice: Voice): Promise<Terms> {
  const { t } = voice;
  let terms = before;
  for (;;) {
    const part = await dialogs.pick({
      title: t('Change limits'),
      placeholder: t('What should be different?'),
      choices: [
        { label: t('Go on'), value: 'done' as const, current: true },
        { label: t('Budget'), description: t('stops at {0}', formatUsd(terms.budget)), value: 'budget' as const },
        { label: t('Lease'), description: t('stops after {0}', duration(terms.leaseHours * hourMs, t)), value: 'lease' as const },
        { label: t('Idle'), description: idleWords(terms.idleMinutes, voice), value: 'idle' as const },
        { label: t('At a limit'), description: actionWords(terms.atLimit, voice), value: 'action' as const },
        { label: t('Disk'), description: gb(terms.diskGb), value: 'disk' as const },
        { label: t('Name'), description: plain(terms.name), value: 'name' as const },
      ],
    });
    if (part === undefined || part === goBack) return before;
    if (part === 'done') return terms;
    terms = { ...terms, ...(await askPart(dialogs, terms, part, voice)) };
  }
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
