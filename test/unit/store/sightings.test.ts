import assert from 'node:assert/strict';
import type { SeenInstance } from '../../../src/domain/instance.ts';
import { usdPerHour } from '../../../src/domain/money.ts';
import { openStore } from '../../../src/store/sqliteStore.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

const at = Date.UTC(2026, 10, 22, 12);
const seen = (change: Partial<SeenInstance> = {}): SeenInstance => ({
  id: 'vast:1', provider: 'vast', key: '1', label: 'x', gpu: 'RTX 4090', gpuCount: 1, vramGb: 24, place: 'Norway', kind: 'on-demand',
  diskGb: 40, state: 'ready', outbid: false, rates: { running: usdPerHour(0.3), stopped: usdPerHour(0.02) }, endpoints: [], statusText: '', ...change,
});

async function withStore(work: (store: Awaited<ReturnType<typeof openStore>>) => void): Promise<void> {
  using folder = temporaryFolder();
  const store = await openStore(folder.path, () => at);
  work(store);
  store.close();
}

describe('what was seen', () => {
  it('comes back as it was, the newest look of each machine', () => withStore((store) => {
    assert.equal(store.keep({ seen: seen(), at }), true);
    assert.equal(store.keep({ seen: seen({ state: 'stopped' }), at: at + 1000 }), true);
    assert.equal(store.keep({ seen: seen(), at }), false);
    assert.deepEqual(store.sightings(), [{ seen: seen({ state: 'stopped' }), at: at + 1000 }]);
  }));

  it('takes a second look of the same second: providers tell no milliseconds', () => withStore((store) => {
    store.keep({ seen: seen({ state: 'starting' }), at });
    assert.equal(store.keep({ seen: seen(), at }), true);
    assert.equal(store.sightings()[0]?.seen.state, 'ready');
  }));

  it('is not brought back by a look from before it went', () => withStore((store) => {
    store.keep({ seen: seen(), at });
    store.depart('vast:1', at + 5000);
    assert.equal(store.keep({ seen: seen(), at: at + 4000 }), false);
    assert.equal(store.keep({ seen: seen(), at: at + 5000 }), false);
    assert.deepEqual(store.sightings(), []);
    assert.equal(store.keep({ seen: seen(), at: at + 6000 }), true);
  }));

  it('knows whether anything lives, and the label of what has departed', () => withStore((store) => {
    assert.equal(store.anythingLive(), false);
    store.keep({ seen: seen(), at });
    assert.equal(store.anythingLive(), true);
    store.depart('vast:1', at);
    assert.deepEqual([store.anythingLive(), store.labelOf('vast:1'), store.labelOf('vast:2')], [false, 'x', undefined]);
    store.setErrand('vast:1', 'end');
    assert.equal(store.anythingLive(), true);
  }));

  it('counts absences until they are taken back', () => withStore((store) => {
    assert.equal(store.absence('l'), undefined);
    store.setAbsence('l', { looks: 2, since: 1, last: 9 });
    assert.deepEqual(store.absence('l'), { looks: 2, since: 1, last: 9 });
    store.setAbsence('l', undefined);
    assert.equal(store.absence('l'), undefined);
  }));

  it('remembers what was heard of each provider', () => withStore((store) => {
    store.hear({ provider: 'vast', at: 1 });
    store.hear({ provider: 'vast', at: 2, problem: 'network' });
    store.hear({ provider: 'runpod', at: 3 });
    assert.deepEqual(store.hearings().toSorted((a, b) => a.at - b.at), [{ provider: 'vast', at: 2, problem: 'network' }, { provider: 'runpod', at: 3 }]);
  }));

  it('keeps all of a piece of work or nothing', () => withStore((store) => {
    assert.throws(() => store.atomically(() => {
      store.setTurn('vast:1', 5);
      store.atomically(() => store.setTurn('vast:2', 6));
      throw new Error('in the middle');
    }));
    assert.deepEqual([store.turn('vast:1'), store.turn('vast:2')], [undefined, undefined]);
  }));
});
