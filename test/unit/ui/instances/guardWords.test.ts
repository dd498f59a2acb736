import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { GuardReason, GuardStatus } from '../../../../src/domain/guard.ts';
import type { Limits } from '../../../../src/domain/launch.ts';
import { usd } from '../../../../src/domain/money.ts';
import { guardView, type GuardView, type WhyUnprotected } from '../../../../src/domain/protection.ts';
import type { FleetInstance } from '../../../../src/services/fleetInstance.ts';
import { guardLine, isUnprotected, reasonWords, type endWords } from '../../../../src/ui/instances/guardWords.ts';
import { instanceTooltip } from '../../../../src/ui/instances/instanceDetails.ts';
import { instanceRow } from '../../../../src/ui/instances/instanceRow.ts';
import { foundNote, graceNote, keptNote, lossNote, unheardNote } from '../../../../src/ui/instances/protectionNotes.ts';
import { alarmOf } from '../../../../src/ui/spend/alarm.ts';
import { spokenStatus, statusHover } from '../../../../src/ui/spend/statusText.ts';
import type { SpendInput } from '../../../../src/ui/spend/totalRows.ts';
import { english } from '../support/english.ts';
import { foreign, hourMs, launch, machine, minuteMs, now } from '../support/machines.ts';

const limits: Limits = { budget: usd(5), leaseEndsAt: now + 130 * minuteMs, idleMs: 30 * minuteMs };
const status = (change: Partial<GuardStatus> = {}): GuardStatus => ({
  phase: 'watching', armed: true, ageMs: 4000, usedMs: 0, spent: usd(0), idleMs: 0, sshConnections: 1, tries: 0, ...change,
});
const working = (change: Partial<GuardStatus> = {}, checkedMs = 12_000): GuardView => ({ protection: 'protected', status: status(change), checkedMs });
const bare = (why: WhyUnprotected): GuardView => ({ protection: 'unprotected', why, missingSince: now - 10 * minuteMs });
const guarded = (guard: GuardView | undefined, change: Partial<FleetInstance> = {}): FleetInstance =>
  machine({ limits, ...(guard === undefined ? {} : { guard }), ...change });
const line = (guard: GuardView | undefined, change: Partial<FleetInstance> = {}): string => guardLine(guarded(guard, change), now, english)?.figure ?? '';
const whys: WhyUnprotected[] = ['noSelfStop', 'absent', 'stale', 'notArmed', 'unreachable'];
const reasons: GuardReason[] = ['use', 'deadline', 'budget', 'unclaimed', 'idle', 'longIdle', 'run'];

describe('the line of a guard', () => {
  it('says when it ends the machine, and when it was asked', () => {
    assert.equal(line(working()), 'stops it when idle 30 m, at 18:40 or at $5.00; checked just now');
    assert.equal(line(working({}, 3 * minuteMs)), 'stops it when idle 30 m, at 18:40 or at $5.00; checked 3 m ago');
    assert.equal(line(working(), { limits: { ...limits, idleMs: 0 } }), 'stops it at 18:40 or at $5.00; checked just now');
    assert.equal(line(working(), { limits: { ...limits, atLimit: 'destroy' } }), 'destroys it when idle 30 m, at 18:40 or at $5.00; checked just now');
    assert.equal(line(working(), { limits: { ...limits, atLimit: 'destroy', idleMs: 0 } }), 'destroys it at 18:40 or at $5.00; checked just now');
  });

  it('says that it is about to act', () => {
    assert.equal(line(working({ phase: 'grace', reason: 'idle', graceLeftMs: 60_000 })), 'about to act: idle for 30 minutes; checked just now');
  });

  it('claims nothing that nobody has looked at', () => {
    for (const guard of [undefined, { protection: 'checking' } as const]) assert.equal(line(guard), 'not checked yet; stops it when idle 30 m, at 18:40 or at $5.00');
    assert.equal(line(working(), { state: 'unknown' }), 'not checked yet; stops it when idle 30 m, at 18:40 or at $5.00');
    for (const state of ['stopping', 'ending', 'failed'] as const) assert.equal(line(working(), { state }), '', 'nothing is left to guard');
    assert.equal(line(working(), { state: 'starting' }), 'once it runs: stops it when idle 30 m, at 18:40 or at $5.00');
  });

  it('says what is wrong, and what is left', () => {
    const rest = '; the editor stops it at 18:40 or at $5.00, while GPU Rental is in use';
    assert.deepEqual(whys.map((why) => line(bare(why))), [
      `not protected: at Vast.ai a machine of this image cannot stop itself${rest}`,
      `not protected: no guard runs on it${rest}`,
      `not protected: its guard has stopped working${rest}`,
      `not protected: its guard cannot reach Vast.ai${rest}`,
      `not protected: it has not answered since 16:20, so nobody knows${rest}`,
    ]);
  });

  it('tells what became of a stopped machine', () => {
    const ended = { how: 'stopped', reason: 'idle', sure: true, at: now - hourMs } as const;
    assert.equal(line({ ...working(), ended }, { state: 'stopped' }), 'Stopped at 15:30 by its guard: idle for 30 minutes');
    assert.match(line({ ...working(), ended }), /^stops it/, 'it runs again');
  });
});

