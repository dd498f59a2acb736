import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { SeenInstance } from '../../../src/domain/instance.ts';
import { usd, usdPerHour } from '../../../src/domain/money.ts';
import { Meter } from '../../../src/services/meter.ts';
import { noStore } from '../../../src/store/noStore.ts';
import { RentError } from '../../../src/domain/errors.ts';
import { FakeClock } from '../../fakes/fakeClock.ts';

const hour = 3_600_000;
const id = 'vast:1' as const;
const rates = { running: usdPerHour(1), stopped: usdPerHour(0.1) };
const seen = (change: Partial<SeenInstance> = {}): SeenInstance => ({
  id, provider: 'vast', key: '1', label: '', gpu: 'RTX 4090', gpuCount: 1, vramGb: 24, place: '', kind: 'on-demand', diskGb: 40,
  state: 'ready', outbid: false, rates, endpoints: [], statusText: '', ...change,
});

function meter() {
  const clock = new FakeClock();
  const store = noStore(new RentError('noJournal'));
  const meter = new Meter(store, clock);
  // As the fleet does it: a look is kept, metered and shown; a departure likewise.
  const observe = meter.observe.bind(meter);
  meter.observe = (look, at, since, endedBy) => {
    if (store.keep({ seen: look, at })) observe(look, at, since, endedBy);
    meter.sync();
  };
  const ended = meter.ended.bind(meter);
  meter.ended = (gone, at, endedBy, everyMs) => {
    ended(gone, at, endedBy, everyMs);
    store.depart(gone, at);
    meter.sync();
  };
  return { clock, store, meter, start: clock.now() };
}

