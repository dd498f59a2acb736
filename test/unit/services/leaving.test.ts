import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isRentError, RentError } from '../../../src/domain/errors.ts';
import type { SyncOrder, SyncResult } from '../../../src/domain/sync.ts';
import { Leaving } from '../../../src/services/leaving.ts';
import { systemClock } from '../../../src/services/clock.ts';
import { FakeClock } from '../../fakes/fakeClock.ts';
import { FakeLog } from '../../fakes/fakeLog.ts';
import { ShellMachine } from '../../fakes/shellMachine.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

const alias = 'gpu-rental-abcdef-01';
const signal = new AbortController().signal;

class Marks {
  readonly kept = new Map<string, number>();
  raise = (name: string, value: number): boolean => {
    if ((this.highest(name) ?? -Infinity) >= value) return false;
    this.kept.set(name, value);
    return true;
  };
  highest = (name: string): number | undefined => this.kept.get(name);
}

function setUp(path: string, down: () => Promise<Partial<SyncResult>> = async () => ({})) {
  const machine = new ShellMachine(path);
  const marks = new Marks();
  const log = new FakeLog();
  const fetches: string[] = [];
  const sync = {
    down: async ({ remoteFolder, localFolder, only }: SyncOrder): Promise<SyncResult> => {
      fetches.push(`${only?.join() ?? 'everything'} of ${remoteFolder} to ${localFolder}`);
      return { files: 1, bytes: 1, seconds: 1, skipped: [], ...(await down()) };
    },
  };
  const place = { alias, folders: [machine.work], ageMs: 3_600_000 };
  return { machine, marks, log, fetches, place, leaving: new Leaving({ machines: machine.links, sync, marks, clock: systemClock, log }) };
}

function put(path: string, ageSeconds = 0): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, 'content');
  utimesSync(path, Date.now() / 1000 - ageSeconds, Date.now() / 1000 - ageSeconds);
}

