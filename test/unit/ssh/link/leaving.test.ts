/** Leaving a machine and copying its data, over a real line: a practice pod, and OpenSSH's own server where there is one. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { TransferError, type DataStore } from '../../../../src/domain/dataStore.ts';
import { isAbort, isRentError } from '../../../../src/domain/errors.ts';
import { systemClock } from '../../../../src/services/clock.ts';
import { DataTransfers } from '../../../../src/services/dataTransfers.ts';
import { Leaving } from '../../../../src/services/leaving.ts';
import { createFolderSync } from '../../../../src/ssh/sync/folderSync.ts';
import { FakeLog } from '../../../fakes/fakeLog.ts';
import { startS3, type S3Server } from '../../../fakes/s3Server.ts';
import { findRclone } from '../../../fakes/tools.ts';
import { alias, linkedPod, linkedSshd, type Linked } from '../support/linked.ts';
import { hasSshd } from '../support/sshd.ts';
import { tempFolder } from '../support/tools.ts';

const rclone = findRclone();
const signal = new AbortController().signal;
const keys = { keyId: 'AKIDX', secret: "S3CRET'$(x)" };

function put(path: string, content: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

for (const [kind, open] of [['a practice pod', linkedPod], ['OpenSSH', linkedSshd]] as const) {
  (process.platform === 'win32' || (kind === 'OpenSSH' && !hasSshd) ? describe.skip : describe)(`leaving ${kind}`, () => {
    const temp = tempFolder();
    let machine: Linked;
    let work: string;
    let folder: string;
    beforeEach(async () => {
      folder = temp('m');
      machine = await open(folder);
      work = join(machine.home, 'work');
      mkdirSync(work);
    });
    afterEach(() => machine.close());
    const machines = { of: () => machine.link };
    const marks = { raise: () => true, highest: () => undefined };
    const leaving = new Leaving({ machines, marks, clock: systemClock, log: new FakeLog() });
    const place = () => ({ alias, folders: [work], ageMs: 60_000 });

    it('takes an open terminal for nothing that runs', async () => {
      const terminal = await machine.link.terminal({ columns: 80, rows: 24 });
      for await (const _ of terminal.output) break;
      const look = await leaving.look({ ...place(), folders: ['/no such folder'] }, signal);
      assert.deepEqual([look?.left.folder, look?.left.running, look?.left.changed.files], [machine.home, [], 0]);
      terminal.close();
    });

    it('is preceded by a look', async () => {
      put(join(work, 'out/model one.pt'), 'weights');
      const program = await machine.link.start(`cd '${work.replaceAll("'", `'\\''`)}' && exec "${process.execPath}" -e 'process.stdin.resume().on("end", () => process.exit())' training`);
      for (let look = await leaving.look(place(), signal); ; look = await leaving.look(place(), signal)) {
        assert.deepEqual([look?.left.folder, look?.left.changed], [work, { files: 1, bytes: 7, partial: false }]);
        if (look?.left.running.some((line) => line.endsWith('training'))) break;
        await pause(20);
      }
      program.end();
      await program.exit;
      await machine.stop();
      assert.equal(await leaving.look(place(), signal), undefined, 'a machine that is gone keeps nobody waiting');
    });

    it('brings home what would be lost, and nothing else', async () => {
      const begun = Date.now();
      put(join(work, 'out/deep/model one.pt'), 'weights');
      put(join(work, 'venv/lib/x.py'), 'made again');
      put(join(work, 'dataset.bin'), 'came from elsewhere');
      utimesSync(join(work, 'dataset.bin'), begun / 1000 - 7200, begun / 1000 - 7200);
      symlinkSync('/usr/bin/env', join(work, 'link'));
      const kept = new Map<string, number>();
      const keeping = new Leaving({
        machines, sync: createFolderSync(systemClock), clock: systemClock, log: new FakeLog(),
        marks: { raise: (name, at) => kept.set(name, at).size > 0, highest: (name) => kept.get(name) },
      });
      const here = join(folder, 'here/results');
      const { files, bytes, skipped } = await keeping.bringHome(place(), work, here, signal, () => undefined);
      assert.deepEqual([files, bytes, skipped], [1, 7, []]);
      assert.deepEqual(readdirSync(here, { recursive: true }).toSorted(), ['out', 'out/deep', 'out/deep/model one.pt']);
      assert.ok((keeping.fetchedAt(alias) ?? 0) >= begun);
    });

    // A practice pod guards the disk that it shares with this computer; another server would not.
    if (kind === 'a practice pod') it('can wipe it first', async () => {
      put(join(work, 'secret.txt'), 'x');
      put(join(machine.home, '.aws/credentials'), 'x');
      assert.deepEqual(await leaving.wipe(place(), signal), { removed: 1, left: 0, keptVolume: false });
      assert.deepEqual([readdirSync(work), existsSync(join(machine.home, '.aws'))], [[], false]);
      assert.equal((await machine.link.run('echo still in')).stdout, 'still in\n', 'the way in stays until it is gone');
    });

    (rclone === undefined ? describe.skip : describe)('with data at S3', () => {
      let server: S3Server;
      const transfers = new DataTransfers(machines);
      const store = (): DataStore => ({ kind: 's3', flavor: 'other', endpoint: server.endpoint });
      const order = (path: string, to: string) => ({ alias, place: { store: store(), path }, credentials: keys, folder: to, signal, onProgress: () => undefined });
      beforeEach(async () => {
        mkdirSync(join(folder, 's3/bucket'), { recursive: true });
        server = await startS3(rclone ?? '', join(folder, 's3'), keys.keyId, keys.secret);
        mkdirSync(join(machine.home, '.gpu-rental/bin'), { recursive: true });
        symlinkSync(rclone ?? '', join(machine.home, '.gpu-rental/bin/rclone'));
      });
      afterEach(() => server.stop());

      it('brings it and sends results back', async () => {
        const data = randomBytes(2_000_000);
        put(join(folder, 's3/bucket/data/big.bin'), data);
        assert.match((await transfers.tools(alias, [work], signal)).rclone ?? '', /^1\./);
        assert.deepEqual(await transfers.copy({ ...order('bucket/data', join(work, 'data')), direction: 'pull' }), { files: 1, bytes: 2_000_000, same: 0 });
        assert.ok(readFileSync(join(work, 'data/big.bin')).equals(data));
        assert.deepEqual((await transfers.copy({ ...order('bucket/out', join(work, 'data')), direction: 'push' })).files, 1);
        assert.ok(readFileSync(join(folder, 's3/bucket/out/big.bin')).equals(data));
        await assert.rejects(transfers.copy({ ...order('bucket/data', work), direction: 'pull', credentials: { ...keys, secret: 'wrong' } }), (error) => error instanceof TransferError && error.problem === 'denied');
      });

      it('ends on the machine too when it is cancelled or the line goes', async () => {
        for (const name of ['a', 'b', 'c', 'd']) put(join(folder, `s3/bucket/data/${name}.bin`), randomBytes(8_000_000));
        // As slow as a long way: rclone is told by a wrapper, whose options come with the environment.
        const slow = join(machine.home, '.gpu-rental/bin/rclone');
        const { rmSync, chmodSync } = await import('node:fs');
        rmSync(slow);
        put(slow, `#!/bin/sh\nRCLONE_BWLIMIT=1M RCLONE_BUFFER_SIZE=0 exec '${rclone}' "$@"\n`);
        chmodSync(slow, 0o755);
        for (const how of ['cancelled', 'lost'] as const) {
          const to = join(work, how);
          const stop = new AbortController();
          const { promise: begun, resolve } = Promise.withResolvers<void>();
          const copying = transfers.copy({ ...order('bucket/data', to), direction: 'pull', signal: stop.signal, onProgress: ({ bytes }) => bytes > 0 && resolve() });
          copying.catch(() => undefined);
          await Promise.race([begun, copying]);
          if (how === 'cancelled') stop.abort();
          else await machine.stop();
          await assert.rejects(copying, (error) => (how === 'cancelled' ? isAbort(error) : isRentError(error, 'sshUnreachable')));
          for (const deadline = Date.now() + 15_000; runs(to); await pause(20)) assert.ok(Date.now() < deadline, `${how}: it goes on`);
          for (const name of readdirSync(to).filter((each) => /^[abcd]\.bin$/.test(each))) assert.equal(readFileSync(join(to, name)).length, 8_000_000, 'no half file under a real name');
        }
      });
    });
  });
}

function runs(folder: string): boolean {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).some((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(folder);
    } catch {
      return false;
    }
  });
}
