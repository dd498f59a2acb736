import assert from 'node:assert/strict';
import { usd } from '../../../src/domain/money.ts';
import { commandIds, registerCommands, type AllHandlers } from '../../../src/ui/commandIds.ts';
import { createContextKeys } from '../../../src/ui/contextKeys.ts';
import { createKeys } from '../../../src/ui/secrets.ts';
import { createSettings, settingDefaults } from '../../../src/ui/settings.ts';

describe('commands', () => {
  it('are registered once each, and hand their failures over', async () => {
    const registered = new Map<string, (argument?: unknown) => unknown>();
    const failures: unknown[] = [];
    const boom = new Error('boom');
    const calls: unknown[] = [];
    const handlers = Object.fromEntries(commandIds.map((id) => [id, (argument: unknown) => {
      if (id === 'gpuRental.log.show') throw boom;
      if (id === 'gpuRental.spend.show') return Promise.reject(boom);
      calls.push([id, argument]);
    }])) as AllHandlers;
    const registration = registerCommands(handlers, (id, handler) => {
      assert.ok(!registered.has(id));
      registered.set(id, handler);
      return { dispose: () => registered.delete(id) };
    }, (error) => failures.push(error));
    assert.deepEqual([...registered.keys()].toSorted(), [...commandIds].toSorted());
    await registered.get('gpuRental.log.show')?.();
    await registered.get('gpuRental.spend.show')?.();
    await registered.get('gpuRental.offer.rent')?.('offer/vast:1');
    assert.deepEqual(failures, [boom, boom]);
    assert.deepEqual(calls, [['gpuRental.offer.rent', 'offer/vast:1']]);
    registration.dispose();
    assert.equal(registered.size, 0);
  });

  it('are named after a thing and a deed', () => {
    for (const id of commandIds) assert.match(id, /^gpuRental\.[a-z]+\.[a-z][A-Za-z]*$/);
    assert.equal(new Set(commandIds).size, commandIds.length);
  });
});

describe('context keys', () => {
  it('are sent only when they change', () => {
    const sent: unknown[] = [];
    const set = createContextKeys((...args) => sent.push(args));
    set('gpuRental.filtered', true);
    set('gpuRental.filtered', true);
    set('gpuRental.offers', 'empty');
    set('gpuRental.filtered', false);
    assert.deepEqual(sent, [['setContext', 'gpuRental.filtered', true], ['setContext', 'gpuRental.offers', 'empty'], ['setContext', 'gpuRental.filtered', false]]);
  });
});

describe('settings', () => {
  const settings = (values: Record<string, unknown>) => createSettings((id) => values[id]);

  it('have defaults that hold when nothing is set', () => {
    const { limits, caps, openIn, endpoint, image } = settings({});
    assert.deepEqual([limits, caps], [{ budget: usd(5), leaseHours: 8, idleMinutes: 30, atLimit: 'stop', diskGb: 40 }, { session: usd(0), month: usd(0) }]);
    assert.deepEqual([openIn, endpoint('vast'), endpoint('runpod'), image('vast')], ['newWindow', 'https://console.vast.ai', 'https://api.runpod.io', undefined]);
  });

  it('never let nonsense through to money and time', () => {
    for (const bad of [0, -1, NaN, Infinity, 1e12, '5', null, {}]) {
      const { limits } = settings({ 'gpuRental.limits.budgetUsd': bad, 'gpuRental.limits.leaseHours': bad, 'gpuRental.limits.idleMinutes': bad === 0 ? -1 : bad, 'gpuRental.limits.atLimit': bad, 'gpuRental.limits.diskGb': bad });
      assert.deepEqual(limits, { budget: usd(5), leaseHours: 8, idleMinutes: 30, atLimit: 'stop', diskGb: 40 }, String(bad));
      assert.deepEqual(settings({ 'gpuRental.limits.sessionUsd': bad, 'gpuRental.limits.monthUsd': bad }).caps, { session: usd(0), month: usd(0) }, String(bad));
    }
  });

  it('are read at every look', () => {
    const values: Record<string, unknown> = { 'gpuRental.limits.budgetUsd': 2.5, 'gpuRental.limits.leaseHours': 0.5, 'gpuRental.limits.idleMinutes': 0, 'gpuRental.limits.atLimit': 'destroy', 'gpuRental.limits.diskGb': 20.4, 'gpuRental.limits.monthUsd': 20, 'gpuRental.openIn': 'currentWindow', 'gpuRental.image.vast': ' my/image ' };
    const live = settings(values);
    assert.deepEqual([live.limits, live.openIn, live.image('vast')], [{ budget: usd(2.5), leaseHours: 0.5, idleMinutes: 0, atLimit: 'destroy', diskGb: 20 }, 'currentWindow', 'my/image']);
    values['gpuRental.openIn'] = 'sideways';
    assert.deepEqual(live.caps, { session: usd(0), month: usd(20) });
    values['gpuRental.limits.budgetUsd'] = 3;
    assert.deepEqual([live.openIn, live.limits.budget], ['newWindow', usd(3)]);
  });

  it('cover every setting', () => {
    assert.ok(Object.keys(settingDefaults).every((id) => id.startsWith('gpuRental.')));
  });
});

describe('keys', () => {
  it('belong to the origin they were entered for', async () => {
    const kept = new Map<string, string>();
    const drawer = { get: async (key: string) => kept.get(key), store: async (key: string, value: string) => void kept.set(key, value), delete: async (key: string) => void kept.delete(key) };
    let endpoint = 'https://console.vast.ai/api/v0';
    const keys = createKeys(drawer, () => endpoint);
    await keys.set('vast', 'k1');
    endpoint = 'https://console.vast.ai';
    assert.equal(await keys.get('vast'), 'k1', 'a path is no other origin');
    assert.equal(await keys.get('runpod'), undefined);
    for (const other of ['http://console.vast.ai', 'https://console.vast.ai:8443', 'https://console.vast.ai.evil.example', 'https://evil.example/https://console.vast.ai']) {
      endpoint = other;
      assert.equal(await keys.get('vast'), undefined, other);
      await keys.delete('vast');
    }
    endpoint = 'https://CONSOLE.vast.ai/';
    assert.equal(await keys.get('vast'), 'k1');
    await keys.delete('vast');
    assert.equal(kept.size, 0);
  });
});
