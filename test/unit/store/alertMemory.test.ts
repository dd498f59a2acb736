import assert from 'node:assert/strict';
import { mostAlerts, type Alert } from '../../../src/domain/alert.ts';
import { createAlertMemory } from '../../../src/store/alertMemory.ts';
import { anyAlerts } from '../../../src/store/anyAlerts.ts';
import { openStore } from '../../../src/store/sqliteStore.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

const now = Date.UTC(2026, 10, 22);
const alert = (id: string, change: Partial<Alert> = {}): Alert => ({ id, madeAt: now, filter: { diskGb: 40, gpu: 'RTX 4090' }, ...change });

async function twoWindows(work: (one: Awaited<ReturnType<typeof openStore>>, other: Awaited<ReturnType<typeof openStore>>) => void): Promise<void> {
  using folder = temporaryFolder();
  const [one, other] = [await openStore(folder.path, () => now), await openStore(folder.path, () => now)];
  work(one, other);
  one.close();
  other.close();
}

describe('alerts that are kept', () => {
  it('are the same in every window, and in the next life', () => twoWindows((one, other) => {
    const [mine, theirs] = [createAlertMemory(one), createAlertMemory(other)];
    assert.deepEqual([anyAlerts(one), mine.alerts()], [false, []]);
    assert.ok(mine.add(alert('a')) && theirs.add(alert('b')));
    assert.deepEqual([mine.alerts(), theirs.alerts()], [[alert('a'), alert('b')], [alert('a'), alert('b')]]);
    assert.ok(anyAlerts(other));
    theirs.update(alert('a', { seenAt: 5, since: 5 }));
    mine.remove('b');
    assert.deepEqual(theirs.alerts(), [alert('a', { seenAt: 5, since: 5 })]);
    mine.remove('a');
    assert.deepEqual([anyAlerts(one), anyAlerts(other)], [false, false]);
  }));

  it('stay away once they are removed, whatever another window still finds', () => twoWindows((one, other) => {
    const [mine, theirs] = [createAlertMemory(one), createAlertMemory(other)];
    mine.add(alert('a'));
    mine.remove('a');
    theirs.update(alert('a', { seenAt: 5 }));
    assert.deepEqual(mine.alerts(), []);
  }));

  it('are a few at most', () => twoWindows((one) => {
    const memory = createAlertMemory(one);
    const added = Array.from({ length: mostAlerts + 3 }, (_, index) => memory.add(alert(String(index))));
    assert.deepEqual([added.filter(Boolean).length, memory.alerts().length], [mostAlerts, mostAlerts]);
  }));

  it('are looked for by one window at a time, also when a clock was set back', () => twoWindows((one, other) => {
    const [mine, theirs] = [createAlertMemory(one), createAlertMemory(other)];
    assert.deepEqual([mine.claim(now, 1000), theirs.claim(now + 999, 1000), theirs.claim(now + 1000, 1000), mine.claim(now + 1500, 1000), mine.claim(now - 5000, 1000)], [true, false, true, false, true]);
  }));

  it('that cannot be read are left out, and the others are not', () => twoWindows((one) => {
    const memory = createAlertMemory(one);
    one.setNote('alerts', JSON.stringify([alert('a'), { id: 5 }, null, 'x', alert('b', { filter: null as never }), alert('c', { since: 'x' as never }), { ...alert('d'), filter: {} }]));
    assert.deepEqual(memory.alerts(), [alert('a')]);
    for (const torn of ['', '{', '{}', '"x"']) {
      one.setNote('alerts', torn);
      assert.deepEqual(memory.alerts(), [], torn);
    }
  }));
});
