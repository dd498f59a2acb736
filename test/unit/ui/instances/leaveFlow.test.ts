import assert from 'node:assert/strict';
import fc from 'fast-check';
import { RentError } from '../../../../src/domain/errors.ts';
import type { FleetInstance } from '../../../../src/services/fleetInstance.ts';
import type { Fetched, Look } from '../../../../src/services/leaving.ts';
import { leaveWell, type LeaveDeps } from '../../../../src/ui/instances/leaveFlow.ts';
import { doubtWords, holdingWords, progressWords } from '../../../../src/ui/instances/leavingWords.ts';
import { fileSize } from '../../../../src/ui/sizes.ts';
import { FakeLog } from '../../../fakes/fakeLog.ts';
import { english } from '../support/english.ts';
import { bare, holding } from '../support/leaving.ts';
import { foreign, launch, machine, minuteMs, now } from '../support/machines.ts';
import { RecordingEditor } from '../support/recordingEditor.ts';
import { ScriptedDialogs, type Answer } from '../support/scriptedDialogs.ts';

const full = holding({ changed: { files: 14, bytes: 5.2e9, partial: false }, running: ['/usr/bin/python train.py --out /workspace/out'] });
const links = { vast: { keysUrl: '', billingUrl: '' }, runpod: { keysUrl: '', billingUrl: '' } };

class Bench {
  readonly dialogs: ScriptedDialogs;
  readonly calls: string[] = [];
  look: Look | undefined = full;
  fetched: () => Promise<Fetched> = async () => ({ files: 14, bytes: 5.2e9, seconds: 9, skipped: [], since: bare });
  wiped = async () => ({ removed: 20, left: 0, keptVolume: false });
  folder: string | undefined = '/here/results';
  canFetch = true;
  unsaved: readonly string[] = [];
  sensitive = false;

  constructor(...answers: Answer[]) {
    this.dialogs = new ScriptedDialogs(...answers);
  }

  get question() {
    const [question] = this.dialogs.questions;
    assert.ok(question);
    return question;
  }

  run(instance: FleetInstance = machine()): Promise<'destroy' | 'stop' | undefined> {
    const deps: LeaveDeps = {
      dialogs: this.dialogs, editor: new RecordingEditor(), links: links as unknown as LeaveDeps['links'], log: new FakeLog(), voice: english, now: () => now,
      traits: () => ({ workspaceFolder: '/workspace' }),
      unsaved: () => this.unsaved,
      sensitive: () => this.sensitive,
      downloadFolder: async () => this.folder,
      leaving: {
        canFetch: this.canFetch,
        look: async ({ alias, folders, ageMs = 0 }) => {
          this.calls.push(`look ${alias} ${folders.join()} ${ageMs / minuteMs}`);
          return this.look;
        },
        bringHome: async (_place, folder, to, signal, onProgress) => {
          this.calls.push(`fetch ${folder} to ${to}`);
          onProgress({ filesDone: 7, filesInAll: 14, bytesDone: 2e9, bytesInAll: 5.2e9, leftMs: 90_000 });
          signal.throwIfAborted();
          return this.fetched();
        },
        wipe: async () => {
          this.calls.push('wipe');
          return this.wiped();
        },
      },
    };
    return leaveWell(deps, instance, () => void this.calls.push('close terminals'));
  }
}

