/** Moves on the real services around a fake provider; the machines are folders here, and what runs on them runs for real. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isAbort, isRentError, RentError } from '../../../src/domain/errors.ts';
import type { InstanceId } from '../../../src/domain/instance.ts';
import { usd } from '../../../src/domain/money.ts';
import type { Checkpoints, Move } from '../../../src/domain/move.ts';
import type { OfferId } from '../../../src/domain/offer.ts';
import { movesNote } from '../../../src/services/leftNotes.ts';
import { MoveBook } from '../../../src/services/moveBook.ts';
import { Mover, type MoveStage } from '../../../src/services/mover.ts';
import { Once } from '../../../src/services/once.ts';
import { Runs } from '../../../src/services/runs.ts';
import { createRunMemory } from '../../../src/store/runMemory.ts';
import { testCore, type TestCore } from '../../fakes/core.ts';
import { FakeFolderSync } from '../../fakes/fakeFolderSync.ts';
import { FakeMachineLink } from '../../fakes/fakeMachineLink.ts';
import { offer } from '../../fakes/offers.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

const never = new AbortController().signal;
const limits = { budget: usd(5), leaseEndsAt: Date.UTC(2026, 11, 24) };
const spot = (n: number) => offer({ id: `vast:${n}-bid` as OfferId, kind: 'interruptible' });
const request = (n: number) => ({ offer: spot(n), image: 'i', name: `m${n}`, limits });

/** One window over a core; machines are found by their alias. */
function windowOn(core: TestCore, folder: string) {
  const links = { of: (alias: string) => linkOf(folder, alias) };
  const sync = new FakeFolderSync();
  const runs = new Runs({
    links, sync, fleet: core.fleet, providers: core.providers, memory: createRunMemory(core.store), journal: core.store,
    once: new Once(core.store, core.log), clock: core.clock, log: core.log, random: (bytes) => randomBytes(bytes),
  });
  const book = new MoveBook(core.store, core.clock);
  const copied: string[] = [];
  const transfers = {
    tools: () => Promise.resolve({ folder: '/', rclone: '1.70', hubPush: false }),
    install: () => Promise.resolve(undefined),
    copy: (order: { direction: string; folder: string; credentials: object }) => {
      copied.push(`${order.direction} ${order.folder} ${JSON.stringify(order.credentials)}`);
      return Promise.resolve({ files: 1, bytes: 1, same: 0 });
    },
  };
  const mover = new Mover({ store: core.store, fleet: core.fleet, book, rentals: core.rentals, runs, links, sync, transfers: transfers as never, workspaceOf: () => '/workspace', clock: core.clock, log: core.log });
  return { core, runs, book, mover, sync, copied };
}

const links = new Map<string, FakeMachineLink>();
function linkOf(folder: string, alias: string): FakeMachineLink {
  const home = join(folder, alias);
  const known = links.get(home);
  if (known !== undefined) return known;
  mkdirSync(home, { recursive: true });
  const link = new FakeMachineLink(alias);
  link.env['HOME'] = home;
  links.set(home, link);
  return link;
}

async function world(checkpoints: (folder: string) => Checkpoints = () => ({ kind: 'none' })) {
  const temporary = temporaryFolder();
  const core = await testCore();
  const project = join(temporary.path, 'project');
  mkdirSync(project);
  // As long a step as it takes to be looked at: the next machine says at which it began.
  writeFileSync(join(project, 'train.sh'), 'mkdir -p out; n=$(cat out/step 2>/dev/null || echo 0); echo "from $n" >began; while [ ! -e stop ]; do sleep 0.05; done\n');
  const window = windowOn(core, temporary.path);
  const old = (await core.rentals.rent(request(1), () => undefined, never)).instanceId;
  core.provider.set('1', { kind: 'interruptible', state: 'stopped', outbid: true });
  await core.fleet.refresh();
  const launchId = core.store.launchOf(old)?.id ?? '';
  const move = window.book.begin({
    launchId, instanceId: old, run: 'r0abc-12345', checkpoints: checkpoints(temporary.path),
    work: { words: ['sh', 'train.sh'], folder: '/somewhere/project', afterwards: 'keep', from: project },
  });
  const rent = (n = 2, signal = never) => window.mover.rent(move, request(n), () => undefined, signal);
  const stages: MoveStage[] = [];
  const carryOn = (by = window, of: Move = move) => by.mover.carryOn(by.book.of(launchId) ?? of, { signal: never, onStage: (stage) => stages.push(stage), credentials: { keyId: 'k' } });
  const next = (by = window) => by.mover.next(by.book.of(launchId) ?? move, never);
  const step = () => window.book.of(launchId)?.step;
  const newHome = () => join(temporary.path, core.store.launches()[0]?.id ?? '');
  return {
    core, window, move, launchId, rent, carryOn, next, step, stages, project, newHome, folder: temporary.path,
    async [Symbol.asyncDispose]() {
      mkdirSync(join(newHome(), 'project'), { recursive: true });
      writeFileSync(join(newHome(), 'project/stop'), '');
      await wait(150);
      core[Symbol.dispose]();
      temporary[Symbol.dispose]();
    },
  };
}