describe('a machine without protection', () => {
  const input = (instance: FleetInstance): SpendInput => ({
    spend: { session: usd(1), today: usd(1), month: usd(1), burn: instance.burn, balances: new Map(), everRan: true, instances: [], books: { intervals: [], settled: [], sessionFrom: now, now } },
    instances: [instance], now, practice: false, caps: [], closing: [], alarm: alarmOf({ instances: [instance], balances: new Map(), caps: [], now }, english),
  });

  it('is marked in words and by its icon, in the row, the tooltip and the status bar', () => {
    for (const why of whys) {
      const instance = guarded(bare(why));
      const { description, icon, spoken } = instanceRow(instance, now, english);
      assert.match(description ?? '', /^NOT PROTECTED · \$0\.33\/h/);
      assert.match(spoken, /NOT PROTECTED/);
      assert.equal(icon?.codicon, 'unlock');
      assert.match(instanceTooltip(instance, now, english), /not protected/);
      assert.equal(input(instance).alarm.level, 'error');
      assert.match(input(instance).alarm.reasons[0] ?? '', /^sdxl-lora is not protected: /);
      assert.match(statusHover(input(instance), english), /^\*\*sdxl/);
      assert.match(spokenStatus(input(instance), english), /is not protected/);
    }
  });

  it('is one that runs: nothing else is marked', () => {
    for (const instance of [guarded(working()), guarded({ protection: 'checking' }), guarded(undefined), guarded(bare('stale'), { state: 'stopped' }), guarded(bare('absent'), { state: 'starting' }), foreign()]) {
      assert.equal(isUnprotected(instance), false);
      assert.doesNotMatch(instanceRow(instance, now, english).description ?? '', /NOT PROTECTED/);
      assert.equal(alarmOf({ instances: [instance], balances: new Map(), caps: [], now }, english).level, 'none');
    }
  });

  it('is never called protected anywhere', () => {
    const figure = fc.oneof(fc.integer({ min: -1e6, max: 1e6 }), fc.constant(NaN));
    fc.assert(fc.property(fc.boolean(), figure, fc.boolean(), fc.option(fc.constantFrom('absent' as const, 'unreachable' as const), { nil: undefined }), fc.integer({ min: 0, max: 1e6 }), fc.boolean(), (armed, ageMs, isHeard, missing, ago, selfStop) => {
      const record = { ...(isHeard ? { heard: { status: status({ armed, ageMs }), at: now - ago } } : {}), ...(missing === undefined ? {} : { missing: { since: now - ago, why: missing } }) };
      const instance = guarded(guardView(record, selfStop, now));
      const said = guardLine(instance, now, english)?.figure ?? '';
      const isGood = selfStop && isHeard && armed && ageMs <= 90_000 && ago <= 5 * minuteMs && missing !== 'absent';
      assert.equal(/^(stops|destroys) it/.test(said), isGood, said);
      assert.equal(said.startsWith('not protected'), isUnprotected(instance));
    }));
  });
});

describe('the alarm', () => {
  const alarm = (guard: GuardView, change: Partial<FleetInstance> = {}) => alarmOf({ instances: [guarded(guard, change)], balances: new Map(), caps: [], now }, english);

  it('warns of a machine that bills and idles, and of one that is about to end', () => {
    assert.deepEqual(alarm(working({ idleMs: 12.5 * minuteMs })), { level: 'warning', reasons: ['sdxl-lora has been idle for 12 m.'] });
    assert.deepEqual(alarm(working({ idleMs: 9 * minuteMs })), { level: 'none', reasons: [] });
    assert.deepEqual(alarm(working({ phase: 'acting', reason: 'budget' })), { level: 'warning', reasons: ['The guard of sdxl-lora is about to end it.'] });
    assert.equal(alarm(working({ idleMs: 12 * minuteMs }), { state: 'stopped' }).level, 'none');
  });
});

