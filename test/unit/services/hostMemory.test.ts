import assert from 'node:assert/strict';
import { isAbort, RentError } from '../../../src/domain/errors.ts';
import type { HostTrouble } from '../../../src/domain/hostMemory.ts';
import { usd, usdPerHour } from '../../../src/domain/money.ts';
import type { Offer, OfferId } from '../../../src/domain/offer.ts';
import { hostHistory } from '../../../src/services/hostHistory.ts';
import { createInsight } from '../../../src/services/insight.ts';
import { testCore, type TestCore } from '../../fakes/core.ts';
import { offer } from '../../fakes/offers.ts';

const dayMs = 24 * 3_600_000;
const limits = { budget: usd(50), leaseEndsAt: Date.UTC(2027, 0, 1) };
const never = new AbortController().signal;
const its: Partial<Offer> = { details: { machineId: '7', hostId: '9' } };
const rented = offer(its);

async function rent(core: TestCore, change: Partial<Offer> = {}, signal = never): Promise<unknown> {
  return core.rentals.rent({ offer: offer({ ...its, ...change }), image: 'i', name: '', limits }, () => undefined, signal).then(() => undefined, (error: unknown) => error);
}
const troubles = (core: TestCore): HostTrouble[] => core.hosts.incidents.map(({ trouble }) => trouble);

describe('what is remembered of a host', () => {
  it('is nothing when all went well, and where it cannot be told again', async () => {
    using core = await testCore();
    assert.equal(await rent(core), undefined);
    core.provider.looksToReady = Infinity;
    assert.ok(await rent(core, { id: 'vast:2' as OfferId, details: {} }) instanceof RentError);
    assert.deepEqual(core.hosts.incidents, []);
  });

  it('is that a machine never became ready, and shows on every offer of it until its time is over', async () => {
    using core = await testCore();
    let told = 0;
    core.hosts.onDidChange(() => told++);
    core.provider.looksToReady = Infinity;
    assert.ok(await rent(core) instanceof RentError);
    const at = core.hosts.incidentOf(rented)?.at ?? 0;
    assert.deepEqual(core.hosts.incidentOf(offer({ ...its, id: 'vast:99' as OfferId, gpuCount: 4 })), { launchId: core.store.launches()[0]?.id, host: 'vast:machine-7', trouble: 'neverReady', at, until: at + 14 * dayMs });
    assert.equal(core.hosts.incidentOf(offer({ details: { machineId: '8' } })), undefined);
    assert.equal(told, 1);
    core.clock.advance(14 * dayMs);
    assert.equal(core.hosts.incidentOf(rented), undefined);
  });

  it('is that it let nobody in', async () => {
    for (const code of ['sshUnreachable', 'sshRefused'] as const) {
      using core = await testCore();
      core.ssh.fail = new RentError(code);
      assert.ok(await rent(core) instanceof RentError);
      assert.deepEqual(troubles(core), ['noSsh']);
    }
  });

  it('is not what was the image’s doing, the market’s, the price’s, or the person’s', async () => {
    using image = await testCore();
    image.provider.scripts.get.push(() => { image.provider.set('1', { state: 'failed', statusText: 'manifest unknown' }); return 'ok'; });
    assert.ok(await rent(image) instanceof RentError);
    using market = await testCore();
    market.provider.scripts.get.push(() => { market.provider.set('1', { state: 'stopped', outbid: true }); return 'ok'; });
    assert.ok(await rent(market, { kind: 'interruptible' }) instanceof RentError);
    using price = await testCore();
    price.provider.rate = usdPerHour(3);
    assert.ok(await rent(price) instanceof RentError);
    using person = await testCore();
    const cancel = new AbortController();
    person.ssh.onReach = () => cancel.abort();
    assert.ok(isAbort(await rent(person, {}, cancel.signal)));
    for (const core of [image, market, price, person]) assert.deepEqual(troubles(core), []);
  });

  it('is not that somebody ended it before it was ready', async () => {
    using core = await testCore();
    core.ssh.onReach = () => {
      core.store.mark(core.store.launches()[0]?.id ?? '', 'ending');
      throw new RentError('sshUnreachable');
    };
    assert.ok(await rent(core) instanceof RentError);
    assert.deepEqual(troubles(core), []);
  });

  it('is not that a machine which worked once cannot be reached now', async () => {
    using core = await testCore();
    await rent(core);
    core.ssh.fail = new RentError('sshUnreachable');
    await assert.rejects(core.rentals.connect('vast:1', () => undefined, never));
    assert.deepEqual(troubles(core), []);
  });

  it('is that its driver names another GPU, once, however often somebody connects', async () => {
    using core = await testCore();
    core.ssh.gpus = ['NVIDIA GeForce RTX 3060'];
    assert.equal(await rent(core), undefined, 'the machine is there and is the person’s to end');
    await core.rentals.connect('vast:1', () => undefined, never);
    assert.deepEqual(troubles(core), ['otherGpu']);
    using honest = await testCore();
    honest.ssh.gpus = ['NVIDIA GeForce RTX 4090'];
    await rent(honest);
    assert.deepEqual(troubles(honest), []);
  });

  it('is that what it fetched came far slower than its network is said to be', async () => {
    const gb = 1e9;
    for (const [downMbps, bytes, seconds, slow] of [[1000, 2 * gb, 800, true], [1000, 2 * gb, 200, false], [100, 2 * gb, 800, false], [1000, 0.1 * gb, 800, false], [1000, 2 * gb, 30, false], [undefined, 2 * gb, 800, false]] as const) {
      using core = await testCore();
      assert.equal(await rent(core, { details: { machineId: '7', ...(downMbps === undefined ? {} : { downMbps }) } }), undefined);
      core.hosts.fetched(core.store.launches()[0]?.id ?? '', bytes, seconds * 1000);
      core.hosts.fetched('gpu-rental-of-nobody', bytes, seconds * 1000);
      assert.deepEqual(troubles(core), slow ? ['slowLink'] : [], `${bytes} in ${seconds} s of ${downMbps}`);
    }
  });

  it('is that a machine failed under work, or was gone with nobody here having ended it', async () => {
    using failing = await testCore();
    await rent(failing);
    failing.provider.set('1', { state: 'failed' });
    for (let i = 0; i < 3; i++) await failing.fleet.refresh();
    assert.deepEqual(troubles(failing), ['lost']);

    for (const [kind, expected] of [['on-demand', ['lost']], ['interruptible', []]] as const) {
      using core = await testCore();
      await rent(core, { kind });
      await core.protection.check(never);
      core.provider.machines.clear();
      for (let i = 0; i < 4; i++) {
        core.clock.advance(60_000);
        await core.fleet.refresh();
      }
      await core.guardEnds.check(never);
      assert.deepEqual([core.store.launches()[0]?.state, troubles(core)], ['gone', expected], kind);
    }
  });

  it('is not that it was destroyed from here', async () => {
    using core = await testCore();
    await rent(core);
    await core.protection.check(never);
    await core.rentals.destroy('vast:1');
    await core.guardEnds.check(never);
    assert.deepEqual(troubles(core), []);
  });

  it('can be forgotten', async () => {
    using core = await testCore();
    core.ssh.fail = new RentError('sshRefused');
    await rent(core);
    assert.ok(core.hosts.incidentOf(rented));
    core.hosts.forget('vast:machine-7');
    assert.equal(core.hosts.incidentOf(rented), undefined);
  });

  it('never keeps a machine that failed from being ended', async () => {
    using core = await testCore();
    core.ssh.fail = new RentError('sshRefused');
    const full = (): never => { throw new RentError('noJournal', { detail: 'disk full' }); };
    Object.assign(core.store, { blame: full });
    const error = await rent(core);
    assert.ok(error instanceof RentError && error.code === 'sshRefused');
    assert.deepEqual([core.store.launches()[0]?.state, core.provider.machines.size, core.hosts.incidents], ['gone', 0, []]);
    assert.ok(core.log.lines.some((line) => /could not be kept.*disk full/.test(line)));
  });
});

