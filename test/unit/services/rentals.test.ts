import assert from 'node:assert/strict';
import { isAbort, isRentError, RentError, type ErrorCode } from '../../../src/domain/errors.ts';
import type { InstanceId } from '../../../src/domain/instance.ts';
import type { Launch } from '../../../src/domain/launch.ts';
import { usd, usdPerHour } from '../../../src/domain/money.ts';
import type { Offer } from '../../../src/domain/offer.ts';
import type { RentStage } from '../../../src/services/readiness.ts';
import { testCore, type TestCore } from '../../fakes/core.ts';
import { offer } from '../../fakes/offers.ts';

const limits = { budget: usd(5), leaseEndsAt: Date.UTC(2026, 10, 23) };
const request = { offer: offer(), image: 'image:1', name: 'sdxl', limits };
const never = new AbortController().signal;

async function rent(core: TestCore, signal = never, wanted = request.offer): Promise<{ stages: RentStage[]; error: unknown; id: string | undefined }> {
  const stages: RentStage[] = [];
  try {
    const ready = await core.rentals.rent({ ...request, offer: wanted }, (stage) => stages.push(stage), signal);
    return { stages, error: undefined, id: ready.instanceId };
  } catch (error) {
    return { stages, error, id: undefined };
  }
}

/** As the dialog does before it names a price. */
async function quote(core: TestCore): Promise<Offer> {
  core.provider.offers = [request.offer];
  const quoted = await core.rentals.quote(request.offer, request.offer.diskGb, never);
  assert.ok(quoted);
  return quoted;
}

/** The next window, when the one before it is gone for long enough. */
async function takenOver(core: TestCore): Promise<TestCore> {
  const later = await testCore(core);
  core.clock.advance(2 * 60_000);
  await later.fleet.refresh(undefined, true);
  return later;
}

const states = (core: TestCore): string[] => core.store.launches().map((launch) => launch.state);

