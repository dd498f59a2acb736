import assert from 'node:assert/strict';
import type { GuardTerms } from '../../../src/domain/guard.ts';
import { usd, usdPerHour } from '../../../src/domain/money.ts';
import type { GuardInputs } from '../../../src/guard/model.ts';
import { renewalText } from '../../../src/guard/renewal.ts';
import { playModel, playShell, type Day, type DayEvent } from './playedDays.ts';
import { isHere, shells } from './shells.ts';

const [born, epoch] = [1000, 1_800_000_000];
const calm: Omit<GuardInputs, 'mono' | 'wall'> = { gpu: 0, typed: '', moved: false, job: false, afterwards: '', hooked: true, lease: '' };
const open = (seconds: number): string => `1 ${born + seconds - (seconds % 60)} ${renewalText({ ttlMs: 900_000, active: false })}`;
const until = (end: number) => (seconds: number): string => open(Math.min(seconds, end));

/** An editor is there until the container starts anew after 3000 s; then as told. */
const restarted = (after: (seconds: number) => string, rest: Partial<Scenario> = {}): Omit<Scenario, 'name' | 'calls'> => ({
  terms: { deadlineAt: (epoch + 3000) * 1000 }, hours: 1.6, restarts: { kind: 'boot', every: 3000 },
  at: (s) => ({ gpu: 50, lease: s < 3000 ? open(s) : after(s) }), ...rest,
});
const nobody = (): string => '';

interface Scenario {
  readonly name: string;
  readonly terms?: Partial<GuardTerms>;
  /** What there is to see, so many seconds after the first start. */
  readonly at: (seconds: number) => Partial<GuardInputs>;
  readonly hours: number;
  /** The container starts anew, or the guard does, every so many seconds. */
  readonly restarts?: { readonly kind: 'boot' | 'again'; readonly every: number };
  /** The first calls: seconds after the start, and what was asked; none where the machine goes on. */
  readonly calls: readonly string[];
}