describe('meter', () => {
  it('charges from the creation, at the rate of each state, up to the last word and on to now', () => {
    const { meter: it, clock, start } = meter();
    it.observe(seen(), start, start - hour);
    assert.equal(it.spentOn(id), usd(1));
    clock.advance(hour / 2);
    assert.equal(it.spentOn(id), usd(1.5));
    it.observe(seen(), clock.now(), start);
    assert.equal(it.spentOn(id), usd(1.5));
  });

  it('changes the rate where our own stop was accepted, not at the next poll', () => {
    const { meter: it, clock, start } = meter();
    it.observe(seen(), start, start);
    it.turned(id, start + hour);
    clock.advance(3 * hour);
    it.observe(seen({ state: 'stopped' }), clock.now(), start);
    assert.equal(it.spentOn(id), usd(1 + 0.2));
  });

  it('changes the rate where our own stop was accepted, also in the moment of the last look', () => {
    const { meter: it, clock, start } = meter();
    it.observe(seen(), start, start);
    it.turned(id, start);
    clock.advance(8 * hour);
    it.observe(seen({ state: 'stopped' }), clock.now(), start);
    assert.equal(it.spentOn(id), usd(0.8));
  });

  it('takes the dearer reading for a stop that nobody saw', () => {
    const { meter: it, clock, start } = meter();
    it.observe(seen(), start, start);
    clock.advance(8 * hour);
    it.observe(seen({ state: 'stopped' }), clock.now(), start);
    assert.equal(it.spentOn(id), usd(8));
  });

  it('takes the provider word on when it started again, else the dearer reading', () => {
    for (const [startedAt, expected] of [[hour, 0.1 + 1], [undefined, 2]] as const) {
      const { meter: it, clock, start } = meter();
      it.observe(seen({ state: 'stopped' }), start, start);
      clock.advance(2 * hour);
      it.observe(seen(startedAt === undefined ? {} : { startedAt: start + startedAt }), clock.now(), start);
      assert.equal(it.spentOn(id), usd(expected));
    }
  });

  it('splits at a price change', () => {
    const { meter: it, clock, start } = meter();
    it.observe(seen(), start, start);
    clock.advance(hour);
    it.observe(seen(), clock.now(), start);
    clock.advance(hour);
    it.observe(seen({ rates: { ...rates, running: usdPerHour(0.5) } }), clock.now(), start);
    clock.advance(hour);
    it.observe(seen({ rates: { ...rates, running: usdPerHour(0.5) } }), clock.now(), start);
    assert.equal(it.spentOn(id), usd(1 + 1 + 0.5));
  });

  it('stops at the end, and at the accepted end if that was earlier', () => {
    const { meter: it, clock, start } = meter();
    it.observe(seen(), start, start);
    clock.advance(hour);
    it.turned(id, clock.now());
    clock.advance(hour);
    it.ended(id, clock.now());
    clock.advance(hour);
    assert.equal(it.spentOn(id), usd(1));
  });

  it('charges whole what began of each stretch, from when it began to cost, and never less than it did', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 10 * hour }), fc.integer({ min: 0, max: 10 * hour }), fc.constantFrom(1, 1000, 60_000, hour), (bootMs, runMs, everyMs) => {
      const { meter: it, store, clock, start } = meter();
      const booting = seen({ state: 'starting', rates: { ...rates, starting: usdPerHour(0) } });
      it.observe(booting, start, start);
      clock.advance(bootMs);
      it.observe(booting, clock.now(), start);
      const from = clock.now();
      clock.advance(1);
      it.observe(seen(), clock.now(), start);
      clock.advance(runMs);
      it.ended(id, clock.now(), Infinity, everyMs);
      const last = store.last(id) ?? { from: 0, to: 0 };
      assert.deepEqual([last.from, (last.to - last.from) % everyMs, last.to - clock.now() < everyMs && last.to >= clock.now()], [from, 0, true]);
    }));
  });

  it('does not bill a night that nobody watched, where it must have ended by itself', () => {
    for (const [what, expected] of [['stopped', 1 + 0.7], ['gone', 1]] as const) {
      const { meter: it, store, clock, start } = meter();
      it.observe(seen(), start, start);
      clock.advance(8 * hour);
      if (what === 'gone') it.ended(id, clock.now(), start + hour);
      else {
        store.keep({ seen: seen({ state: 'stopped' }), at: clock.now() });
        it.observe(seen({ state: 'stopped' }), clock.now(), start, start + hour);
      }
      assert.equal(it.spentOn(id), usd(expected));
    }
  });

  it('takes no time from what an earlier life has seen: it may be days old', () => {
    const { store, clock, start } = meter();
    store.keep({ seen: seen(), at: start - 48 * hour });
    const later = new Meter(store, clock);
    clock.advance(hour);
    assert.equal(later.providerNow(), clock.now());
    assert.equal(later.spentOn(id), usd(0));
    store.keep({ seen: seen(), at: start - hour });
    later.sync();
    clock.advance(hour);
    assert.equal(later.providerNow(), start);
  });

  it('takes no time back for an answer that comes late, and follows a provider whose clock was set', () => {
    const { meter: it, clock, start } = meter();
    it.observe(seen(), start, start);
    clock.advance(60_000);
    it.observe(seen(), start + 35_000, start);
    assert.equal(it.providerNow(), start + 60_000);
    assert.ok(Math.abs(it.spentOn(id) - usd(1) / 60) <= 1, 'nor for what it cost since');
    clock.advance(5000);
    it.observe(seen(), start + 65_000, start);
    assert.equal(it.providerNow(), start + 65_000);
    clock.advance(10 * 60_000);
    it.observe(seen(), start + 120_000, start);
    assert.equal(it.providerNow(), start + 120_000);
  });

  it('is not moved by our clock, only by the provider', () => {
    const { meter: it, clock, start } = meter();
    it.observe(seen(), start, start);
    clock.advance(-365 * 24 * hour);
    assert.equal(it.spentOn(id), usd(0));
    it.observe(seen(), start + hour, start);
    assert.equal(it.spentOn(id), usd(1));
  });

  it('ignores an answer that is older than one it has', () => {
    const { meter: it, start } = meter();
    it.observe(seen(), start + hour, start);
    it.observe(seen({ state: 'stopped' }), start, start);
    assert.equal(it.spentOn(id), usd(1));
  });

  it('shows the same after a reload', () => {
    const { meter: it, store, clock, start } = meter();
    it.observe(seen(), start, start - hour);
    const reloaded = new Meter(store, clock);
    assert.equal(reloaded.spentOn(id), usd(1));
    clock.advance(hour);
    reloaded.observe(seen(), clock.now(), start);
    assert.equal(reloaded.spentOn(id), usd(2));
  });

  it('gives way to the provider charges of what it metered, and takes no others', () => {
    const { meter: it, clock, start } = meter();
    it.observe(seen(), start, start - 2 * hour);
    it.settle('vast', [
      { instanceKey: '1', from: start - 2 * hour, to: start - hour, amount: usd(0.7) },
      { instanceKey: '99', from: start - 2 * hour, to: start, amount: usd(50) },
    ]);
    assert.equal(it.spentOn(id), usd(1.7));
    assert.equal(it.totals().reconciledTo, start - hour);
    assert.ok(it.totals().everRan);
    assert.ok(clock.now() === start);
  });

  it('keeps a session over a reload, and begins a new one after a long pause without anything alive', () => {
    const { meter: it, store, clock, start } = meter();
    it.touchSession(false);
    clock.advance(10 * 60_000);
    it.touchSession(false);
    assert.equal(store.session()?.startedAt, start);
    clock.advance(8 * hour);
    it.touchSession(true);
    assert.equal(store.session()?.startedAt, start);
    clock.advance(8 * hour);
    it.touchSession(false);
    assert.equal(store.session()?.startedAt, clock.now());
  });

  it('never shows less than before while time passes and states change', () => {
    const step = fc.record({ ms: fc.integer({ min: 0, max: hour }), state: fc.constantFrom('starting' as const, 'ready' as const, 'stopped' as const), told: fc.boolean() });
    fc.assert(fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const { meter: it, clock, start } = meter();
      it.observe(seen({ state: 'starting' }), start, start);
      let before = it.spentOn(id);
      let ms = 0;
      for (const { ms: pause, state, told } of steps) {
        if (told) it.turned(id, clock.now());
        clock.advance(pause);
        ms += pause;
        it.observe(seen({ state }), clock.now(), start);
        // A stop that is learned of takes back what was counted on since the accepted stop.
        if (!told) assert.ok(it.spentOn(id) >= before - 1);
        before = it.spentOn(id);
        assert.ok(before <= ms / hour * 1e6 + steps.length && before >= ms / hour * 0.1e6 - steps.length);
      }
    }));
  });
});