describe('renting', () => {
  it('goes from asking to ready, with the label in the request and the host entry written', async () => {
    using core = await testCore();
    const { stages, id } = await rent(core);
    assert.equal(id, 'vast:1');
    assert.deepEqual([stages[0], stages.at(-1)], ['asking', 'checkingHostKey']);
    const [launch] = core.store.launches();
    assert.equal(core.provider.orders[0]?.label, launch?.id);
    assert.equal(launch?.state, 'ready');
    assert.deepEqual(launch?.quote.limits, limits);
    assert.equal(core.ssh.hosts.get(launch?.id ?? '')?.endpoint.port, 2200);
    assert.equal(core.fleet.find('vast:1')?.state, 'ready');
    assert.equal(core.fleet.find('vast:1')?.name, 'sdxl');
  });

  it('makes nothing of a private host where sensitive work is done, whoever asks', async () => {
    using core = await testCore();
    core.sensitive.here = true;
    assert.ok(isRentError((await rent(core)).error, 'sensitive'));
    assert.deepEqual([core.provider.orders, states(core)], [[], []]);
    assert.equal((await rent(core, never, offer({ tier: 'datacentre' }))).error, undefined);
  });

  it('writes the intent before the request leaves', async () => {
    using core = await testCore();
    let known: string[] = [];
    core.provider.scripts.create.push(() => {
      known = states(core);
      return 'ok';
    });
    await rent(core);
    assert.deepEqual(known, ['sent']);
  });

  it('sends nothing when the intent cannot be written', async () => {
    using core = await testCore();
    core.store.intend = () => {
      throw new RentError('noJournal');
    };
    const { error } = await rent(core);
    assert.ok(isRentError(error, 'noJournal'));
    assert.deepEqual(core.provider.orders, []);
  });

  for (const code of ['offerGone', 'noCredit', 'auth', 'noCapacity'] satisfies ErrorCode[]) {
    it(`leaves nothing behind after a clear refusal (${code})`, async () => {
      using core = await testCore();
      core.provider.scripts.create.push(() => new RentError(code));
      const { error } = await rent(core);
      assert.ok(isRentError(error, code));
      assert.deepEqual(states(core), ['refused']);
      assert.equal(core.fleet.instances.length, 0);
      assert.equal(core.provider.orders.length, 1);
    });
  }

  it('destroys a machine that came with the refusal', async () => {
    using core = await testCore();
    core.provider.scripts.create.push(() => new RentError('bidTooLow', { instanceKey: core.provider.add({ key: '77', state: 'stopped' }) }));
    const { error } = await rent(core);
    assert.ok(isRentError(error, 'bidTooLow'));
    assert.deepEqual(new Set(core.provider.destroyed), new Set(['77']));
    assert.deepEqual(states(core), ['gone']);
  });

  it('adopts by label what a lost answer made, and never sends again', async () => {
    using core = await testCore();
    core.provider.scripts.create.push(() => 'lostAfter');
    core.provider.scripts.list.push(() => 'empty', () => new RentError('network'), () => 'partial');
    const { id, stages } = await rent(core);
    assert.equal(id, 'vast:1');
    assert.ok(stages.includes('resolving'));
    assert.equal(core.provider.orders.length, 1);
  });

  it('says that nothing was made only after enough complete lists', async () => {
    using core = await testCore();
    core.provider.scripts.create.push(() => 'lost');
    const { error } = await rent(core);
    assert.ok(isRentError(error, 'notCreated'));
    assert.equal(core.provider.orders.length, 1);
    assert.ok(core.provider.calls.filter((call) => call === 'list').length >= 5);
    assert.deepEqual(states(core), ['notCreated']);
  });

  it('does not say that nothing was made when a guard could have ended it before anybody looked', async () => {
    for (const [sleptMinutes, code] of [[10, 'notCreated'], [29, 'uncertain'], [180, 'uncertain']] as const) {
      using core = await testCore();
      core.provider.scripts.create.push(() => 'lost');
      core.provider.scripts.list.push(() => {
        core.clock.advance(sleptMinutes * 60_000);
        return 'ok';
      });
      const { error } = await rent(core);
      assert.ok(isRentError(error, code), `${sleptMinutes} minutes: ${String(error)}`);
      assert.deepEqual(states(core), ['notCreated']);
    }
  });

  it('does not know when no list can be had, and keeps the launch as uncertain', async () => {
    using core = await testCore();
    core.provider.scripts.create.push(() => 'lostAfter');
    core.provider.scripts.list.push(...Array.from({ length: 40 }, () => () => 'partial' as const));
    const { error } = await rent(core);
    assert.ok(isRentError(error, 'uncertain'));
    assert.deepEqual(states(core), ['uncertain']);
    await core.fleet.refresh();
  });

  it('ends what it made when the person cancels, and says so', async () => {
    using core = await testCore();
    const cancel = new AbortController();
    core.ssh.onReach = () => cancel.abort();
    const { error, stages } = await rent(core, cancel.signal);
    assert.ok(isAbort(error));
    assert.equal(stages.at(-1), 'cancelling');
    assert.equal(core.provider.machines.size, 0);
    assert.deepEqual(states(core), ['gone']);
    assert.equal(core.fleet.instances.length, 0);
  });

  it('ends what it made when the cancel comes while the create is on its way', async () => {
    using core = await testCore();
    const cancel = new AbortController();
    core.provider.scripts.create.push(() => {
      cancel.abort();
      return 'ok';
    });
    assert.ok(isAbort((await rent(core, cancel.signal)).error));
    assert.equal(core.provider.machines.size, 0);
  });

  it('ends a machine that turns up after an unanswered create was cancelled', async () => {
    using core = await testCore();
    const cancel = new AbortController();
    core.provider.scripts.create.push(() => 'lostAfter');
    core.provider.scripts.list.push(() => {
      cancel.abort();
      return new RentError('network');
    });
    assert.ok(isAbort((await rent(core, cancel.signal)).error));
    assert.equal(core.provider.machines.size, 1);
    await core.fleet.refresh();
    assert.equal(core.provider.machines.size, 0);
  });

  it('sends nothing when it is cancelled before', async () => {
    using core = await testCore();
    assert.ok(isAbort((await rent(core, AbortSignal.abort())).error));
    assert.deepEqual(core.provider.orders, []);
  });

  it('refuses a machine that costs more than was agreed', async () => {
    using core = await testCore();
    core.provider.rate = usdPerHour(0.5);
    const { error } = await rent(core);
    assert.ok(isRentError(error, 'priceChanged'));
    assert.equal(core.provider.machines.size, 0);
  });

  for (const [text, code] of [['manifest unknown', 'badImage'], ['exploded', 'dud']] as const) {
    it(`ends a machine that failed (${text})`, async () => {
      using core = await testCore();
      core.provider.scripts.get.push(() => {
        core.provider.set('1', { state: 'failed', statusText: text });
        return 'ok';
      });
      const { error } = await rent(core);
      assert.ok(isRentError(error, code));
      assert.equal(core.provider.machines.size, 0);
    });
  }

  it('waits through a provider that does not answer for a while', async () => {
    using core = await testCore();
    core.provider.scripts.get.push(...Array.from({ length: 5 }, () => () => new RentError('serverError')));
    assert.equal((await rent(core)).id, 'vast:1');
  });

  it('gives up on a machine that never starts, and ends it', async () => {
    using core = await testCore();
    core.provider.looksToReady = Infinity;
    const { error } = await rent(core);
    assert.ok(isRentError(error, 'dud'));
    assert.equal(core.provider.machines.size, 0);
  });

  it('ends a machine whose SSH never answers', async () => {
    using core = await testCore();
    core.ssh.fail = new RentError('sshUnreachable');
    const { error } = await rent(core);
    assert.ok(isRentError(error, 'sshUnreachable'));
    assert.equal(core.provider.machines.size, 0);
  });

  it('rents one offer once when asked twice at the same time', async () => {
    using core = await testCore();
    const both = await Promise.all([rent(core), rent(core)]);
    assert.deepEqual(both.map(({ id }) => id).filter(Boolean), ['vast:1']);
    assert.ok(both.some(({ error }) => isRentError(error, 'inFlight')));
    assert.equal(core.provider.orders.length, 1);
  });

  it('rents one offer once when the price of the second click comes late, and the clock was set meanwhile', async () => {
    using core = await testCore();
    core.provider.looksToReady = Infinity;
    const [one, other] = [await quote(core), await quote(core)];
    const given = new AbortController();
    const first = rent(core, given.signal, one);
    while (core.store.launches(['created']).length === 0) await core.clock.sleep(1);
    core.clock.advance(6 * 60_000);
    assert.ok(isRentError((await rent(core, never, other)).error, 'inFlight'));
    given.abort();
    assert.ok(isAbort((await first).error));
    assert.equal(core.provider.orders.length, 1);
  });

  it('rents one offer once whatever became of the first machine before the price of the second click came', async () => {
    for (const fate of ['ready', 'stop', 'destroy'] as const) {
      using core = await testCore();
      using otherWindow = await testCore(core);
      const [one, other] = [await quote(core), await quote(otherWindow)];
      const { id } = await rent(core, never, one);
      if (fate !== 'ready') await core.rentals[fate](id as InstanceId);
      assert.ok(isRentError((await rent(otherWindow, never, other)).error, 'inFlight'), fate);
      // Whoever asks for a price now knows of the first, and means another.
      assert.equal((await rent(otherWindow, never, await quote(otherWindow))).error, undefined, fate);
      assert.equal(core.provider.orders.length, 2, fate);
    }
  });

  it('rents one offer once when two windows ask', async () => {
    using first = await testCore();
    using second = await testCore(first);
    const both = await Promise.all([rent(first), rent(second)]);
    assert.equal(both.filter(({ id }) => id !== undefined).length, 1);
    assert.equal(first.provider.orders.length, 1);
  });
});

