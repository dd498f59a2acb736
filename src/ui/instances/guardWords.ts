/** What is said of a machine's guard: what it is to do, whether it is known to work, and what it did. */
import type { GuardReason } from '../../domain/guard.ts';
import type { Limits } from '../../domain/launch.ts';
import { formatUsd } from '../../domain/money.ts';
import type { GuardEnd, GuardView, WhyUnprotected } from '../../domain/protection.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import type { Icon } from '../row.ts';
import type { Voice } from '../voice.ts';
import { age, duration, moment, spanWords } from '../words.ts';
import { lacks } from './instanceContext.ts';

const minuteMs = 60_000;

/** A machine that costs while nothing is known to end it. */
export const isUnprotected = ({ state, guard }: FleetInstance): boolean => state === 'ready' && guard?.protection === 'unprotected';

interface GuardLine {
  readonly figure: string;
  readonly icon: Icon;
}

/** `stops it when idle 30 m, at 18:40 or at $5.00; checked just now`, or what is wrong; undefined where nothing is left to guard. */
export function guardLine(instance: FleetInstance, now: number, voice: Voice): GuardLine | undefined {
  const { t } = voice;
  const { limits, guard, ours, state } = instance;
  if (['stopping', 'ending', 'failed'].includes(state)) return undefined;
  if (limits === undefined) return bare(ours ? t('not protected: no limits are known for it') : t('not protected: it was not rented here'));
  if (guard?.ended !== undefined && state === 'stopped') return { figure: endWords(guard.ended, limits, now, voice), icon: { codicon: 'shield' } };
  const terms = termWords(limits, now, voice);
  if (state === 'starting' || state === 'stopped') return { figure: t('once it runs: {0}', terms), icon: { codicon: 'watch' } };
  if (guard === undefined || guard.protection === 'checking' || state === 'unknown') return { figure: t('not checked yet; {0}', terms), icon: { codicon: 'watch' } };
  if (guard.protection === 'unprotected') return bare(t('not protected: {0}; {1}', whyWords(instance, now, voice), editorWords(limits, now, voice)));
  return { figure: workingWords(guard, limits, terms, voice), icon: { codicon: 'shield' } };
}

const bare = (figure: string): GuardLine => ({ figure, icon: { codicon: 'unlock', color: 'list.errorForeground' } });

function workingWords({ status, checkedMs = 0 }: GuardView, limits: Limits, terms: string, voice: Voice): string {
  const { t } = voice;
  const checked = checkedWords(checkedMs, voice);
  if (status === undefined || status.phase === 'watching' || status.reason === undefined) return `${terms}; ${checked}`;
  return t('about to act: {0}; {1}', reasonWords(status.reason, limits, voice), checked);
}

/** No seconds: a line that changes with each of them would be drawn anew under the reader's eyes. */
const checkedWords = (ms: number, { t }: Voice): string => (ms < 1.25 * minuteMs ? t('checked just now') : t('checked {0}', age(ms, t)));

function termWords({ leaseEndsAt, budget, idleMs = 0, atLimit }: Limits, now: number, { t }: Voice): string {
  const [at, most, idle] = [moment(leaseEndsAt, now, t), formatUsd(budget), duration(idleMs, t)];
  if (atLimit === 'destroy') return idleMs > 0 ? t('destroys it when idle {0}, at {1} or at {2}', idle, at, most) : t('destroys it at {0} or at {1}', at, most);
  return idleMs > 0 ? t('stops it when idle {0}, at {1} or at {2}', idle, at, most) : t('stops it at {0} or at {1}', at, most);
}

const editorWords = ({ leaseEndsAt, budget, atLimit }: Limits, now: number, { t }: Voice): string =>
  atLimit === 'destroy'
    ? t('the editor destroys it at {0} or at {1}, while GPU Rental is in use', moment(leaseEndsAt, now, t), formatUsd(budget))
    : t('the editor stops it at {0} or at {1}, while GPU Rental is in use', moment(leaseEndsAt, now, t), formatUsd(budget));

/** Why it is not protected; for a machine that is. */
export function whyWords(instance: Pick<FleetInstance, 'guard' | 'provider' | 'lacks'>, now: number, voice: Voice): string {
  const { guard, provider } = instance;
  if (guard?.why === 'noSelfStop' && lacks(instance, 'stop')) return voice.t('machines of {0} cannot end themselves', voice.nameOf(provider));
  return reasonUnprotected(guard?.why ?? 'unreachable', guard?.missingSince ?? now, provider, now, voice);
}

function reasonUnprotected(why: WhyUnprotected, since: number, provider: FleetInstance['provider'], now: number, { t, nameOf }: Voice): string {
  switch (why) {
    case 'noSelfStop':
      return t('at {0} a machine of this image cannot stop itself', nameOf(provider));
    case 'absent':
      return t('no guard runs on it');
    case 'stale':
      return t('its guard has stopped working');
    case 'notArmed':
      return t('its guard cannot reach {0}', nameOf(provider));
    case 'unreachable':
      return t('it has not answered since {0}, so nobody knows', moment(since, now, t));
  }
}

export function reasonWords(reason: GuardReason, { budget, idleMs = 0 }: Limits, { t }: Voice): string {
  switch (reason) {
    case 'use':
    case 'deadline':
      return t('its lease is over');
    case 'budget':
      return t('its budget of {0} is used up', formatUsd(budget));
    case 'unclaimed':
      return t('nobody came to use it');
    case 'idle':
      return t('idle for {0}', spanWords(idleMs, t));
    case 'longIdle':
      return t('idle for {0}, though a window was open', spanWords(4 * idleMs, t));
    case 'run':
      return t('its run has ended');
  }
}

/** `Stopped at 03:10 by its guard: idle for 30 minutes`. Says what is sure and what is not. */
export function endWords({ how, reason, sure, at }: GuardEnd, limits: Limits, now: number, voice: Voice): string {
  const { t } = voice;
  if (reason === undefined) return how === 'stopped' ? t('Stopped, and not by GPU Rental') : t('Gone, and not by GPU Rental');
  const [when, why] = [moment(at, now, t), reasonWords(reason, limits, voice)];
  if (how === 'stopped') return sure ? t('Stopped at {0} by its guard: {1}', when, why) : t('Stopped, probably at {0} by its guard: {1}', when, why);
  return sure ? t('Destroyed at {0} by its guard: {1}', when, why) : t('Destroyed, probably at {0} by its guard: {1}', when, why);
}
