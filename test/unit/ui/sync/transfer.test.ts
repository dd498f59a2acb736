import assert from 'node:assert/strict';
import type { MachineLink, MachineLinks } from '../../../../src/domain/machineLink.ts';
import type { FolderSync, SecretFinding, SyncOrder, SyncResult } from '../../../../src/domain/sync.ts';
import { RentError } from '../../../../src/domain/errors.ts';
import { Pairs } from '../../../../src/ui/sync/pairs.ts';
import { SavedFiles } from '../../../../src/ui/sync/saved.ts';
import { fileSize } from '../../../../src/ui/sizes.ts';
import { doneWords, findingWords, progressWords } from '../../../../src/ui/sync/syncWords.ts';
import { download, type TransferDeps, upload } from '../../../../src/ui/sync/transfer.ts';
import { FakeLog } from '../../../fakes/fakeLog.ts';
import { english } from '../support/english.ts';
import { machine } from '../support/machines.ts';
import { RecordingEditor } from '../support/recordingEditor.ts';
import { ScriptedDialogs, type Answer } from '../support/scriptedDialogs.ts';

const alias = 'gpu-rental-x';
const result: SyncResult = { files: 2, bytes: 5_000_000, seconds: 3, skipped: [] };

function bench({ answers = [], findings = [], fails }: { answers?: Answer[]; findings?: SecretFinding[]; fails?: unknown } = {}) {
  const kept = new Map<string, unknown>();
  const pairs = new Pairs({ get: (key) => kept.get(key), update: async (key, value) => void kept.set(key, value) });
  const orders: SyncOrder[] = [];
  const vetted: unknown[] = [];
  const home: string[] = [];
  const go = async (order: SyncOrder): Promise<SyncResult> => {
    orders.push(order);
    if (order.vet !== undefined) vetted.push(await order.vet(['a', 'b']));
    if (fails !== undefined) throw fails;
    return result;
  };
  const sync: FolderSync = { up: go, down: go };
  const machines: MachineLinks = { of: (name) => ({ alias: name }) as MachineLink };
  const dialogs = new ScriptedDialogs(...answers);
  const deps: TransferDeps = {
    dialogs, editor: new RecordingEditor(), links: {} as TransferDeps['links'], log: new FakeLog(), voice: english, machines, sync, pairs,
    downloaded: async ({ id }, folder) => void home.push(`${folder} of ${id}`), findSecrets: () => Promise.resolve(findings), folderOn: (_, path) => Promise.resolve(`/workspace/${path}`), showText: () => Promise.resolve(),
  };
  return { deps, dialogs, orders, vetted, pairs, home };
}

describe('an upload', () => {
  const rented = machine({ alias });
  const secret = { path: 'a', line: 1, what: 'aws' };

  it('asks where to, and remembers it with the project', async () => {
    const { deps, orders, pairs, dialogs } = bench({ answers: [{ type: 'proj' }] });
    await upload(deps, rented, '/home/me/proj');
    assert.deepEqual([orders[0]?.localFolder, orders[0]?.remoteFolder], ['/home/me/proj', '/workspace/proj']);
    assert.deepEqual(pairs.of('/home/me/proj'), { alias, remoteFolder: '/workspace/proj', allowed: [] });
    assert.match(JSON.stringify(dialogs.notes), /2 files \(5\.0 MB\) were sent in 3 s/);
  });

  it('sends nothing when nobody says where', async () => {
    const { deps, orders } = bench({ answers: [{ type: undefined }] });
    await upload(deps, rented, '/home/me/proj');
    assert.deepEqual(orders, []);
  });

  for (const [answer, left, allowed] of [['skip', [{ path: 'a', why: 'It seems to hold a secret (aws, line 1).' }], []], ['send', [], ['a']]] as const) {
    it(`asks about what looks like a secret: ${answer}`, async () => {
      const { deps, vetted, pairs } = bench({ answers: [{ type: 'proj' }, { press: answer }], findings: [secret] });
      await upload(deps, rented, '/p');
      assert.deepEqual([vetted, pairs.of('/p')?.allowed], [[left], allowed]);
    });
  }

  it('does not ask again about what was sent before', async () => {
    const { deps, vetted, pairs } = bench({ answers: [{ type: 'proj' }], findings: [secret] });
    await pairs.keep('/p', { alias, remoteFolder: '/workspace/proj', allowed: ['a'] });
    await upload(deps, rented, '/p');
    assert.deepEqual(vetted, [[]]);
  });

  it('is over when the question is turned away, and says nothing of it', async () => {
    const { deps, vetted, dialogs, pairs } = bench({ answers: [{ type: 'proj' }, { press: undefined }], findings: [secret] });
    await upload(deps, rented, '/p');
    assert.deepEqual([vetted, dialogs.notes, pairs.of('/p')], [[], [], undefined]);
  });

  it('says in one sentence what failed', async () => {
    const { deps, dialogs } = bench({ answers: [{ type: 'proj' }], fails: new RentError('diskFull') });
    await upload(deps, rented, '/p');
    assert.match(JSON.stringify(dialogs.notes), /machine’s disk is full/);
  });
});