describe('destroying', () => {
  it('resolves only when the machine is seen to be gone', async () => {
    using core = await testCore();
    await rent(core);
    core.provider.scripts.destroy.push(() => new RentError('rateLimited'), () => 'lie', () => 'lie');
    await core.rentals.destroy('vast:1');
    assert.deepEqual(core.provider.destroyed, ['1', '1', '1', '1']);
    assert.deepEqual(states(core), ['gone']);
    assert.equal(core.ssh.hosts.size, 0);
  });

  it('looks twice whether it is gone, however often lists have lacked it before', async () => {
    using core = await testCore();
    await rent(core);
    const [[launch], [looked]] = [core.store.launches(), core.store.sightings()];
    const now = core.clock.now();
    core.store.setAbsence(launch?.id ?? '', { looks: 5, since: now - 3_600_000, last: now });
    await core.rentals.destroy('vast:1');
    assert.deepEqual(core.provider.destroyed, ['1', '1']);
    // A look from before the end that comes after it shows nothing.
    assert.ok(looked && !core.store.keep(looked));
    assert.equal(core.fleet.find('vast:1'), undefined);
  });

  it('is over, and no cause for alarm, when whoever looks after the provider sees it gone first', async () => {
    using core = await testCore();
    await rent(core);
    const asleep = core.clock.sleep.bind(core.clock);
    core.clock.sleep = async (ms, signal) => {
      await asleep(ms, signal);
      if (ms > 0 && core.fleet.find('vast:1') !== undefined) core.fleet.forget('vast:1', core.clock.now());
    };
    await core.rentals.destroy('vast:1');
    assert.deepEqual([core.provider.destroyed, states(core)], [['1'], ['gone']]);
  });

  it('keeps saying that it still bills while the provider lies, and goes on in the next life', async () => {
    using core = await testCore();
    await rent(core);
    core.provider.scripts.destroy.push(...Array.from({ length: 8 }, () => () => 'lie' as const));
    await assert.rejects(core.rentals.destroy('vast:1'), (error) => isRentError(error, 'serverError'));
    assert.equal(core.fleet.find('vast:1')?.state, 'ending');
    assert.ok((core.fleet.find('vast:1')?.burn ?? 0) > 0);
    using later = await testCore(core);
    for (let look = 0; look < 5; look++) {
      await later.fleet.refresh(undefined, true);
      later.clock.advance(15_000);
    }
    assert.equal(core.provider.machines.size, 0);
    assert.deepEqual(states(later), ['gone']);
  });

  it('ends what nobody knows to exist as soon as it turns up, and sends no request for what has no name', async () => {
    using core = await testCore();
    core.provider.scripts.create.push(() => 'lost');
    core.provider.scripts.list.push(...Array.from({ length: 30 }, () => () => 'partial' as const));
    const { error } = await rent(core);
    assert.ok(isRentError(error, 'uncertain'));
    const { id } = core.fleet.instances[0] ?? assert.fail();
    await assert.rejects(core.rentals.destroy(id), (reason) => isRentError(reason, 'uncertain'));
    assert.deepEqual([states(core), core.provider.calls.includes('destroy'), core.store.errands()], [['ending'], false, []]);
    core.provider.add({ label: core.store.launches()[0]?.id ?? '' });
    core.provider.scripts.list.length = 0;
    for (let look = 0; look < 4; look++) {
      await core.fleet.refresh();
      core.clock.advance(15_000);
    }
    assert.deepEqual([states(core), core.provider.machines.size], [['gone'], 0]);
  });

  it('ends the machine that turned up while a person was about to end its launch', async () => {
    using core = await testCore();
    await rent(core);
    await core.rentals.destroy(`vast:${core.store.launches()[0]?.id ?? ''}`);
    assert.deepEqual([states(core), core.provider.machines.size], [['gone'], 0]);
  });

  it('does not go on asking with a key that is no good', async () => {
    using core = await testCore();
    await rent(core);
    core.provider.scripts.destroy.push(() => new RentError('auth'));
    await assert.rejects(core.rentals.destroy('vast:1'), (error) => isRentError(error, 'auth'));
    assert.deepEqual(states(core), ['ending']);
  });

  it('charges until the accepted end and not a second longer', async () => {
    using core = await testCore();
    await rent(core);
    await core.rentals.destroy('vast:1');
    const spent = core.meter.spentOn('vast:1');
    core.clock.advance(3_600_000);
    assert.equal(core.meter.spentOn('vast:1'), spent);
  });
});