describe('leaving a machine', () => {
  it('counts a download of everything in which all work lies, and no other', async () => {
    using temporary = temporaryFolder();
    const { machine, leaving, place, log } = setUp(temporary.path);
    put(join(machine.work, 'sub/result'), 600);
    const whole = { files: 1, bytes: 7, seconds: 2, skipped: [] };
    const left = async () => (await leaving.look(place, signal))?.left.changed.files;
    await leaving.noteDownload(place, join(machine.work, 'sub'), whole, signal);
    await leaving.noteDownload(place, `${machine.work}-2`, whole, signal);
    await leaving.noteDownload(place, machine.work, { ...whole, skipped: [{ path: 'sub/result', why: 'It cannot be read.' }] }, signal);
    assert.deepEqual([leaving.fetchedAt(alias), await left()], [undefined, 1]);
    for (const folder of [machine.work, `${machine.work}/`, dirname(machine.work), '/']) {
      const before = Date.now();
      const one = setUp(temporary.path);
      await one.leaving.noteDownload(one.place, folder, whole, signal);
      const at = one.leaving.fetchedAt(alias) ?? NaN;
      assert.ok(at >= before - 2000 && at <= Date.now() - 2000, `${folder}: what changed since it began is not here`);
    }
    assert.deepEqual(log.lines, []);
  });

  it('takes a download for none where the machine does not say what it holds', async () => {
    using temporary = temporaryFolder();
    const { machine, leaving, place } = setUp(temporary.path);
    machine.lost = true;
    await leaving.noteDownload(place, '/', { files: 1, bytes: 1, seconds: 1, skipped: [] }, signal);
    assert.equal(leaving.fetchedAt(alias), undefined);
  });

  it('counts what changed since it began, and after a download since that', async () => {
    using temporary = temporaryFolder();
    const { machine, leaving, place, fetches } = setUp(temporary.path);
    put(join(machine.work, 'from-the-image'), 7200);
    put(join(machine.work, 'result'), 600);
    assert.deepEqual((await leaving.look(place, signal))?.left.changed.files, 1);
    const fetched = await leaving.bringHome(place, machine.work, '/here', signal, () => undefined);
    assert.equal(fetched.since?.changed.files, 0);
    assert.deepEqual(fetches, [`result of ${machine.work} to /here`], 'only what would be lost');
    const after = await leaving.look(place, signal);
    assert.deepEqual([after?.left.changed.files, after?.fetchedAt], [0, leaving.fetchedAt(alias)]);
    put(join(machine.work, 'another'));
    assert.equal((await leaving.look(place, signal))?.left.changed.files, 1);
  });

  it('sees what was written while it was downloaded', async () => {
    using temporary = temporaryFolder();
    const { machine, leaving, place } = setUp(temporary.path, async () => (put(join(temporary.path, 'workspace/checkpoint')), {}));
    assert.equal((await leaving.bringHome(place, machine.work, '/here', signal, () => undefined)).since?.changed.files, 1);
  });

  it('takes a download for one only when it was whole', async () => {
    using temporary = temporaryFolder();
    const skipping = setUp(temporary.path, async () => ({ skipped: [{ path: 'a', why: 'too long' }] }));
    await skipping.leaving.bringHome(skipping.place, '/w', '/here', signal, () => undefined);
    assert.equal(skipping.leaving.fetchedAt(alias), undefined);
    const failing = setUp(temporary.path, () => Promise.reject(new RentError('sshUnreachable')));
    await assert.rejects(failing.leaving.bringHome(failing.place, '/w', '/here', signal, () => undefined), (error) => isRentError(error, 'sshUnreachable'));
    assert.equal(failing.leaving.fetchedAt(alias), undefined);
    const stop = new AbortController();
    const cancelled = setUp(temporary.path, async () => (stop.abort(), {}));
    await assert.rejects(cancelled.leaving.bringHome(cancelled.place, '/w', '/here', stop.signal, () => undefined), { name: 'AbortError' });
    assert.equal(cancelled.leaving.fetchedAt(alias), undefined);
  });

  it('never keeps anybody waiting: a machine that is gone, mute or mad is not known', async () => {
    using temporary = temporaryFolder();
    const { machine, marks, log, place } = setUp(temporary.path);
    const clock = new FakeClock();
    const leaving = new Leaving({ machines: machine.links, marks, clock, log });
    machine.lost = true;
    assert.equal(await leaving.look(place, signal), undefined);
    machine.lost = false;
    machine.mute = true;
    assert.equal(await leaving.look(place, signal), undefined);
    assert.ok(clock.slept.every((ms) => ms <= 15_000) && clock.slept.length > 0);
    const stop = new AbortController();
    stop.abort();
    assert.equal(await leaving.look(place, stop.signal), undefined, 'whoever cancels decides without it');
    const mad = new Leaving({ machines: { of: () => ({ ...machine.link, run: async () => ({ stdout: 'gpu-rental:files=-1', stderr: '', code: 0 }) }) }, marks, clock: systemClock, log });
    assert.equal(await mad.look(place, signal), undefined);
  });

  it('wipes to the end or says that it did not', async () => {
    using temporary = temporaryFolder();
    const { machine, leaving, place } = setUp(temporary.path);
    put(join(machine.work, 'secret'));
    assert.deepEqual(await leaving.wipe(place, signal), { removed: 1, left: 0, keptVolume: false });
    assert.deepEqual(readdirSync(machine.work), []);
    machine.env['GPU_RENTAL_PRACTICE_POD'] = '/elsewhere';
    await assert.rejects(leaving.wipe(place, signal), (error) => isRentError(error, 'sshUnreachable'));
    machine.lost = true;
    await assert.rejects(leaving.wipe(place, signal), (error) => isRentError(error, 'sshUnreachable'));
  });

  it('goes on when the store cannot keep that something was downloaded', async () => {
    using temporary = temporaryFolder();
    const { machine, place, log } = setUp(temporary.path);
    const broken = () => {
      throw new Error('disk full');
    };
    const leaving = new Leaving({ machines: machine.links, sync: { down: async () => ({ files: 1, bytes: 1, seconds: 1, skipped: [] }) }, marks: { raise: broken, highest: broken }, clock: systemClock, log });
    assert.equal((await leaving.bringHome(place, machine.work, '/here', signal, () => undefined)).files, 1);
    assert.equal((await leaving.look(place, signal))?.fetchedAt, undefined);
  });
});
