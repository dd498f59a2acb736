/** A day on a machine, drawn from a seed: editors that come and go, work and idleness, broken tools, bad clocks. */
import type { LimitAction } from '../../../src/domain/guard.ts';
import { renewalText } from '../../../src/guard/renewal.ts';
import { usd, usdPerHour } from '../../../src/domain/money.ts';
import type { Day, DayEvent } from './playedDays.ts';

type Draw = (low: number, high: number) => number;

/** mulberry32: whole numbers from low to high, both included. */
function drawFrom(seed: number): Draw {
  let state = seed >>> 0;
  return (low, high) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return low + (((mixed ^ (mixed >>> 14)) >>> 0) % (high - low + 1));
  };
}

const garbage = ['; rm -rf / $(x) * -5 zz', '1 5 900 1 0 0 0 0', '1 5 0900 1 0 0 0 0 1', '2 5 900 1 0 0 0 0 1', '1 5 -900 1 0 0 0 0 1', '1 5 9000000000000 1 0 0 0 0 1', '"', '`', '\\', '1 5 900 1 0 0 0 0 1 1', '(', '-f', '%s%n', '1 1e3 900 1 0 0 0 0 1'];

const actions: readonly [LimitAction, LimitAction] = ['stop', 'destroy'];

const thens = ['', '', 'stop', 'destroy', 'keep', 'test'];

export function someDay(seed: number): Day {
  const draw = drawFrom(seed);
  const one = <T>(values: readonly [T, ...T[]]): T => values[draw(0, values.length - 1)] ?? values[0];
  const often = (percent: number): boolean => draw(1, 100) <= percent;
  const wallOf = (mono: number): number => 1_800_000_000 + mono;
  let mono = draw(1, 5000);
  const start = mono;
  const day = {
    mono,
    wall: wallOf(mono),
    terms: {
      label: 'label',
      rate: usdPerHour(one([0, 0.2, 2, 3.137])),
      offRate: usdPerHour([0, 0.004, 0.3][seed % 3] ?? 0),
      budget: usd(one([0.5, 5, 1000])),
      useMs: one([3600, 9000, 28_800, 10_000_000]) * 1000,
      deadlineAt: (wallOf(mono) + one([3000, 20_000, 90_000_000])) * 1000,
      idleMs: one([0, 300, 1800, 1800, 7200]) * 1000,
      action: one(actions),
    },
  } as const;
  const [busy, blind, editor] = [one([0, 0, draw(0, 60)]), one([0, 0, 5, 100]), one([0, 30, 95])];
  // Drawn apart: the days are the same as they would be without runs.
  const drawThen = drawFrom(seed + 500_000_000);
  const runs = drawThen(1, 100) <= 15;
  const [restless, leaves] = [one([0, 1]), start + one([1000, 20_000])];
  let [gpu, typed, lease, wallOff, hooked, afterwards]: [number | undefined, string, string, number, boolean, string] = [0, '', '', 0, true, ''];
  const events: DayEvent[] = [];
  for (let left = draw(40, 400); left > 0; left--) {
    mono = Math.max(0, mono + (often(1) ? one([-500, 0, 200, 7200]) : one([15, 15, 15, 30, 60, 3, 2])));
    if (often(4)) gpu = often(blind) ? undefined : often(busy) ? draw(5, 100) : draw(0, 4);
    if (often(2)) wallOff = one([0, 0, -90_000, 90_000]);
    if (often(restless)) typed = String(draw(1, 1_900_000_000));
    if (often(10)) hooked = often(70);
    if (runs && drawThen(1, 100) <= 3) afterwards = thens[drawThen(0, thens.length - 1)] ?? '';
    if (often(1)) {
      if (often(50)) lease = '';
      const kind = lease === '' ? 'boot' : 'again';
      if (kind === 'boot') afterwards = '';
      events.push({ kind, mono, wall: wallOf(mono), typed, lease });
    }
    if (often(25) && mono < leaves && often(editor)) lease = said(draw, often, mono);
    const [moved, job] = [often(restless), often(busy > 50 ? 10 : 0)];
    events.push({ kind: 'tick', mono, wall: wallOf(mono) + wallOff, gpu, typed, moved, job, hooked, afterwards, lease });
  }
  return { ...day, events };
}

function said(draw: Draw, often: (percent: number) => boolean, mono: number): string {
  if (often(6)) return garbage[draw(0, garbage.length - 1)] ?? '';
  const now = 1_800_000_000 + mono;
  return `1 ${mono} ${renewalText({
    ttlMs: draw(0, often(5) ? 999_999_999 : 900) * 1000,
    active: often(20),
    ...(often(2) ? { budget: usd(draw(1, 50)) } : {}),
    ...(often(2) ? { useMs: draw(1, 60_000) * 1000 } : {}),
    ...(often(2) ? { deadlineAt: (now + draw(-500, 50_000)) * 1000 } : {}),
    ...(often(2) ? { holdMs: draw(0, 9000) * 1000 } : {}),
  })}`;
}
