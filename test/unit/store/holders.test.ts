import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Holding, Store } from '../../../src/domain/store.ts';
import { openStore } from '../../../src/store/sqliteStore.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

let now = Date.UTC(2026, 10, 22, 12);

async function twoWindows(): Promise<{ one: Store; other: Store } & Disposable> {
  const folder = temporaryFolder();
  const one = await openStore(folder.path, () => now);
  const other = await openStore(folder.path, () => now);
  return {
    one, other,
    [Symbol.dispose]: () => {
      one.close();
      other.close();
      folder[Symbol.dispose]();
    },
  };
}

describe('the right to act', () => {
  it('belongs to one window, for each provider by itself', async () => {
    using windows = await twoWindows();
    assert.ok(windows.one.hold('vast', 'a', false));
    assert.equal(windows.other.hold('vast', 'b', false), undefined);
    assert.ok(windows.other.hold('runpod', 'b', false));
    assert.deepEqual([windows.other.holder('vast'), windows.one.holder('runpod')], ['a', 'b']);
  });

  it('passes on when its holder falls silent, and the old one knows when it wakes', async () => {
    using windows = await twoWindows();
    const old = windows.one.hold('vast', 'a', false) as Holding;
    now += 31_000;
    const taken = windows.other.hold('vast', 'b', false);
    assert.ok(taken && taken.generation > old.generation);
    assert.equal(windows.one.stillHeld(old), false);
    assert.equal(windows.one.hold('vast', 'a', false), undefined);
  });

  it('stays with a holder that says that it lives', async () => {
    using windows = await twoWindows();
    const first = windows.one.hold('vast', 'a', false);
    for (let i = 0; i < 10; i++) {
      now += 15_000;
      assert.deepEqual(windows.one.hold('vast', 'a', false), first);
      assert.equal(windows.other.hold('vast', 'b', false), undefined);
    }
  });

  it('passes on at once when it is given back, or when a person asks in another window', async () => {
    using windows = await twoWindows();
    windows.one.hold('vast', 'a', false);
    windows.one.release('a');
    assert.ok(windows.other.hold('vast', 'b', false));
    const insisted = windows.one.hold('vast', 'a', true);
    assert.ok(insisted && windows.one.stillHeld(insisted));
  });

  it('does not outlive its holder because a clock was set back', async () => {
    using windows = await twoWindows();
    windows.one.hold('vast', 'a', false);
    now -= 3_600_000;
    assert.ok(windows.other.hold('vast', 'b', false));
  });

  it('is never held twice, whatever the order of asking, silence and clocks', async () => {
    const step = fc.record({ owner: fc.constantFrom('a', 'b', 'c'), insist: fc.boolean(), pass: fc.integer({ min: -100_000, max: 100_000 }), release: fc.boolean() });
    using windows = await twoWindows();
    fc.assert(fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const held = new Map<string, Holding>();
      for (const { owner, insist, pass, release } of steps) {
        now += pass;
        const holding = windows.one.hold('vast', owner, insist);
        if (holding) held.set(owner, holding);
        if (release) windows.other.release(owner);
        const holders = [...held.values()].filter((one) => windows.other.stillHeld(one));
        assert.ok(holders.length <= 1);
      }
    }), { numRuns: 60 });
  });
});

describe('what another window wrote', () => {
  it('is noticed once', async () => {
    using windows = await twoWindows();
    windows.other.changedElsewhere();
    assert.equal(windows.other.changedElsewhere(), false);
    windows.one.setTurn('vast:1', now);
    assert.equal(windows.other.changedElsewhere(), true);
    assert.equal(windows.other.changedElsewhere(), false);
    windows.other.setTurn('vast:1', now + 1);
    assert.equal(windows.other.changedElsewhere(), false);
  });
});

describe('what was read before', () => {
  it('is read again as soon as any window has written, and not before', async () => {
    using windows = await twoWindows();
    const errands = windows.other.errands();
    assert.equal(windows.other.errands(), errands);
    windows.one.setErrand('vast:1', 'stop');
    assert.deepEqual(windows.other.errands(), [{ instanceId: 'vast:1', wish: 'stop' }]);
    windows.other.setErrand('vast:1', 'end');
    assert.deepEqual([windows.one, windows.other].map((window) => window.errands()[0]?.wish), ['end', 'end']);
  });

  it('is not kept of a piece of work that was taken back', async () => {
    using windows = await twoWindows();
    assert.throws(() => windows.one.atomically(() => {
      windows.one.setErrand('vast:1', 'stop');
      assert.equal(windows.one.errands().length, 1);
      throw new Error('no');
    }), /no/);
    assert.deepEqual(windows.one.errands(), []);
  });
});