// Idle 30 min, unclaimed 30 min, grace 180 s, a look every 15 s, 2 $/h; limits beyond every day unless said.
const scenarios: readonly Scenario[] = [
  { name: 'destroys what nobody ever claimed', hours: 2, at: () => ({}), calls: ['1980 destroy unclaimed', '1995 destroy unclaimed'] },
  { name: 'takes nobody for idle who has not come yet', terms: { idleMs: 60_000 }, hours: 0.5, at: (s) => ({ lease: s < 1000 ? '' : open(s), gpu: s < 1000 ? 0 : 50 }), calls: [] },
  { name: 'takes a machine that nobody claims for unclaimed, however short idleness may be', terms: { idleMs: 60_000 }, hours: 1, at: () => ({}), calls: ['1980 destroy unclaimed'] },
  { name: 'keeps what somebody claims in the grace', hours: 2, at: (s) => ({ lease: s > 1900 ? until(5000)(s) : '', gpu: 60 }), calls: [] },
  {
    name: 'stops instead what was claimed in an earlier life', hours: 4, restarts: { kind: 'boot', every: 3000 },
    at: (s) => ({ lease: s < 2900 ? open(s) : '', gpu: 50 }), calls: ['4980 stop unclaimed'],
  },
  { name: 'takes an open window alone for idleness, four times as late', hours: 4, at: (s) => ({ lease: open(s) }), calls: ['7380 stop longIdle'] },
  { name: 'lets a job on the GPU end while the laptop sleeps', hours: 4, at: (s) => ({ lease: until(2000)(s), gpu: s < 8000 ? 90 : 0 }), calls: ['9975 stop idle'] },
  { name: 'lets a run end that announced itself', hours: 4, at: (s) => ({ lease: until(2000)(s), job: s < 8000 }), calls: ['9975 stop idle'] },
  { name: 'takes bytes over SSH for use', hours: 4, at: (s) => ({ lease: until(2000)(s), moved: s < 8000 }), calls: ['9975 stop idle'] },
  { name: 'ends a busy machine at its total use', terms: { useMs: 3 * 3_600_000 }, hours: 4, at: (s) => ({ lease: open(s), gpu: 90 }), calls: ['10980 stop use'] },
  { name: 'goes on when the use is raised', terms: { useMs: 3 * 3_600_000 }, hours: 5, calls: ['14580 stop use'],
    at: (s) => ({ gpu: 90, lease: s < 10_900 ? open(s) : `1 ${born} ${renewalText({ ttlMs: 900_000, active: true, useMs: 14_400_000 })}` }) },
  { name: 'ends a busy machine at its budget', terms: { budget: usd(5) }, hours: 4, at: (s) => ({ lease: open(s), gpu: 90 }), calls: ['9180 stop budget'] },
  { name: 'cancels the grace of a budget that is raised', terms: { budget: usd(5) }, hours: 4, calls: [],
    at: (s) => ({ gpu: 90, lease: s < 9100 ? open(s) : `1 ${born} ${renewalText({ ttlMs: 900_000, active: false, budget: usd(50) })}` }) },
  { name: 'does not cancel a budget for work', terms: { budget: usd(5) }, hours: 4, at: (s) => ({ lease: open(s), typed: String(s) }), calls: ['9180 stop budget'] },
  { name: 'ends at the deadline whatever its counters say', terms: { deadlineAt: (epoch + 5000) * 1000 }, hours: 4, at: (s) => ({ lease: open(s), gpu: 90 }), calls: ['5190 stop deadline'] },
  { name: 'asks again and again, at most a minute apart', hours: 1, at: () => ({}),
    calls: ['1980 destroy unclaimed', '1995 destroy unclaimed', '2010 destroy unclaimed', '2025 destroy unclaimed', '2055 destroy unclaimed', '2100 destroy unclaimed', '2160 destroy unclaimed', '2220 destroy unclaimed', '2280 destroy unclaimed', '2340 stop unclaimed', '2400 destroy unclaimed', '2460 stop unclaimed'] },
  { name: 'goes on when work comes in the grace', hours: 4, at: (s) => ({ lease: until(1000)(s), gpu: s >= 1850 && s <= 1900 ? 50 : 0 }), calls: ['3870 stop idle'] },
  { name: 'waits two minutes for a hook that does not end', terms: { idleMs: 600_000 }, hours: 1, at: (s) => ({ lease: until(100)(s), hooked: false }), calls: ['1260 stop idle'] },
  { name: 'does not take a broken GPU tool for use for ever', hours: 3, at: (s) => ({ lease: until(400)(s), gpu: undefined }), calls: ['3780 stop idle'] },
  { name: 'counts not knowing once, also when the tool comes and goes', hours: 4, at: (s) => ({ lease: until(400)(s), gpu: s % 600 < 500 ? undefined : 0 }), calls: ['3780 stop idle'] },
  { name: 'takes no lease for longer than fifteen minutes', hours: 3, calls: ['1980 stop idle'],
    at: () => ({ lease: '1 5 999999999 0 0 0 0 0 1' }) },
  { name: 'takes garbage for no lease', hours: 3, at: () => ({ lease: '; rm -rf / $(touch x) * -5 zz' }), calls: ['1980 destroy unclaimed'] },
  { name: 'takes an old lease that lies there for no new one', hours: 3, at: () => ({ lease: open(0) }), calls: ['1980 stop idle'] },
  { name: 'lives while somebody types', hours: 3, at: (s) => ({ lease: until(1000)(s), typed: String(Math.floor(s / 1500)) }), calls: [] },
  { name: 'holds as long as it was asked to', hours: 4, calls: ['10170 stop idle'],
    at: (s) => ({ lease: s < 1000 ? open(s) : `1 7 ${renewalText({ ttlMs: 900_000, active: false, holdMs: 7_200_000 })}` }) },
  { name: 'leaves idleness out when told so', terms: { idleMs: 0 }, hours: 3, at: (s) => ({ lease: until(1000)(s) }), calls: [] },
  { name: 'counts use through a container that keeps dying', terms: { useMs: 3 * 3_600_000 }, hours: 4, restarts: { kind: 'boot', every: 600 }, at: (s) => ({ lease: open(s), gpu: 90 }), calls: ['11250 stop use'] },
  { name: 'acts in a container that dies faster than its grace is long', terms: { useMs: 3_600_000 }, hours: 2, restarts: { kind: 'boot', every: 60 }, at: (s) => ({ lease: open(s), gpu: 90 }), calls: ['5025 stop use'] },
  { name: 'never starts the wait for a first lease anew', hours: 2, restarts: { kind: 'boot', every: 600 }, at: () => ({}), calls: ['2025 destroy unclaimed'] },
  { name: 'hears after a start, eight minutes late, that its passed deadline is a new one', calls: [],
    ...restarted((s) => (s < 3480 ? '' : `1 ${s} ${renewalText({ ttlMs: 900_000, active: false, deadlineAt: (epoch + 90_000) * 1000 })}`)) },
  { name: 'ends after a start as soon as it hears that its passed deadline stays', ...restarted((s) => (s < 3480 ? '' : open(s))), calls: ['3660 stop deadline'] },
  { name: 'waits ten minutes after a start for a word about its deadline', ...restarted(nobody), calls: ['3780 stop deadline'] },
  { name: 'waits ten minutes after a start for a word about its use', ...restarted(nobody, { terms: { useMs: 2_990_000 } }), calls: ['3780 stop use'] },
  { name: 'waits ten minutes after a start for a word about its budget', ...restarted(nobody, { terms: { budget: usd(1.66) } }), calls: ['3780 stop budget'] },
  { name: 'waits ten minutes in all in a container that keeps dying', ...restarted(nobody, { restarts: { kind: 'boot', every: 300 } }), calls: ['3810 stop deadline'] },
  { name: 'waits and acts in a container that dies faster than its grace is long', ...restarted(nobody, { restarts: { kind: 'boot', every: 60 } }), calls: ['4035 stop deadline'] },
  { name: 'gives no new grace to a container that keeps dying soon after it hears a word',
    ...restarted((s) => (s % 120 < 60 ? '' : open(s)), { restarts: { kind: 'boot', every: 120 } }), calls: ['3465 stop deadline'] },
  { name: 'waits for nobody in the life in which it heard a word', ...restarted(nobody, { restarts: { kind: 'again', every: 700 } }), calls: ['3180 stop deadline'] },
  { name: 'waits for nobody who never came', ...restarted(nobody, { at: () => ({ gpu: 50 }), terms: { deadlineAt: (epoch + 900) * 1000 }, restarts: { kind: 'boot', every: 600 } }), calls: ['1080 stop deadline'] },
  { name: 'goes on where it was when only the guard died', hours: 4, restarts: { kind: 'again', every: 700 }, at: (s) => ({ lease: until(2000)(s), gpu: s < 5000 ? 90 : 0 }), calls: ['6975 stop idle'] },
  { name: 'ends when its run has ended, as that was started, and not as its limits say', hours: 2, at: (s) => ({ lease: open(s), job: s < 3000, afterwards: s < 3000 ? '' : 'destroy' }), calls: ['3180 destroy run', '3195 destroy run'] },
  { name: 'ends when its run has ended, though nobody has come since its start', hours: 0.4, at: (s) => ({ afterwards: s < 900 ? '' : 'stop' }), calls: ['1080 stop run'] },
  { name: 'goes on when its run has ended and somebody takes that word away in the grace', hours: 2, at: (s) => ({ lease: open(s), gpu: 50, afterwards: s >= 3000 && s < 3170 ? 'destroy' : '' }), calls: [] },
  { name: 'goes by its limits before it goes by what a run left', terms: { budget: usd(5) }, hours: 4, at: (s) => ({ lease: open(s), gpu: 90, afterwards: s < 9000 ? '' : 'destroy' }), calls: ['9180 stop budget'] },
  { name: 'takes no other word of a run for one', hours: 1, at: (s) => ({ lease: open(s), gpu: 50, afterwards: s < 900 ? 'keep' : 'test' }), calls: [] },
  { name: 'ends nothing early or late when the wall clock jumps', hours: 3, at: (s) => ({ lease: until(1000)(s), wall: epoch + s - 90_000 }), calls: ['2040 stop idle'] },
];