describe('a download', () => {
  it('asks which folder and where to', async () => {
    const { deps, orders, home } = bench({ answers: [{ type: 'out' }] });
    await download(deps, machine({ alias }), 'proj', () => Promise.resolve('/here'));
    assert.deepEqual([orders[0]?.remoteFolder, orders[0]?.localFolder], ['/workspace/out', '/here']);
    assert.deepEqual(home, [`/workspace/out of ${machine().id}`]);
  });

  it('that failed brought nothing home', async () => {
    const { deps, home } = bench({ answers: [{ type: 'out' }], fails: new RentError('diskFullHere') });
    await download(deps, machine({ alias }), 'proj', () => Promise.resolve('/here'));
    assert.deepEqual(home, []);
  });
});

describe('saved files', () => {
  const instant = { now: () => 0, elapsed: () => 0, sleep: () => Promise.resolve() };
  async function saving(setUp: Parameters<typeof bench>[0], state: 'ready' | 'stopped', ...paths: string[]) {
    const { deps, orders, pairs } = bench(setUp);
    await pairs.keep('/p', { alias, remoteFolder: '/workspace/p', allowed: ['ok'] });
    await pairs.keep('/p/inner', { alias: 'other', remoteFolder: '/x', allowed: [] });
    const failures: unknown[] = [];
    const left: unknown[] = [];
    const saved = new SavedFiles({ ...deps, pairs, fleet: { instances: [machine({ alias, state })] }, clock: instant, failed: (error) => failures.push(error), leftOut: (files) => left.push(...files) });
    for (const path of paths) saved.saved(path);
    await saved.settled;
    saved.saved('/p/later');
    await saved.settled;
    return { orders, failures, left };
  }

  it('go together, to the machine that their folder went to', async () => {
    const { orders } = await saving({}, 'ready', '/p/a.py', '/p/sub/b.py', '/p/a.py', '/elsewhere/c', '/pq/d', '/p/inner/e');
    assert.deepEqual(orders.map(({ only, remoteFolder }) => [only, remoteFolder]), [[['a.py', 'sub/b.py'], '/workspace/p'], [['later'], '/workspace/p']]);
  });

  it('stay here while the machine is not up', async () => assert.deepEqual((await saving({}, 'stopped', '/p/a')).orders, []));

  it('fail with one word, however often', async () => assert.equal((await saving({ fails: new Error('no') }, 'ready', '/p/a')).failures.length, 1));

  it('stay here for a secret in them, unless a person sent it before', async () => {
    const { left } = await saving({ findings: [{ path: 'a', line: 1, what: 'aws' }, { path: 'ok', line: 1, what: 'aws' }] }, 'ready', '/p/a');
    assert.ok(left.length > 0 && left.every((one) => JSON.stringify(one).includes('"a"')));
  });
});

describe('the words for transfers', () => {
  const { t } = english;

  it('name amounts as people do', () => {
    assert.deepEqual([0, 812, 1000, 4_240_000, 999_600, 12_000_000_000, 5e15].map(fileSize), ['0 B', '812 B', '1.0 kB', '4.2 MB', '1.0 MB', '12 GB', '5.0 PB']);
  });

  it('say how far it is, and how long it takes once that is known', () => {
    const progress = { filesDone: 1, filesInAll: 2, bytesDone: 1_000_000, bytesInAll: 2_000_000 };
    assert.equal(progressWords(progress, t), '1.0 MB of 2.0 MB');
    assert.equal(progressWords({ ...progress, leftMs: 90_000 }, t), '1.0 MB of 2.0 MB, 1 m left');
  });

  it('say what came of it', () => {
    assert.equal(doneWords({ ...result, files: 0 }, 'up', t), 'Both folders were alike already.');
    assert.equal(doneWords({ ...result, files: 1 }, 'down', t), '1 file (5.0 MB) was fetched in 3 s.');
  });

  it('name some of many findings', () => {
    const { title, detail } = findingWords(Array.from({ length: 30 }, (_, at) => ({ path: `${at}`, line: 1, what: 'aws' })), t);
    assert.equal(title, '30 files seem to hold secrets');
    assert.equal(detail.split('\n').at(-1), 'and 18 more');
  });
});
