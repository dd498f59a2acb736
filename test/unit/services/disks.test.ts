import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isRentError, RentError, type ErrorCode } from '../../../src/domain/errors.ts';
import { formatUsd } from '../../../src/domain/money.ts';
import type { ProviderId } from '../../../src/domain/offer.ts';
import type { Provider } from '../../../src/domain/provider.ts';
import { isVolumeName, volumesPerMonth } from '../../../src/domain/volume.ts';
import { Disks } from '../../../src/services/disks.ts';
import { FakeLog } from '../../fakes/fakeLog.ts';
import { FakeProvider } from '../../fakes/fakeProvider.ts';
import { site, volume } from '../../fakes/fakeVolumes.ts';
import { offer } from '../../fakes/offers.ts';
import { FakeClock } from '../../fakes/fakeClock.ts';

const never = (): AbortSignal => new AbortController().signal;
const withCode = (...codes: ErrorCode[]) => (error: unknown): boolean => isRentError(error, ...codes);

function bench(): { disks: Disks; runpod: FakeProvider; vast: FakeProvider; signedIn: Set<ProviderId>; clock: FakeClock } {
  const clock = new FakeClock();
  const [runpod, vast] = [new FakeProvider(clock, 'runpod'), new FakeProvider(clock, 'vast')];
  const signedIn = new Set<ProviderId>(['vast', 'runpod']);
  const providers = new Map<ProviderId, Provider>([['vast', vast], ['runpod', runpod]]);
  return { disks: new Disks({ providers, signedIn: (id) => signedIn.has(id), clock, log: new FakeLog() }), runpod, vast, signedIn, clock };
}
const order = { site: site(), name: 'datasets', sizeGb: 100 };
const creates = ({ volumes }: FakeProvider): number => volumes.calls.filter((call) => call.startsWith('create')).length;