describe('before a machine is destroyed', () => {
  it('is looked what is on it, and asked once when that is nothing', async () => {
    const bench = new Bench({ press: 'destroy' });
    bench.look = holding();
    assert.equal(await bench.run(), 'destroy');
    assert.deepEqual(bench.calls, ['look gpu-rental-abcdef-01 /workspace 130']);
    assert.deepEqual(bench.question.buttons.map(({ id }) => id), ['destroy', 'stop']);
    assert.equal(bench.question.detail, 'Everything on its 40 GB disk is lost for good.\n\nStopping instead keeps the disk for $0.020/h ($14.60 a month).\n\nIt has cost $1.24 so far.');
    assert.equal(bench.question.grave, true);
  });

  it('is named what would be lost, with ways to keep it', async () => {
    const bench = new Bench({ press: undefined });
    bench.unsaved = ['train.py'];
    assert.equal(await bench.run(), undefined);
    assert.deepEqual(bench.question.buttons.map(({ label }) => label), ['Download, then destroy', 'Destroy', 'Stop', 'Wipe, then destroy']);
    assert.match(bench.question.detail, new RegExp([
      'train\\.py is open here and not saved\\.',
      'Still running on it: python train\\.py --out /workspace/out\\.',
      '14 files \\(5\\.2 GB\\) in /workspace were made or changed on it, and nothing was downloaded yet\\.',
      'Everything on its 40 GB disk is lost for good\\.',
    ].join('\n\n')));
    assert.match(bench.question.detail, /somebody’s own machine nobody can promise more\.$/);
    assert.deepEqual(bench.calls.length, 1, 'nothing was done');
  });

  it('is told how much lies in its work folder', async () => {
    const bench = new Bench({ press: undefined });
    bench.look = holding({ changed: { files: 1, bytes: 9, partial: false }, usedBytes: 38e9 });
    await bench.run();
    assert.match(bench.question.detail, /\n\n38 GB in \/workspace and everything else on its 40 GB disk is lost for good\.\n\n/);
  });

  it('is told no more about a datacentre than it can promise there', async () => {
    const bench = new Bench({ press: undefined });
    await bench.run(machine({ launch: launch({ tier: 'datacentre' }) }));
    assert.match(bench.question.detail, /histories from it\.$/);
  });

  it('is asked all the same when it cannot be looked at', async () => {
    const bench = new Bench({ press: 'destroy' });
    bench.look = undefined;
    assert.equal(await bench.run(), 'destroy');
    assert.match(bench.question.detail, /^It could not be looked at, so what is still on it is not known\./);
    assert.deepEqual(bench.question.buttons.map(({ id }) => id), ['destroy', 'stop']);
  });

  it('is looked at only what is ours and up', async () => {
    for (const instance of [foreign(), machine({ state: 'stopped' }), machine({ state: 'failed' })]) {
      const bench = new Bench({ press: 'destroy' });
      assert.equal(await bench.run(instance), 'destroy');
      assert.deepEqual(bench.calls, []);
      assert.doesNotMatch(bench.question.detail, /looked/);
    }
  });
});

describe('download, then destroy', () => {
  it('brings everything home first, and says how far it is', async () => {
    const bench = new Bench({ press: 'fetch' });
    assert.equal(await bench.run(), 'destroy');
    assert.deepEqual(bench.calls.slice(1), ['fetch /workspace to /here/results']);
    assert.deepEqual(bench.dialogs.stages, ['7 of 14 files · 2.0 GB of 5.2 GB · 1 m left']);
  });

  it('destroys nothing when it fails, is cancelled, or has nowhere to go', async () => {
    const failed = new Bench({ press: 'fetch' });
    failed.fetched = () => Promise.reject(new RentError('sshUnreachable'));
    assert.equal(await failed.run(), undefined);
    assert.match(failed.dialogs.notes[0]?.text ?? '', /SSH does not answer\. Nothing was destroyed: sdxl-lora goes on costing\.$/);

    const cancelled = new Bench({ press: 'fetch' });
    cancelled.dialogs.cancelAt = /of 14 files/;
    assert.equal(await cancelled.run(), undefined);
    assert.deepEqual(cancelled.dialogs.notes.map(({ text }) => text), ['Nothing was destroyed: sdxl-lora goes on costing.']);

    const nowhere = new Bench({ press: 'fetch' });
    nowhere.folder = undefined;
    assert.equal(await nowhere.run(), undefined);
    assert.equal(nowhere.calls.length, 1);
  });

  it('asks again when not everything is here, or more was made meanwhile', async () => {
    const doubts: readonly [Partial<Fetched>, RegExp][] = [
      [{ skipped: [{ path: 'out/a:b', why: 'its name cannot be written here' }] }, /^Not everything could be downloaded: out\/a:b \(its name cannot be written here\)\.$/],
      [{ since: { ...bare, changed: { files: 2, bytes: 9, partial: false } } }, /^2 files changed on it while it was downloaded\.$/],
      [{ since: undefined }, /^It could not be looked at again/],
    ];
    for (const [change, words] of doubts) {
      for (const press of ['destroy', undefined] as const) {
        const bench = new Bench({ press: 'fetch' }, { press });
        bench.fetched = async () => ({ files: 1, bytes: 1, seconds: 1, skipped: [], since: bare, ...change });
        assert.equal(await bench.run(), press);
        assert.equal(bench.dialogs.questions[1]?.title, 'Destroy sdxl-lora all the same?');
        assert.match(bench.dialogs.questions[1]?.detail ?? '', words);
      }
    }
  });

  it('is not offered where nothing can download', async () => {
    const bench = new Bench({ press: 'stop' });
    bench.canFetch = false;
    assert.equal(await bench.run(), 'stop');
    assert.deepEqual(bench.question.buttons.map(({ id }) => id), ['destroy', 'stop', 'wipe']);
  });
});