const far: GuardTerms = { label: 'label', rate: usdPerHour(2), offRate: usdPerHour(0), budget: usd(1000), useMs: 1e10, deadlineAt: 9e12, idleMs: 1_800_000, action: 'stop' };

function dayOf({ terms, at, hours, restarts }: Scenario): Day {
  const events: DayEvent[] = [];
  for (let seconds = 15; seconds <= hours * 3600; seconds += 15) {
    const moment = { mono: born + seconds, wall: epoch + seconds };
    const seen = { ...calm, ...moment, ...at(seconds) };
    if (restarts && seconds % restarts.every < 15) events.push({ kind: restarts.kind, ...moment, typed: seen.typed, lease: seen.lease });
    events.push({ kind: 'tick', ...seen });
  }
  return { terms: { ...far, ...terms }, mono: born, wall: epoch, events };
}

/** The calls as `seconds what why`; ticks alone print a line. */
const callsIn = (lines: readonly string[]): string[] => lines.flatMap((line, index) => {
  const [, reason, act] = line.split(' ');
  return act === '-' ? [] : [`${(index + 1) * 15} ${act} ${reason}`];
});

describe('a guard', () => {
  const days = scenarios.map(dayOf);
  const split = (lines: readonly string[]): string[][] => {
    let from = 0;
    return days.map(({ events }) => lines.slice(from, (from += events.filter(({ kind }) => kind === 'tick').length)));
  };
  const played = new Map<string, string[][]>();

  before(function () {
    this.timeout(120_000);
    played.set('the model', split(playModel(days)));
    for (const shell of shells.filter(isHere)) played.set(shell.name, split(playShell(shell, days)));
  });

  for (const by of ['the model', ...shells.map(({ name }) => name)]) {
    describe(`by ${by}`, () => {
      for (const [index, { name, calls }] of scenarios.entries()) {
        it(name, function () {
          const lines = played.get(by)?.[index];
          if (lines === undefined) this.skip();
          const made = callsIn(lines);
          assert.deepEqual(made.slice(0, calls.length), calls);
          if (calls.length === 0) assert.deepEqual(made, []);
        });
      }
    });
  }
});