describe('the account\'s disks', () => {
  it('are those of every provider that one is signed in to, and what failed is named', async () => {
    const { disks, runpod, vast, signedIn } = bench();
    runpod.volumes.volumes = [volume()];
    vast.volumes.volumes = [volume({ id: 'vast:1', provider: 'vast', key: '1' })];
    await disks.refresh(never());
    assert.deepEqual(disks.volumes.map(({ id }) => id).toSorted(), ['runpod:vol1', 'vast:1']);
    vast.volumes.lists.push(new RentError('network'));
    await disks.refresh(never());
    assert.deepEqual([disks.volumes.length, disks.problems.map(({ provider, error }) => [provider, error.code])], [2, [['vast', 'network']]]);
    signedIn.delete('vast');
    await disks.refresh(never());
    assert.deepEqual([disks.volumes.map(({ id }) => id), disks.problems], [['runpod:vol1'], []]);
  });

  it('are looked at again only after a while, or when somebody signs in', async () => {
    const { disks, runpod, vast, signedIn, clock } = bench();
    signedIn.delete('vast');
    const lists = (): number => runpod.volumes.calls.length + vast.volumes.calls.length;
    for (let i = 0; i < 5; i++) await disks.glance(never());
    assert.equal(lists(), 1);
    signedIn.add('vast');
    await disks.glance(never());
    assert.equal(lists(), 3);
    clock.advance(601_000);
    await disks.glance(never());
    assert.equal(lists(), 5);
  });

  it('are made by one request and are there afterwards', async () => {
    const { disks, runpod } = bench();
    const made = await disks.create(order, never());
    assert.deepEqual([made.name, made.sizeGb, disks.volumes.map(({ name }) => name), creates(runpod)], ['datasets', 100, ['datasets'], 1]);
  });

  it('are found by their name when the answer was lost, and never asked for twice', async () => {
    const { disks, runpod } = bench();
    runpod.volumes.creates.push('lostAfter');
    assert.equal((await disks.create(order, never())).name, 'datasets');
    assert.deepEqual([creates(runpod), runpod.volumes.volumes.length], [1, 1]);
  });

  it('were not made when whole lists go on saying so, and may have been when they do not', async () => {
    const { disks, runpod } = bench();
    runpod.volumes.creates.push('lost');
    await assert.rejects(disks.create(order, never()), withCode('notCreated'));
    runpod.volumes.creates.push('lost');
    runpod.volumes.lists.push('ok', ...Array.from({ length: 6 }, () => 'partial' as const));
    await assert.rejects(disks.create(order, never()), withCode('uncertain'));
    assert.equal(creates(runpod), 2);
  });

  it('are not asked for under a name that is taken, nor where the list is not whole', async () => {
    const { disks, runpod } = bench();
    runpod.volumes.volumes = [volume()];
    await assert.rejects(disks.create(order, never()), withCode('notAllowed'));
    runpod.volumes.lists.push('partial');
    await assert.rejects(disks.create({ ...order, name: 'other' }, never()), withCode('badResponse'));
    await assert.rejects(disks.create({ ...order, name: 'other' }, AbortSignal.abort()), { name: 'AbortError' });
    assert.equal(creates(runpod), 0);
  });

  it('pass a clear refusal on at once', async () => {
    const { disks, runpod } = bench();
    runpod.volumes.creates.push(new RentError('noCredit'));
    await assert.rejects(disks.create(order, never()), withCode('noCredit'));
    assert.equal(runpod.volumes.calls.filter((call) => call === 'list').length, 1);
  });

  it('are gone when they are listed no more, and not before', async () => {
    const { disks, runpod } = bench();
    const kept = volume({ id: 'runpod:2', key: '2', name: 'kept' });
    runpod.volumes.volumes = [volume(), kept];
    await disks.refresh(never());
    runpod.volumes.lingers = 2;
    await disks.remove(volume());
    assert.deepEqual(disks.volumes, [kept]);
    runpod.volumes.lingers = 99;
    await assert.rejects(disks.remove(kept), withCode('uncertain'));
    assert.deepEqual(disks.volumes, [kept], 'it is shown for as long as it may cost');
  });

  it('stay while a machine uses them', async () => {
    const { disks, runpod } = bench();
    runpod.volumes.volumes = [volume({ usedBy: ['1'] })];
    await assert.rejects(disks.remove(volume()), withCode('notAllowed'));
  });

  it('never become two, whatever goes wrong on the way', async () => {
    const outcome = fc.constantFrom('ok' as const, 'lost' as const, 'lostAfter' as const);
    const list = fc.oneof(fc.constantFrom('ok' as const, 'partial' as const), fc.constantFrom<ErrorCode>('network', 'serverError', 'rateLimited').map((code) => new RentError(code)));
    await fc.assert(fc.asyncProperty(outcome, fc.array(list, { maxLength: 9 }), async (create, lists) => {
      const { disks, runpod } = bench();
      runpod.volumes.creates.push(create);
      runpod.volumes.lists.push(...lists);
      const said = await disks.create(order, never()).then(() => 'made', (error: unknown) => (isRentError(error) ? error.code : assert.fail(String(error))));
      const there = runpod.volumes.volumes.length;
      assert.ok(creates(runpod) <= 1 && there <= 1);
      if (said === 'made') assert.equal(there, 1);
      if (said === 'notCreated') assert.equal(there, 0);
    }), { numRuns: 300 });
  });

  it('fit where their provider says so', () => {
    const { disks } = bench();
    assert.ok(disks.fits(offer({ provider: 'runpod', place: 'EU-RO-1' }), volume()));
    assert.ok(!disks.fits(offer({ provider: 'runpod', place: 'US-KS-2' }), volume()));
    assert.ok(!disks.fits(offer({ provider: 'vast', place: 'EU-RO-1' }), volume()));
    assert.equal(disks.folder('runpod'), '/workspace');
  });
});

describe('what disks cost', () => {
  it('is a sum by the month, of those whose price is known', () => {
    const { rate, ...unpriced } = volume();
    assert.ok(rate);
    assert.equal(formatUsd(volumesPerMonth([volume(), volume(), unpriced])), '$14.00');
    assert.equal(volumesPerMonth([]), 0);
  });
});

describe('a disk\'s name', () => {
  it('is what both providers take', () => {
    for (const name of ['a', 'data_1', 'X'.repeat(64)]) assert.ok(isVolumeName(name));
    for (const name of ['', 'a b', 'a-b', 'a:b', 'ü', 'X'.repeat(65), 'a\n']) assert.ok(!isVolumeName(name), name);
  });
});
