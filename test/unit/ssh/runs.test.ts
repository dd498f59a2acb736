/** Runs over a real line, on a practice pod and on OpenSSH's own server: cut in the middle, they go on, and so does their log. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { InstanceId } from '../../../src/domain/instance.ts';
import { isLive } from '../../../src/domain/run.ts';
import { systemClock } from '../../../src/services/clock.ts';
import { Once } from '../../../src/services/once.ts';
import { Runs } from '../../../src/services/runs.ts';
import { createRunMemory } from '../../../src/store/runMemory.ts';
import { FakeFolderSync } from '../../fakes/fakeFolderSync.ts';
import { FakeLog } from '../../fakes/fakeLog.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';
import { machine } from '../ui/support/machines.ts';
import { linkedPod, linkedSshd, type Linked } from './support/linked.ts';
import { hasSshd } from './support/sshd.ts';

const id = 'vast:77' as InstanceId;
const alias = 'gpu-rental-abcdef-01';
const never = new AbortController().signal;

function runsOver({ link }: Linked): Runs {
  const [notes, log] = [new Map<string, string>(), new FakeLog()];
  return new Runs({
    links: { of: () => link }, sync: new FakeFolderSync(), clock: systemClock, log, providers: new Map(), journal: { launches: () => [] },
    memory: createRunMemory({ note: (key) => notes.get(key), setNote: (key, value) => void notes.set(key, value) }),
    once: new Once({ raise: () => true, highest: () => undefined }, log), random: (bytes) => randomBytes(bytes),
    fleet: { instances: [machine()], find: () => machine() },
  });
}

for (const [name, start, isHere] of [['a practice pod', linkedPod, true], ['sshd', linkedSshd, hasSshd]] as const) {
  describe(`runs on ${name}`, function () {
    this.timeout(90_000);
    let linked: Linked;
    let runs: Runs;
    let folder: ReturnType<typeof temporaryFolder>;

    beforeEach(async function () {
      if (!isHere || process.platform !== 'linux') this.skip();
      folder = temporaryFolder();
      linked = await start(join(folder.path, 'machine'));
      runs = runsOver(linked);
    });
    afterEach(async () => {
      await linked?.close();
      folder?.[Symbol.dispose]();
    });

    const text = async (run: string, offset = 0): Promise<string> => {
      const parts: Uint8Array[] = [];
      for await (const chunk of runs.follow(id, run, { signal: never, offset })) parts.push(chunk.bytes);
      return Buffer.concat(parts).toString();
    };

    it('train something for real, and their results come home', async () => {
      const from = join(folder.path, 'project');
      cpSync(join(import.meta.dirname, '../../fixtures/training'), from, { recursive: true });
      const there = await runs.remoteFolder(id, 'project', never);
      const run = await runs.start({ instance: id, words: ['python3', 'train.py', '--steps', '200', '--seconds-per-step', '0.002'], afterwards: 'keep', from, folder: there, signal: never });
      assert.match(await text(run), /step 200\/200.*accuracy 0\.9\d+\n$/s);
      await runs.refresh(id, never);
      const [record] = runs.of(alias);
      assert.deepEqual([record?.run.exitCode, record?.progress.step, record?.progress.steps], [0, 200, 200]);
      await runs.download(id, there, join(from, 'back'), never, () => undefined);
      assert.ok(existsSync(join(from, 'back/model.json')));
    });

    it('are stopped, whatever the line does', async () => {
      const run = await runs.start({ instance: id, words: ['sh', '-c', 'echo on; sleep 1000'], afterwards: 'keep', folder: linked.home, signal: never });
      await runs.stop(id, run, false, never);
      const end = performance.now() + 30_000;
      while (runs.of(alias).some((record) => isLive(record.run))) {
        assert.ok(performance.now() < end);
        await wait(50);
        await runs.refresh(id, never);
      }
      assert.deepEqual([runs.of(alias)[0]?.run.stopped, runs.of(alias)[0]?.run.exitCode], [true, 143]);
    });
  });
}

describe('a run whose server goes', function () {
  this.timeout(90_000);

  it('goes on, and its log is followed where it was once there is a server again', async function () {
    if (!hasSshd) this.skip();
    using folder = temporaryFolder();
    const linked = await linkedSshd(join(folder.path, 'machine'));
    try {
      const runs = runsOver(linked);
      const go = join(folder.path, 'go');
      const run = await runs.start({ instance: id, words: ['sh', '-c', `i=0; while [ $i -lt 30 ]; do echo "line $i"; i=$((i + 1)); sleep 0.05; done; until [ -e '${go}' ]; do sleep 0.1; done; echo end`], afterwards: 'keep', folder: linked.home, signal: never });
      const parts: Uint8Array[] = [];
      const lost: Error[] = [];
      let exitCode: number | undefined;
      const followed = (async () => {
        for await (const chunk of runs.follow(id, run, { signal: never, onLost: (error) => void lost.push(error) })) {
          parts.push(chunk.bytes);
          exitCode = chunk.exitCode;
        }
      })();
      while (parts.length === 0) await wait(20);
      await linked.stop();
      while (lost.length === 0) await wait(20);
      writeFileSync(go, '');
      await linked.start();
      await followed;
      const expected = `${Array.from({ length: 30 }, (_, i) => `line ${i}\n`).join('')}end\n`;
      assert.deepEqual([Buffer.concat(parts).toString(), exitCode], [expected, 0]);
      assert.equal(readFileSync(join(linked.home, '.gpu-rental/runs', run, 'log'), 'utf8'), expected);
    } finally {
      await linked.close();
    }
  });
});