const began = async (home: string): Promise<string> => {
  for (const end = performance.now() + 20_000; !existsSync(join(home, 'project/began'));) {
    assert.ok(performance.now() < end, 'it never began');
    await wait(20);
  }
  return readFileSync(join(home, 'project/began'), 'utf8').trim();
};

describe('a move', function () {
  this.timeout(60_000);
  before(function () {
    if (process.platform !== 'linux') this.skip();
  });

  it('makes the old machine wait no more, rents, restores, and goes on with the same command', async () => {
    await using it = await world((folder) => {
      mkdirSync(join(folder, 'copies'));
      writeFileSync(join(folder, 'copies/step'), '41');
      return { kind: 'here', localFolder: join(folder, 'copies'), folder: 'out' };
    });
    // The project here has an older one, which must not win.
    mkdirSync(join(it.project, 'out'));
    writeFileSync(join(it.project, 'out/step'), '7');
    it.core.provider.scripts.create.push(() => {
      assert.equal(it.core.store.launch(it.launchId)?.state, 'stopped', 'before the request leaves');
      return 'ok';
    });
    const ready = await it.rent();
    assert.deepEqual([it.step(), ready.launch.quote.movedFrom], ['restoring', it.launchId]);
    assert.equal((await it.carryOn()).step, 'going');
    assert.equal(await began(it.newHome()), 'from 41');
    assert.deepEqual(it.stages, ['folder', 'files', 'checkpoints', 'starting']);
    assert.equal(await it.next(), 'offerEnd');
    assert.deepEqual(it.core.provider.destroyed, [], 'nothing ends unasked');
    const [record] = it.window.runs.of(ready.launch.id);
    assert.deepEqual([record?.run.about.words, record?.from, record?.run.afterwards], [['sh', 'train.sh'], it.project, 'keep']);
    it.window.mover.close(it.move);
    assert.equal(it.core.store.note(movesNote), '', 'nothing is left to ask about');
  });

  it('restores from a bucket with keys that are written nowhere', async () => {
    await using it = await world(() => ({ kind: 'bucket', place: { store: { kind: 'b2' }, path: 'bucket/run' }, folder: 'out' }));
    await it.rent();
    await it.carryOn();
    assert.deepEqual(it.window.copied, [`pull ${join(it.newHome(), 'project/out')} {"keyId":"k"}`]);
    assert.doesNotMatch(it.core.store.note(movesNote) ?? '', /keyId/);
  });

  it('does not begin beside a machine that runs again', async () => {
    await using it = await world();
    it.core.provider.set('1', { state: 'ready', outbid: false });
    await assert.rejects(it.rent(), (error) => isRentError(error, 'notAllowed'));
    assert.equal(it.core.provider.orders.length, 1);
    it.core.provider.set('1', { state: 'stopped' });
    await it.rent();
  });

  it('never rents a second machine beside one that may exist', async () => {
    await using it = await world();
    it.core.provider.scripts.create.push(() => 'lostAfter');
    await it.rent();
    await assert.rejects(it.rent(3), (error) => isRentError(error, 'inFlight'));
    assert.equal(it.core.provider.machines.size, 2);
  });

  it('may try the next offer after a clear no, and leaves nothing when it is cancelled', async () => {
    await using it = await world();
    it.core.provider.scripts.create.push(() => new RentError('offerGone'));
    await assert.rejects(it.rent(2), (error) => isRentError(error, 'offerGone'));
    const cancel = new AbortController();
    it.core.ssh.onReach = () => cancel.abort();
    await assert.rejects(it.rent(3, cancel.signal), isAbort);
    it.core.ssh.onReach = () => undefined;
    assert.equal(await it.next(), 'rent');
    await it.rent(4);
    assert.equal(await it.next(), 'restore');
    assert.equal(it.core.provider.machines.size, 2);
  });

  for (const at of ['files', 'checkpoints', 'starting'] as const) {
    it(`goes on in the next window when this one closes at ${at}`, async () => {
      await using it = await world((folder) => {
        mkdirSync(join(folder, 'copies'), { recursive: true });
        writeFileSync(join(folder, 'copies/step'), '41');
        return { kind: 'here', localFolder: join(folder, 'copies'), folder: 'out' };
      });
      await it.rent();
      const closed = new Error('the window is gone');
      const cut = it.window.mover.carryOn(it.window.book.of(it.launchId) ?? it.move, { signal: never, onStage: (stage) => { if (stage === at) throw closed; } });
      await assert.rejects(cut, closed);
      using later = await testCore(it.core);
      const window = windowOn(later, it.folder);
      assert.deepEqual(window.book.unfinished.map(({ launchId }) => launchId), [it.launchId]);
      assert.equal(await it.next(window), 'restore');
      await it.carryOn(window);
      assert.equal(await began(it.newHome()), 'from 41');
      assert.equal(await it.next(window), 'offerEnd');
      assert.equal(it.core.provider.orders.length, 2);
    });
  }

  it('is not sent twice when it was started and nobody heard', async () => {
    await using it = await world();
    const ready = await it.rent();
    await it.carryOn();
    await began(it.newHome());
    // As the note was before the answer came.
    it.core.store.setNote(movesNote, JSON.stringify([{ ...it.window.book.of(it.launchId), step: 'starting' }]));
    assert.equal(await it.next(), 'offerEnd');
    assert.equal((await it.window.runs.refresh(ready.instanceId, never)).length, 1);
  });

  it('is given up, with both machines left as they are, when the work ends as it begins', async () => {
    await using it = await world();
    writeFileSync(join(it.project, 'train.sh'), 'exit 3\n');
    await it.rent();
    await it.carryOn().then(async () => {
      // It may have been seen before it ended.
      for (const end = performance.now() + 20_000; performance.now() < end && (await it.window.runs.refresh('vast:2' as InstanceId, never))[0]?.run.exitCode !== 3;) await wait(50);
    }, (error: unknown) => assert.ok(isRentError(error, 'notStarted')));
    assert.ok(it.step() === 'going' || it.window.book.unfinished.length === 0);
    assert.deepEqual(it.core.provider.destroyed, []);
    assert.equal(it.core.provider.machines.size, 2);
  });

  it('is one at a time for each machine, in all windows', async () => {
    await using it = await world();
    assert.throws(() => it.window.book.begin(it.move), (error) => isRentError(error, 'inFlight'));
    it.window.mover.giveUp(it.move);
    assert.equal(it.window.book.begin(it.move).step, 'parting');
    await it.rent();
    assert.ok(it.window.mover.isAttended(it.move));
    it.core.clock.advance(120_000);
    assert.ok(!it.window.mover.isAttended(it.move));
  });
});

describe('the book of moves', () => {
  it('reads nothing from what is no move, and keeps what goes on before what is over', async () => {
    using core = await testCore();
    const book = new MoveBook(core.store, core.clock);
    for (const text of ['{', '7', '[{"launchId":"x"}]', '[null]']) {
      core.store.setNote(movesNote, text);
      assert.deepEqual(book.unfinished, []);
    }
    core.store.setNote(movesNote, '');
    const one = (n: number) => book.begin({ launchId: `l${n}`, instanceId: `vast:${n}`, work: { words: ['x'], folder: '/w', afterwards: 'keep' }, checkpoints: { kind: 'none' }, run: 'r0abc-12345' });
    one(0);
    for (let n = 1; n < 20; n++) {
      one(n);
      book.step(`l${n}`, 'failed');
    }
    assert.deepEqual(book.unfinished.map(({ launchId }) => launchId), ['l0']);
    assert.throws(() => book.step('l0', 'going'), (error) => isRentError(error, 'notAllowed'));
  });
});
