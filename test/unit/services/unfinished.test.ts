import assert from 'node:assert/strict';
import { usd } from '../../../src/domain/money.ts';
import { isAttended } from '../../../src/services/attendance.ts';
import { testCore, type TestCore } from '../../fakes/core.ts';
import { offer } from '../../fakes/offers.ts';

const minute = 60_000;
const never = new AbortController().signal;
const limits = { budget: usd(5), leaseEndsAt: Date.UTC(2026, 11, 24) };
const rent = (core: TestCore) => core.rentals.rent({ offer: offer(), image: 'i', name: 'sdxl', limits }, () => undefined, never);
const turns = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
};

/** A machine that was made, and whose window is gone before SSH answered. */
async function left(core: TestCore): Promise<string> {
  const { launch } = await rent(core);
  core.store.mark(launch.id, 'created');
  core.clock.advance(2 * minute);
  return launch.id;
}

/** Waits for SSH until the test lets it go on, and counts who waits. */
function hold(core: TestCore): { waiting: number; begun: number; release: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const held = { waiting: 0, begun: 0, release: resolve };
  const reach = core.ssh.reach.bind(core.ssh);
  core.ssh.reach = async (options) => {
    held.begun++;
    held.waiting++;
    const given = new Promise((_, reject) => options.signal.addEventListener('abort', () => reject(new DOMException('cancelled', 'AbortError'))));
    await Promise.race([promise, given]).finally(() => held.waiting--);
    return reach(options);
  };
  return held;
}

describe('a machine whose window is gone', () => {
  it('is taken up by the window that acts alone, and by the next one from there', async () => {
    using first = await testCore();
    await left(first);
    using second = await testCore(first);
    using third = await testCore(first);
    const [here, there] = [hold(second), hold(third)];
    second.rentals.resume(() => undefined, never);
    third.rentals.resume(() => undefined, never);
    second.fleet.catchUp();
    await turns();
    assert.deepEqual([here.waiting, there.waiting], [0, 0], 'neither acts yet');
    await second.fleet.refresh(undefined, true);
    await turns();
    assert.deepEqual([here.waiting, there.waiting], [1, 0]);
    await third.fleet.refresh(undefined, true);
    second.fleet.catchUp();
    await turns();
    third.fleet.announce();
    await turns();
    assert.deepEqual([here.waiting, there.waiting], [0, 1]);
    there.release();
    await turns();
    assert.deepEqual(third.store.launches().map(({ state }) => state), ['ready']);
    assert.deepEqual([here.begun, there.begun], [1, 1]);
  });

  it('is left to the window that waits for it, until that one falls silent', async () => {
    using first = await testCore();
    using second = await testCore(first);
    const [own, other] = [hold(first), hold(second)];
    first.rentals.resume(() => undefined, never);
    second.rentals.resume(() => undefined, never);
    const renting = rent(first);
    await turns();
    await second.fleet.refresh(undefined, true);
    await turns();
    assert.deepEqual([own.begun, other.begun, second.store.launches(['created']).length], [1, 0, 1]);
    first.clock.advance(2 * minute);
    await second.fleet.refresh();
    await turns();
    assert.deepEqual([own.begun, other.begun], [1, 1]);
    other.release();
    await turns();
    own.release();
    await renting;
    assert.deepEqual([first.store.launches().map(({ state }) => state), first.provider.destroyed], [['ready'], []]);
  });

  it('is waited for no longer when somebody destroys it elsewhere', async () => {
    using first = await testCore();
    const id = await left(first);
    using second = await testCore(first);
    const held = hold(second);
    await second.fleet.refresh(undefined, true);
    second.rentals.resume(() => undefined, never);
    second.fleet.catchUp();
    await turns();
    assert.deepEqual([held.waiting, isAttended(second, id)], [1, true]);
    await first.rentals.destroy('vast:1');
    second.fleet.catchUp();
    await turns();
    assert.deepEqual([held.waiting, isAttended(second, id)], [0, false]);
  });

  it('is taken up at once when the window that waits for it is closed in peace', async () => {
    using first = await testCore();
    using second = await testCore(first);
    const [own, other] = [hold(first), hold(second)];
    const closing = new AbortController();
    first.rentals.resume(() => undefined, closing.signal);
    second.rentals.resume(() => undefined, never);
    const renting = rent(first);
    await turns();
    closing.abort();
    await second.fleet.refresh(undefined, true);
    await turns();
    assert.deepEqual([own.begun, other.waiting], [1, 1]);
    other.release();
    own.release();
    await renting;
  });

  it('is tried again after a while when that went wrong', async () => {
    using first = await testCore();
    await left(first);
    using second = await testCore(first);
    await second.fleet.refresh(undefined, true);
    second.ssh.publicKey = () => Promise.reject(new Error('no disk'));
    let ready = 0;
    second.rentals.resume(() => ready++, never);
    await turns();
    assert.ok(second.log.lines.some((line) => line.includes('is not ready yet')));
    Reflect.deleteProperty(second.ssh, 'publicKey');
    await second.fleet.refresh();
    await turns();
    assert.equal(ready, 0);
    second.clock.advance(2 * minute);
    await second.fleet.refresh();
    await turns();
    assert.equal(ready, 1);
  });

  it('is nobody’s when the window closes', async () => {
    using first = await testCore();
    await left(first);
    using second = await testCore(first);
    const held = hold(second);
    const closing = new AbortController();
    await second.fleet.refresh(undefined, true);
    second.rentals.resume(() => undefined, closing.signal);
    await turns();
    closing.abort();
    await turns();
    second.clock.advance(2 * minute);
    await second.fleet.refresh();
    await turns();
    assert.deepEqual([held.waiting, held.begun], [0, 1]);
  });

  it('is taken up although nobody can say so', async () => {
    using first = await testCore();
    await left(first);
    using second = await testCore(first);
    await second.fleet.refresh(undefined, true);
    second.store.setNote = () => {
      throw new Error('disk full');
    };
    const ready = new Promise((resolve) => second.rentals.resume(resolve, never));
    assert.ok(await ready);
  });
});