describe('the history of a host', () => {
  it('counts the rentals that could be worked on and their hours, and what went wrong', async () => {
    using core = await testCore();
    const history = hostHistory(core);
    assert.deepEqual([history(rented), history(offer())], [undefined, undefined]);
    await rent(core);
    core.clock.advance(2 * 3_600_000);
    await core.fleet.refresh();
    await core.rentals.stop('vast:1');
    core.clock.advance(10 * 3_600_000);
    await core.fleet.refresh();
    core.ssh.fail = new RentError('sshRefused');
    await rent(core, { id: 'vast:2' as OfferId });
    const record = history(rented);
    assert.deepEqual([record?.host, record?.ready, record?.incidents.map(({ trouble }) => trouble)], ['vast:machine-7', 1, ['noSsh']]);
    assert.ok(record !== undefined && record.hours > 1.9 && record.hours < 2.2, `${record?.hours}: a stopped disk is no work`);
    assert.equal(history(offer({ details: { machineId: '8' } })), undefined);
    core.clock.advance(8 * dayMs);
    assert.deepEqual([history(rented)?.ready, history(rented)?.incidents], [1, []], 'trouble passes, and what went well stays');
  });
});

describe('what is known of an offer', () => {
  it('is its standing and the trouble with its host, as far as either is known', () => {
    const incident = { trouble: 'noSsh', at: 1, until: 2 } as const;
    const insight = (known: boolean, failed: boolean) => createInsight({ hosts: { incidentOf: () => (failed ? incident : undefined) }, memory: () => (known ? { standingOf: () => 'cheap' } : undefined) })(rented);
    const costs = createInsight({ hosts: { incidentOf: () => undefined }, memory: () => undefined, finish: ({ id }) => (id === rented.id ? usd(4.1) : undefined) });
    assert.deepEqual([costs(rented), costs({ ...rented, id: 'vast:other' })], [{ finish: usd(4.1) }, {}]);
    assert.deepEqual([insight(false, false), insight(true, false), insight(true, true)], [{}, { standing: 'cheap' }, { standing: 'cheap', incident }]);
  });
});
