import assert from 'node:assert/strict';
import fc from 'fast-check';
import { RentError } from '../../../src/domain/errors.ts';
import { usd } from '../../../src/domain/money.ts';
import { guardView, type GuardRecord } from '../../../src/domain/protection.ts';
import { createGuardMemory } from '../../../src/store/guardMemory.ts';
import { noStore } from '../../../src/store/noStore.ts';
import { openStore } from '../../../src/store/sqliteStore.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

const now = Date.UTC(2026, 10, 22, 12);
const record: GuardRecord = {
  heard: { status: { phase: 'grace', reason: 'idle', armed: true, ageMs: 4000, usedMs: 60_000, spent: usd(1), idleMs: 0, graceLeftMs: 1000, sshConnections: 1, tries: 0 }, at: now },
  unarmedSince: now, missing: { since: now, why: 'unreachable' }, ownEndAt: now, ended: { how: 'stopped', reason: 'idle', sure: true, at: now },
};

describe('the memory of guards', () => {
  it('is one for all windows, and outlives them', async () => {
    using folder = temporaryFolder();
    const [one, other] = [await openStore(folder.path, () => now), await openStore(folder.path, () => now)];
    const memory = createGuardMemory(one);
    assert.deepEqual([memory.record('a'), memory.workedAt('a')], [undefined, undefined]);
    memory.keep('a', record);
    memory.setWorkedAt('a', now);
    assert.deepEqual([createGuardMemory(other).record('a'), createGuardMemory(other).workedAt('a')], [record, now]);
    assert.deepEqual([memory.record('b'), memory.workedAt('b')], [undefined, undefined], 'each launch has its own');
    memory.keep('a', {});
    assert.deepEqual(createGuardMemory(other).record('a'), {});
    one.close();
    other.close();
    const later = await openStore(folder.path, () => now);
    assert.equal(createGuardMemory(later).workedAt('a'), now);
    later.close();
  });

  it('does not mix with what else the store keeps by name', async () => {
    using folder = temporaryFolder();
    const store = await openStore(folder.path, () => now);
    store.setNote('install', 'zzz');
    store.setNote('session', 'zzz');
    assert.deepEqual([store.session(), store.note('install')], [undefined, 'zzz']);
    assert.notEqual(store.install, 'zzz');
    store.close();
  });

  it('lasts as long as the window where nothing can be written', () => {
    const memory = createGuardMemory(noStore(new RentError('noJournal')));
    memory.keep('a', record);
    assert.deepEqual(memory.record('a'), record);
  });

  it('claims nothing of what cannot be read', () => {
    const kept = (text: string) => createGuardMemory({ note: () => text, setNote: () => undefined });
    for (const text of ['', 'null', '[]', '7', '{"heard":{"at":1}}', '{"heard":{"at":"x","status":{"ageMs":1}}}', '{"heard":null,"missing":7,"ownEndAt":"x","ended":{}}', JSON.stringify(record).slice(0, -9)]) {
      assert.deepEqual(kept(text).record('a'), {}, text);
    }
    assert.equal(kept('soon').workedAt('a'), undefined);
    fc.assert(fc.property(fc.json(), (text) => {
      assert.notEqual(guardView(kept(text).record('a'), true, now).protection, 'protected');
    }));
  });
});