describe('stopping and starting', () => {
  it('stops, shows the disk as burn, and starts again with a new host key', async () => {
    using core = await testCore();
    await rent(core);
    await core.rentals.stop('vast:1');
    assert.equal(core.fleet.find('vast:1')?.state, 'stopped');
    assert.equal(core.fleet.find('vast:1')?.burn, usdPerHour(0.02));
    core.provider.looksToReady = 0;
    const ready = await core.rentals.start('vast:1', () => undefined, never);
    assert.deepEqual(core.ssh.forgotten, [ready.alias]);
    assert.equal(core.fleet.find('vast:1')?.state, 'ready');
  });

  it('writes the wish to stop down before the request leaves, and that it stopped after', async () => {
    using core = await testCore();
    await rent(core);
    let known: string[] = [];
    const stop = core.provider.stop.bind(core.provider);
    core.provider.stop = (key) => {
      known = states(core);
      return stop(key);
    };
    await core.rentals.stop('vast:1');
    assert.deepEqual([known, states(core)], [['stopping'], ['stopped']]);
  });

  it('goes on stopping in the next life what the provider did not stop', async () => {
    using core = await testCore();
    await rent(core);
    const stop = core.provider.stop.bind(core.provider);
    core.provider.stop = () => Promise.reject(new RentError('serverError'));
    await assert.rejects(core.rentals.stop('vast:1'));
    assert.equal(core.fleet.find('vast:1')?.state, 'stopping');
    core.provider.stop = stop;
    using later = await testCore(core);
    await later.fleet.refresh(undefined, true);
    await later.fleet.refresh();
    assert.deepEqual([core.provider.machines.get('1')?.seen.state, states(later)], ['stopped', ['stopped']]);
  });

  it('asks for a stop and for an end also where nothing can be written', async () => {
    using core = await testCore();
    await rent(core);
    const mark = core.store.mark.bind(core.store);
    core.store.mark = (id, state, instanceId) => {
      if (state === 'stopping' || state === 'ending') throw new RentError('noJournal');
      return mark(id, state, instanceId);
    };
    await core.rentals.stop('vast:1');
    assert.equal(core.provider.machines.get('1')?.seen.state, 'stopped');
    await core.rentals.destroy('vast:1');
    assert.equal(core.provider.machines.size, 0);
  });

  it('writes the wish to start down before the request leaves, and takes it back after a clear no', async () => {
    using core = await testCore();
    await rent(core);
    await core.rentals.stop('vast:1');
    let known: string[] = [];
    core.provider.start = () => {
      known = states(core);
      return Promise.reject(new RentError('noCapacity'));
    };
    await assert.rejects(core.rentals.start('vast:1', () => undefined, never));
    assert.deepEqual([known, states(core)], [['created'], ['stopped']]);
  });

  it('is stopped again when its start is cancelled', async () => {
    using core = await testCore();
    await rent(core);
    await core.rentals.stop('vast:1');
    const cancel = new AbortController();
    const stages: RentStage[] = [];
    core.ssh.onReach = () => cancel.abort();
    const started = core.rentals.start('vast:1', (stage) => stages.push(stage), cancel.signal);
    assert.ok(isAbort(await started.catch((error: unknown) => error)));
    assert.deepEqual([core.provider.machines.get('1')?.seen.state, states(core), stages.at(-1)], ['stopped', ['stopped'], 'stoppingAgain']);
  });

  it('is stopped in the end although the stop after a cancelled start is refused at first', async () => {
    using core = await testCore();
    await rent(core);
    await core.rentals.stop('vast:1');
    const cancel = new AbortController();
    const stop = core.provider.stop.bind(core.provider);
    core.ssh.onReach = () => {
      core.provider.stop = () => Promise.reject(new RentError('serverError'));
      cancel.abort();
    };
    await assert.rejects(core.rentals.start('vast:1', () => undefined, cancel.signal), (error) => isRentError(error, 'serverError'));
    core.provider.stop = stop;
    for (let look = 0; look < 3; look++) {
      core.clock.advance(15_000);
      await core.fleet.refresh();
    }
    assert.deepEqual([core.provider.machines.get('1')?.seen.state, states(core)], ['stopped', ['stopped']]);
  });

  it('does not bring back to life what was destroyed while somebody waited for it', async () => {
    using core = await testCore();
    core.ssh.onReach = () => {
      const [launch] = core.store.launches();
      core.store.mark(launch?.id ?? '', 'ending');
    };
    const { error } = await rent(core);
    assert.ok(isRentError(error, 'notAllowed'));
    assert.deepEqual([states(core), core.provider.machines.size], [['gone'], 0]);
  });

  it('stops after a reload a machine that is dearer than agreed, and keeps its disk', async () => {
    using core = await testCore();
    await rent(core);
    const [launch] = core.store.launches();
    core.store.mark(launch?.id ?? '', 'created');
    assert.ok(core.store.launch(launch?.id ?? '')?.readyAt);
    core.provider.set('1', { rates: { running: usdPerHour(0.66), stopped: usdPerHour(0.02) } });
    using later = await takenOver(core);
    later.rentals.resume(() => assert.fail('it is not what was agreed'), never);
    while (core.provider.machines.get('1')?.seen.state !== 'stopped') await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(core.provider.destroyed, []);
  });

  it('ends after a reload what never became usable', async () => {
    using core = await testCore();
    await rent(core);
    using later = await takenOver(core);
    // As a window leaves it that dies right after the create.
    const launches = later.store.launches.bind(later.store);
    const withoutReady = ({ readyAt, ...launch }: Launch): Launch => {
      assert.ok(readyAt);
      return { ...launch, state: 'created' };
    };
    later.store.launches = (of) => (of?.includes('created') === true ? launches(['ready']).map(withoutReady) : launches(of));
    const launch = later.store.launch.bind(later.store);
    later.store.launch = (id) => {
      const found = launch(id);
      return found?.state === 'ready' ? withoutReady(found) : found;
    };
    later.ssh.fail = new RentError('sshUnreachable');
    later.rentals.resume(() => assert.fail('it cannot be ready'), never);
    while (core.provider.machines.size > 0) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(core.provider.orders.length, 1);
  });

  it('leaves alone after a reload what another window has had ready meanwhile', async () => {
    using core = await testCore();
    await rent(core);
    using later = await takenOver(core);
    const launches = later.store.launches.bind(later.store);
    later.store.launches = (of) => (of?.includes('created') === true ? launches(['ready']).map((launch) => ({ ...launch, state: 'created' as const })) : launches(of));
    later.ssh.fail = new RentError('sshUnreachable');
    later.rentals.resume(() => assert.fail('it cannot be reached from here'), never);
    while (!later.log.lines.some((line) => line.includes('is not ready yet'))) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual([core.provider.destroyed, states(core)], [[], ['ready']]);
  });

  it('ends a machine past its limit by destroying it only where nothing can be lost, or where that was chosen', async () => {
    for (const [atLimit, ready, left] of [[undefined, true, 1], ['stop', true, 1], ['destroy', true, 0], ['stop', false, 0]] as const) {
      using core = await testCore();
      await core.rentals.rent({ ...request, limits: { ...limits, ...(atLimit === undefined ? {} : { atLimit }) } }, () => undefined, never);
      if (!ready) {
        const launchOf = core.store.launchOf.bind(core.store);
        core.store.launchOf = (id) => {
          const { readyAt: _, ...launch } = launchOf(id) ?? assert.fail();
          return launch;
        };
      }
      await core.rentals.endAtLimit('vast:1');
      assert.equal(core.provider.machines.size, left);
    }
  });

  it('destroys at its limit what cannot be stopped, as was agreed, and asks for no stop of it', async () => {
    using core = await testCore();
    core.provider.traits = { ...core.provider.traits, noStop: true };
    await core.rentals.rent({ ...request, limits: { ...limits, atLimit: 'stop' } }, () => undefined, never);
    assert.deepEqual(core.store.launches()[0]?.quote.limits, { ...limits, atLimit: 'destroy' });
    await assert.rejects(core.rentals.stop('vast:1'), (error) => isRentError(error, 'notAllowed'));
    await core.fleet.refresh();
    assert.deepEqual([states(core), core.provider.calls.includes('stop'), core.fleet.find('vast:1')?.state], [['ready'], false, 'ready'], 'no wish is left that nobody can fulfil');
    await core.rentals.endAtLimit('vast:1');
    assert.deepEqual([states(core), core.provider.machines.size, core.provider.calls.includes('stop')], [['gone'], 0, false]);
  });

  it('keeps after a reload a machine that is dearer than agreed where it could only be destroyed', async () => {
    using core = await testCore();
    core.provider.traits = { ...core.provider.traits, noStop: true };
    await rent(core);
    core.store.mark(core.store.launches()[0]?.id ?? '', 'created');
    core.provider.set('1', { rates: { running: usdPerHour(0.66), stopped: usdPerHour(0) } });
    using later = await takenOver(core);
    later.rentals.resume(() => assert.fail('it is not what was agreed'), never);
    while (!later.log.lines.some((line) => line.includes('priceChanged'))) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual([core.provider.machines.size, core.provider.destroyed, core.provider.calls.includes('stop')], [1, [], false]);
  });

  it('takes up after a reload what had not become ready', async () => {
    using core = await testCore();
    await rent(core);
    const [launch] = core.store.launches();
    core.store.mark(launch?.id ?? '', 'created');
    using later = await takenOver(core);
    const ready = await new Promise((resolve) => later.rentals.resume(resolve, never));
    assert.ok(ready);
    assert.deepEqual(states(later), ['ready']);
  });

  it('opens only what was rented here', async () => {
    using core = await testCore();
    core.provider.add({ key: '50', label: 'theirs', state: 'ready' });
    await core.fleet.refresh();
    await assert.rejects(core.rentals.connect('vast:50', () => undefined, never), (error) => isRentError(error, 'notAllowed'));
  });

  it('moves the limits in the journal', async () => {
    using core = await testCore();
    await rent(core);
    core.rentals.renew('vast:1', 123);
    core.rentals.setBudget('vast:1', usd(9));
    assert.deepEqual(core.fleet.find('vast:1')?.limits, { budget: usd(9), leaseEndsAt: 123 });
  });
});