describe('wipe, then destroy', () => {
  it('ends the shells first, because they write down what was typed', async () => {
    const bench = new Bench({ press: 'wipe' });
    assert.equal(await bench.run(), 'destroy');
    assert.deepEqual(bench.calls.slice(1), ['close terminals', 'wipe']);
  });

  it('destroys nothing when the machine did not do it', async () => {
    const bench = new Bench({ press: 'wipe' });
    bench.wiped = () => Promise.reject(new RentError('sshUnreachable'));
    assert.equal(await bench.run(), undefined);
    assert.match(bench.dialogs.notes[0]?.text ?? '', /Nothing was destroyed/);
  });

  it('asks again when something stayed', async () => {
    const bench = new Bench({ press: 'wipe' }, { press: undefined });
    bench.wiped = async () => ({ removed: 1, left: 1200, keptVolume: true });
    assert.equal(await bench.run(), undefined);
    assert.match(bench.dialogs.questions[1]?.detail ?? '', /^1,200 files could not be removed\.\n\nIts work folder is a volume that outlives the machine/);
  });
});

describe('where sensitive work is done', () => {
  const sensitive = (...answers: Answer[]): Bench => Object.assign(new Bench(...answers), { sensitive: true });

  it('wiping stands first, after the download where there is something to fetch', async () => {
    const bench = sensitive({ press: undefined });
    await bench.run();
    assert.deepEqual(bench.question.buttons.map(({ id }) => id), ['fetchWipe', 'wipe', 'destroy', 'stop']);
    assert.match(bench.question.detail, /Wiping first removes/);
    const nothing = sensitive({ press: undefined });
    nothing.look = holding();
    await nothing.run();
    assert.deepEqual(nothing.question.buttons.map(({ id }) => id), ['wipe', 'destroy', 'stop']);
  });

  it('downloads, then wipes, then destroys; and wipes nothing that is not here', async () => {
    const bench = sensitive({ press: 'fetchWipe' });
    assert.equal(await bench.run(), 'destroy');
    assert.deepEqual(bench.calls.slice(1), ['fetch /workspace to /here/results', 'close terminals', 'wipe']);
    const failing = sensitive({ press: 'fetchWipe' });
    failing.fetched = () => Promise.reject(new RentError('sshUnreachable'));
    assert.equal(await failing.run(), undefined);
    assert.ok(!failing.calls.includes('wipe'));
  });

  it('offers no wiping of a machine that cannot be looked at', async () => {
    const bench = sensitive({ press: 'destroy' });
    bench.look = undefined;
    assert.equal(await bench.run(), 'destroy');
    assert.deepEqual(bench.question.buttons.map(({ id }) => id), ['destroy', 'stop']);
  });
});

describe('what is still on a machine', () => {
  const words = (look: Look, unsaved: readonly string[] = []) => holdingWords({ seen: look, unsaved }, english) ?? '';

  it('is told with the last download, and with the run that ended after it', () => {
    const fetchedAt = now - 90 * minuteMs;
    const late = holding({ changed: { files: 1, bytes: 4_100_000, partial: false }, lastRunEndedAt: fetchedAt + 20 * minuteMs }, fetchedAt);
    assert.equal(words(late), '1 file (4.1 MB) in /workspace changed since the last download at 15:00, 1 h 30 m ago. The last download was 20 m before the last run ended.');
    assert.equal(words(holding({ lastRunEndedAt: fetchedAt - minuteMs }, fetchedAt)), '', 'a run whose results are here');
    assert.match(words(holding({ changed: { files: 12_000, bytes: 38e9, partial: true } })), /^12,000 files or more \(38 GB\) in/);
  });

  it('names a few of many', () => {
    assert.match(words(holding({ running: ['a', 'b', 'c', 'd', 'e'] })), /^Still running on it: a, b, c and 2 more\.$/);
    assert.match(words(holding(), ['a.py', 'b.py']), /^2 files of it are open here and not saved: a\.py, b\.py\.$/);
  });

  it('cannot be rewritten by what a machine calls things', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (folder, running) => {
      const text = words(holding({ folder, running: [`x${running}`], changed: { files: 1, bytes: 1, partial: false } }));
      assert.equal(text.split('\n\n').length, 2);
      assert.doesNotMatch(text.replaceAll('\n\n', ''), /[\n\u2028\u202e]|\]\(/);
    }));
  });

  it('leaves no doubt when everything is here', () => {
    assert.equal(doubtWords({ files: 3, bytes: 9, seconds: 1, skipped: [], since: bare }, english), undefined);
    assert.equal(progressWords({ filesDone: 0, filesInAll: 0, bytesDone: 0, bytesInAll: 0 }, english), '0 of 0 files · 0 B of 0 B');
  });

  it('has sizes that never need four digits', () => {
    assert.deepEqual([0, 812, 999.6, 4_100_000, 9_960_000_000, 38e9, 999_700, 2.5e15].map(fileSize), ['0 B', '812 B', '1.0 kB', '4.1 MB', '10 GB', '38 GB', '1.0 MB', '2.5 PB']);
    fc.assert(fc.property(fc.nat(2 ** 50), (bytes) => void assert.match(fileSize(bytes), /^(\d{1,3}|\d\.\d) [kMGTP]?B$/)));
  });
});
