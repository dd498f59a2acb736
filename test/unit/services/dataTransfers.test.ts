import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { TransferError, type DataStore, type Direction, type TransferProgress, type TransferResult } from '../../../src/domain/dataStore.ts';
import { isAbort } from '../../../src/domain/errors.ts';
import { DataTransfers } from '../../../src/services/dataTransfers.ts';
import { startS3, type S3Server } from '../../fakes/s3Server.ts';
import { ShellMachine, shells } from '../../fakes/shellMachine.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';
import { findRclone } from '../../fakes/tools.ts';

const rclone = findRclone();
const alias = 'gpu-rental-abcdef-01';
const credentials = { keyId: 'AKIDTESTKEY', secret: "s3cr3t/with'quotes$(x)" };
const never = new AbortController().signal;
const digest = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

function put(path: string, content: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function copier(machine: ShellMachine, store: DataStore) {
  const transfers = new DataTransfers(machine.links);
  return (direction: Direction, path: string, folder: string, more: { signal?: AbortSignal; secret?: string; onProgress?: (progress: TransferProgress) => void } = {}): Promise<TransferResult> =>
    transfers.copy({
      alias, direction, folder, place: { store, path }, credentials: { ...credentials, ...(more.secret === undefined ? {} : { secret: more.secret }) },
      signal: more.signal ?? never, onProgress: more.onProgress ?? (() => undefined),
    });
}

const problem = (of: TransferError['problem']) => (error: unknown): boolean => error instanceof TransferError && error.problem === of;

(rclone === undefined ? describe.skip : describe)('copying between a machine and S3', () => {
  for (const shell of shells) {
    describe(`by ${shell}`, () => {
      let temporary: ReturnType<typeof temporaryFolder>;
      let server: S3Server;
      let machine: ShellMachine;
      let copy: ReturnType<typeof copier>;
      const store = (): DataStore => ({ kind: 's3', flavor: 'other', endpoint: server.endpoint });

      beforeEach(async () => {
        temporary = temporaryFolder();
        mkdirSync(join(temporary.path, 's3/bucket'), { recursive: true });
        server = await startS3(rclone ?? '', join(temporary.path, 's3'), credentials.keyId, credentials.secret);
        machine = new ShellMachine(join(temporary.path, "a pod's [1]"), shell);
        mkdirSync(join(machine.home, '.gpu-rental/bin'), { recursive: true });
        symlinkSync(rclone ?? '', join(machine.home, '.gpu-rental/bin/rclone'));
        copy = copier(machine, store());
      });
      afterEach(async () => {
        await server.stop();
        temporary[Symbol.dispose]();
      });

      it('brings data there and results back, whatever they are called, and only what is missing', async () => {
        const big = join(temporary.path, 's3/bucket/data/big.bin');
        put(big, randomBytes(3_000_000));
        put(join(temporary.path, "s3/bucket/data/deep/it's one.txt"), 'one');
        const to = join(machine.work, "data for $(train)");
        const seen: TransferProgress[] = [];
        assert.deepEqual(await copy('pull', 'bucket/data', to, { onProgress: (progress) => void seen.push(progress) }), { files: 2, bytes: 3_000_003, same: 0 });
        assert.equal(digest(join(to, 'big.bin')), digest(big));
        assert.equal(readFileSync(join(to, "deep/it's one.txt"), 'utf8'), 'one');
        assert.equal(seen.at(-1)?.bytes, 3_000_003);
        assert.deepEqual(await copy('pull', 'bucket/data', to), { files: 0, bytes: 0, same: 2 });

        put(join(machine.work, 'out/model.pt'), 'weights');
        assert.deepEqual(await copy('push', 'bucket/results', join(machine.work, 'out')), { files: 1, bytes: 7, same: 0 });
        assert.equal(readFileSync(join(temporary.path, 's3/bucket/results/model.pt'), 'utf8'), 'weights');
      });

      it('never removes anything on the other side', async () => {
        put(join(temporary.path, 's3/bucket/results/old.pt'), 'old');
        put(join(machine.work, 'out/new.pt'), 'new');
        await copy('push', 'bucket/results', join(machine.work, 'out'));
        put(join(machine.work, 'back/mine.txt'), 'mine');
        await copy('pull', 'bucket/results', join(machine.work, 'back'));
        assert.deepEqual(readdirSync(join(machine.work, 'back')).toSorted(), ['mine.txt', 'new.pt', 'old.pt']);
      });

      it('leaves the keys in no file and on no command line, and says them to nobody', async () => {
        put(join(temporary.path, 's3/bucket/data/big.bin'), randomBytes(1000));
        // A program in rclone's place writes down what everybody on the machine could see.
        const spy = join(machine.home, '.gpu-rental/bin/rclone');
        const { rmSync } = await import('node:fs');
        rmSync(spy);
        put(spy, `#!/bin/sh\nfor each in /proc/[0-9]*; do [ $each = /proc/${server.pid} ] || cat $each/cmdline; done 2>/dev/null | tr '\\0' ' ' >"$HOME/seen"\n[ "$RCLONE_CONFIG_DATA_SECRET_ACCESS_KEY" ] && echo yes >"$HOME/had"\nexec '${rclone}' "$@"\n`);
        chmodSync(spy, 0o755);
        await copy('pull', 'bucket/data', machine.work);
        assert.ok(existsSync(join(machine.home, 'had')), 'rclone was given the key');
        assert.match(readFileSync(join(machine.home, 'seen'), 'latin1'), /rclone/);
        for (const file of readdirSync(machine.folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())) {
          const text = readFileSync(join(file.parentPath, file.name), 'latin1');
          assert.ok(!text.includes(credentials.secret) && !text.includes(credentials.keyId), file.name);
        }
        const error = await copy('pull', 'bucket/data', machine.work, { secret: 'not-the-secret' }).then(() => assert.fail(), (reason: unknown) => reason);
        assert.ok(problem('denied')(error), String(error));
        assert.ok(!String(error).includes('not-the-secret') && !String(error).includes(credentials.keyId));
      });

      it('says why it could not', async () => {
        await assert.rejects(copy('pull', 'no-such-bucket/data', machine.work), problem('notFound'));
        await assert.rejects(copy('pull', 'bucket/nothing-here', machine.work), problem('notFound'));
        await assert.rejects(copy('push', 'bucket/x', join(machine.work, 'no such folder')), problem('notFound'));
        const elsewhere = copier(machine, { kind: 's3', flavor: 'other', endpoint: 'http://127.0.0.1:9' });
        const { rmSync } = await import('node:fs');
        rmSync(join(machine.home, '.gpu-rental/bin/rclone'));
        machine.env['PATH'] = '/usr/bin:/bin';
        await assert.rejects(elsewhere('pull', 'bucket/data', machine.work), problem('noTool'));
      });

      it('ends when it is cancelled, leaves no half file, and goes on from there', async () => {
        for (const name of ['a', 'b', 'c']) put(join(temporary.path, `s3/bucket/data/${name}.bin`), randomBytes(4_000_000));
        machine.env['RCLONE_BWLIMIT'] = '2M';
        machine.env['RCLONE_BUFFER_SIZE'] = '0';
        const stop = new AbortController();
        const to = join(machine.work, 'data');
        await assert.rejects(copy('pull', 'bucket/data', to, { signal: stop.signal, onProgress: ({ bytes }) => bytes > 0 && stop.abort() }), isAbort);
        for (const deadline = Date.now() + 15_000; running(to); await pause(20)) assert.ok(Date.now() < deadline, 'rclone goes on');
        const whole = readdirSync(to).filter((name) => /^[abc]\.bin$/.test(name));
        for (const name of whole) assert.equal(digest(join(to, name)), digest(join(temporary.path, 's3/bucket/data', name)));
        assert.ok(whole.length < 3, 'it was cut off in the middle');
        delete machine.env['RCLONE_BWLIMIT'];
        const { files, same } = await copy('pull', 'bucket/data', to);
        assert.deepEqual([files + same, same], [3, whole.length]);
      });
    });
  }

  /** Whether any program still has the folder among its words. */
  function running(folder: string): boolean {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).some((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(folder);
      } catch {
        return false;
      }
    });
  }
});