describe('notes about guards', () => {
  it('say why, what it costs and what can be done', () => {
    const note = lossNote({ instance: guarded(working()), why: 'notArmed' }, now, english);
    assert.equal(note.text, 'sdxl-lora is not protected: its guard cannot reach Vast.ai. It costs $0.33/h, and only this editor ends it.');
    assert.deepEqual([note.level, note.buttons.map(({ id }) => id)], ['error', ['instances', 'stop', 'destroy']]);
    const silent = lossNote({ instance: guarded(bare('unreachable')), why: 'unreachable' }, now, english);
    assert.deepEqual([silent.level, silent.text], ['warning', 'sdxl-lora has not answered since 16:20: whether its guard works is not known. It costs $0.33/h.']);
    const unheard = unheardNote({ instance: guarded(bare('unreachable')), why: 'unreachable' }, now, english);
    assert.match(unheard.text, /^The guard of sdxl-lora has not heard of its new limits: it has not answered since 16:20, so nobody knows\./);
  });

  it('give the grace period a way on that fits the reason', () => {
    const grace = (reason: GuardReason, change: Partial<FleetInstance> = {}) => graceNote({ instance: guarded(working(), change), reason, leftMs: 150_000 }, english);
    assert.equal(grace('idle').text, 'sdxl-lora is stopped by its guard in 2 m 30 s: idle for 30 minutes.');
    assert.deepEqual(grace('idle').buttons.map(({ label }) => label), ['Keep it running', 'Stop now', 'Destroy']);
    assert.deepEqual(reasons.map((reason) => grace(reason).buttons[0]?.id), ['extend', 'extend', 'raise', 'keep', 'keep', 'keep', 'keep']);
    assert.match(grace('deadline', { limits: { ...limits, atLimit: 'destroy' } }).text, /^sdxl-lora is destroyed by its guard/);
    assert.match(grace('unclaimed').text, /^sdxl-lora is destroyed by its guard .*nobody came to use it/);
  });

  it('explain what happened, as surely as it is known', () => {
    const found = (end: Parameters<typeof endWords>[0]) => foundNote({ id: 'vast:77', name: 'sdxl-lora', provider: 'vast', limits, end }, now, english);
    const at = now - hourMs;
    const stopped = found({ how: 'stopped', reason: 'idle', sure: true, at });
    assert.deepEqual([stopped.text, stopped.buttons.map(({ id }) => id)], ['sdxl-lora: Stopped at 15:30 by its guard: idle for 30 minutes.', ['start', 'destroy']]);
    assert.equal(found({ how: 'stopped', reason: 'budget', sure: false, at }).text, 'sdxl-lora: Stopped, probably at 15:30 by its guard: its budget of $5.00 is used up.');
    const gone = found({ how: 'gone', reason: 'unclaimed', sure: false, at });
    assert.deepEqual([gone.text, gone.buttons], ['sdxl-lora: Destroyed, probably at 15:30 by its guard: nobody came to use it.', []]);
    assert.equal(found({ how: 'gone', reason: 'deadline', sure: true, at }).text, 'sdxl-lora: Destroyed at 15:30 by its guard: its lease is over.');
    assert.equal(found({ how: 'gone', sure: false, at }).text, 'sdxl-lora: Gone, and not by GPU Rental.');
    assert.equal(found({ how: 'stopped', sure: false, at }).text, 'sdxl-lora: Stopped, and not by GPU Rental.');
  });

  it('have words of their own for every reason', () => {
    assert.equal(new Set(reasons.map((reason) => reasonWords(reason, limits, english))).size, reasons.length - 1, 'use and deadline are one to a person');
    assert.equal(reasonWords('longIdle', limits, english), 'idle for 2 hours, though a window was open');
  });

  it('say whether a guard heard that it is to wait', () => {
    assert.equal(keptNote(guarded(working()), 'heard', english).text, 'sdxl-lora goes on.');
    assert.equal(keptNote(guarded(working()), 'unreachable', english).level, 'error');
  });

  it('cannot be rewritten by a name', () => {
    const evil = guarded(working(), { name: 'x\n$(zap)[y](command:z)', launch: launch() });
    for (const { text } of [lossNote({ instance: evil, why: 'stale' }, now, english), graceNote({ instance: evil, reason: 'idle', leftMs: 1 }, english), foundNote({ id: 'vast:77', name: evil.name, provider: 'vast', limits, end: { how: 'gone', sure: false, at: now } }, now, english)]) {
      assert.doesNotMatch(text, /\n|\]\(|\$\(/);
    }
  });
});
