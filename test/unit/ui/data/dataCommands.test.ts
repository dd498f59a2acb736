import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bindingOf, pathProblem, TransferError, type DataPlace, type TransferProblem } from '../../../../src/domain/dataStore.ts';
import type { DataRoute } from '../../../../src/domain/project.ts';
import type { DataTools, InstallProblem, TransferOrder } from '../../../../src/services/dataTransfers.ts';
import { dataCommands } from '../../../../src/ui/data/dataCommands.ts';
import { createDataKeys } from '../../../../src/ui/data/dataKeys.ts';
import { copyProgress, copyResult, installWords, problemWords } from '../../../../src/ui/data/dataWords.ts';
import { isEndpoint, Routes } from '../../../../src/ui/data/routes.ts';
import type { ReportDeps } from '../../../../src/ui/report.ts';
import { FakeLog } from '../../../fakes/fakeLog.ts';
import { english } from '../support/english.ts';
import { machine, now, ready } from '../support/machines.ts';
import { RecordingEditor } from '../support/recordingEditor.ts';
import { ScriptedDialogs, type Answer } from '../support/scriptedDialogs.ts';

const links = { vast: { keysUrl: '', billingUrl: '' }, runpod: { keysUrl: '', billingUrl: '' } };
const has: DataTools = { folder: '/workspace', rclone: '1.75.2', hubPull: true, hubPush: true };

class Bench {
  readonly dialogs: ScriptedDialogs;
  readonly log = new FakeLog();
  readonly secrets = new Map<string, string>();
  readonly kept = new Map<string, unknown>();
  readonly calls: string[] = [];
  readonly orders: TransferOrder[] = [];
  readonly dataKeys = createDataKeys({ get: async (key) => this.secrets.get(key), store: async (key, value) => void this.secrets.set(key, value), delete: async (key) => void this.secrets.delete(key) });
  readonly routes = new Routes({ get: (key) => this.kept.get(key), update: async (key, value) => void this.kept.set(key, structuredClone(value)) });
  tools: DataTools = has;
  problem: InstallProblem | undefined;
  fails: (TransferProblem | Error)[] = [];

  constructor(...answers: Answer[]) {
    this.dialogs = new ScriptedDialogs(...answers);
  }

  async run(): Promise<void> {
    await dataCommands({
      dialogs: this.dialogs, editor: new RecordingEditor(), links: links as unknown as ReportDeps['links'], log: this.log, voice: english, now: () => now,
      fleet: { instances: [machine()] }, traits: () => ({ workspaceFolder: '/workspace' }), dataKeys: this.dataKeys, routes: this.routes,
      flows: { connect: async () => ready() },
      transfers: {
        tools: async () => this.tools,
        install: async (_alias, { kind }) => {
          this.calls.push(`install for ${kind}`);
          return this.problem;
        },
        copy: async (order) => {
          this.calls.push(`copy ${order.direction} ${order.place.path} ${order.folder}`);
          this.orders.push(order);
          order.onProgress({ files: 1, bytes: 5e8, filesInAll: 3, bytesInAll: 2e9, leftMs: 60_000 });
          const failure = this.fails.shift();
          if (failure instanceof Error) throw failure;
          if (failure !== undefined) throw new TransferError(failure, 'the tool’s own words');
          return { files: 3, bytes: 2e9, same: 1 };
        },
      },
    })['gpuRental.instance.copyData']();
  }
}

const minio: readonly Answer[] = [{ choose: /Bring data/ }, { choose: /MinIO/ }, { type: 'https://minio.example.org/' }, { type: 's3://bucket/train/' }, { type: '/workspace/data/' }];
const keys: readonly Answer[] = [{ type: 'AKID' }, { type: 'SECRET' }];

describe('copying data', () => {
  it('asks which, where and with what, once, and then copies', async () => {
    const bench = new Bench(...minio, ...keys, { choose: /once/ }, { press: 'copy' });
    await bench.run();
    assert.deepEqual(bench.calls, ['copy pull bucket/train /workspace/data']);
    assert.deepEqual([bench.orders[0]?.place.store, bench.orders[0]?.credentials], [{ kind: 's3', flavor: 'other', endpoint: 'https://minio.example.org' }, { keyId: 'AKID', secret: 'SECRET' }]);
    assert.deepEqual(bench.dialogs.stages, ['1 of 3 files · 500 MB of 2.0 GB · 1 m left']);
    assert.deepEqual(bench.dialogs.notes.map(({ text }) => text), ['3 files (2.0 GB) were copied. 1 were there already.']);
    assert.equal(bench.secrets.size, 0, 'nothing is kept unasked');
    const [question] = bench.dialogs.questions;
    assert.equal(question?.title, 'Bring data to sdxl-lora?');
    assert.match(question?.detail ?? '', /^s3:\/\/bucket\/train to \/workspace\/data · https:\/\/minio\.example\.org\n\n.*nothing is removed/);
    assert.ok(!JSON.stringify([bench.dialogs.questions, bench.dialogs.notes, bench.log, [...bench.kept]]).includes('SECRET'));
  });

  it('keeps keys for that bucket alone when it is asked to', async () => {
    const bench = new Bench(...minio, ...keys, { choose: /Keep/ }, { press: 'copy' });
    await bench.run();
    assert.deepEqual([...bench.secrets.keys()], ['gpuRental.data.s3:https://minio.example.org/bucket']);
    const again = new Bench({ choose: /s3:\/\/bucket\/train to/ }, { press: 'copy' });
    for (const [key, value] of bench.secrets) again.secrets.set(key, value);
    for (const [key, value] of bench.kept) again.kept.set(key, value);
    await again.run();
    assert.deepEqual(again.orders[0]?.credentials, { keyId: 'AKID', secret: 'SECRET' }, 'not asked a second time');
  });

  it('does nothing for a person who turns away, wherever that is', async () => {
    const all: readonly Answer[] = [...minio, ...keys, { choose: /once/ }, { press: 'copy' }];
    for (let at = 0; at < all.length; at++) {
      const [kind = ''] = Object.keys(all[at] ?? {});
      const bench = new Bench(...all.slice(0, at), { [kind]: undefined } as unknown as Answer);
      await bench.run();
      assert.deepEqual([bench.calls, bench.secrets.size, bench.dialogs.unused], [[], 0, 0], `at ${at}`);
    }
  });

  it('takes public data without keys, and sends nothing without', async () => {
    const bench = new Bench({ choose: /Bring/ }, { choose: /A dataset/ }, { type: 'hf://me/images' }, { type: '/workspace/images' }, { type: '' }, { press: 'copy' });
    await bench.run();
    assert.deepEqual([bench.orders[0]?.credentials, bench.orders[0]?.place], [{}, { store: { kind: 'hub', holds: 'dataset' }, path: 'me/images' }]);
    const push = new Bench({ choose: /Send/ }, { choose: /B2/ }, { type: 'bucket' }, { type: '/workspace/out' }, { type: undefined });
    await push.run();
    const asked = push.dialogs.asked.at(-1);
    assert.equal(asked?.is === 'input' && asked.input.refuse(' '), 'Nobody may write there without one.');
    assert.deepEqual(push.calls, []);
  });

  it('knows where RunPod’s volumes, R2 and Amazon’s buckets are', async () => {
    for (const [answers, store] of [
      [[{ choose: /RunPod/ }, { type: 'eu-ro-1' }], { kind: 's3', flavor: 'runpod', region: 'EU-RO-1', endpoint: 'https://s3api-eu-ro-1.runpod.io' }],
      [[{ choose: /R2/ }, { type: 'https://abc.r2.cloudflarestorage.com' }], { kind: 's3', flavor: 'r2', endpoint: 'https://abc.r2.cloudflarestorage.com' }],
      [[{ choose: /Amazon/ }, { type: 'eu-central-1' }], { kind: 's3', flavor: 'aws', region: 'eu-central-1' }],
    ] as const) {
      const bench = new Bench({ choose: /Bring/ }, ...answers, { type: 'bucket/x' }, { type: '/workspace/data' }, ...keys, { choose: /once/ }, { press: 'copy' });
      await bench.run();
      assert.deepEqual(bench.orders[0]?.place.store, store);
    }
  });

  it('installs what is missing only with consent, and says when it cannot', async () => {
    const lacking = (press: string | undefined) => {
      const bench = new Bench(...minio, ...keys, { choose: /once/ }, { press });
      bench.tools = { folder: '/workspace', hubPull: true, hubPush: false };
      return bench;
    };
    const yes = lacking('copy');
    await yes.run();
    assert.deepEqual(yes.calls, ['install for s3', 'copy pull bucket/train /workspace/data']);
    assert.match(yes.dialogs.questions[0]?.detail ?? '', /rclone is not on the machine/);
    const no = lacking(undefined);
    await no.run();
    assert.deepEqual(no.calls, []);
    const not = lacking('copy');
    not.problem = 'checksum';
    await not.run();
    assert.deepEqual([not.calls, not.dialogs.notes[0]?.text], [['install for s3'], installWords('checksum', english)]);
    const hub = new Bench({ choose: /Send/ }, { choose: /A model/ }, { type: 'me/lora' }, { type: '/workspace/out' }, { type: 'hf_x' }, { choose: /once/ }, { press: 'copy' });
    hub.tools = { folder: '/workspace', hubPull: true, hubPush: false };
    await hub.run();
    assert.deepEqual(hub.calls, ['install for hub', 'copy push me/lora /workspace/out']);
  });

  it('asks for other keys when these are refused, and forgets them', async () => {
    const bench = new Bench(...minio, ...keys, { choose: /Keep/ }, { press: 'copy' }, { type: 'AKID2' }, { type: 'SECRET2' }, { choose: /once/ }, { press: 'copy' });
    bench.fails = ['denied'];
    bench.dialogs.onNotes.push({ text: /refuses these keys/, press: 'again' });
    await bench.run();
    assert.deepEqual(bench.orders.map(({ credentials }) => credentials.keyId), ['AKID', 'AKID2']);
    assert.equal(bench.secrets.size, 0);
  });

  it('goes on where it was when somebody tries again', async () => {
    const bench = new Bench(...minio, ...keys, { choose: /once/ }, { press: 'copy' });
    bench.fails = ['unreachable', 'diskFull'];
    bench.dialogs.onNotes.push({ text: /cannot reach s3:\/\/bucket\/train/, press: 'again' });
    await bench.run();
    assert.equal(bench.calls.length, 2);
    assert.match(bench.dialogs.notes[1]?.text ?? '', /disk is full/);
  });
});

describe('what is remembered of data', () => {
  const place: DataPlace = { store: { kind: 's3', flavor: 'other', endpoint: 'https://minio.example.org' }, path: 'bucket/x' };
  const route: DataRoute = { direction: 'pull', folder: '/workspace/data', place };

  it('is each way once, newest first, and nothing that is not one', async () => {
    const kept = new Map<string, unknown>();
    const routes = new Routes({ get: (key) => kept.get(key), update: async (key, value) => void kept.set(key, structuredClone(value)) });
    for (let at = 0; at < 20; at++) await routes.add({ ...route, folder: `/workspace/${at}` });
    await routes.add({ ...route, folder: '/workspace/12' });
    assert.deepEqual(routes.all.map(({ folder }) => folder).slice(0, 3), ['/workspace/12', '/workspace/19', '/workspace/18']);
    assert.equal(routes.all.length, 12);
    kept.set('gpuRental.dataRoutes', [route, { ...route, folder: 'a\nb' }, { ...route, place: { ...place, path: '../x' } }, { ...route, place: { path: 'bucket', store: { ...place.store, endpoint: 'https://a:b@evil.example' } } }, 7, null]);
    assert.deepEqual(routes.all, [route]);
    fc.assert(fc.property(fc.anything(), (value) => {
      kept.set('gpuRental.dataRoutes', value);
      assert.ok(routes.all.length <= 12);
    }));
  });

  it('binds keys to one endpoint and bucket', () => {
    const others: DataPlace[] = [place, { ...place, path: 'other/x' }, { ...place, store: { kind: 's3', flavor: 'other', endpoint: 'https://evil.example.org' } }, { store: { kind: 'b2' }, path: 'bucket/x' }, { store: { kind: 'gcs' }, path: 'bucket/x' }, { store: { kind: 's3', flavor: 'aws', region: 'us-east-1' }, path: 'bucket/x' }];
    assert.equal(new Set(others.map(bindingOf)).size, others.length);
    assert.equal(bindingOf(place), bindingOf({ ...place, path: 'bucket/another/folder' }));
  });

  it('never reads keys that are not for this kind of store', async () => {
    for (const text of ['{"keyId":"a","secret":"b","token":7,"x":"y"}', 'no json', 'null', '[]']) {
      const drawer = { get: async () => text, store: async () => undefined, delete: async () => undefined };
      const got = await createDataKeys(drawer).get(place);
      assert.deepEqual(got, text.startsWith('{') ? { keyId: 'a', secret: 'b' } : text === '[]' ? {} : undefined);
    }
  });

  it('is an endpoint only without a name, a password or a path', () => {
    for (const good of ['https://s3.example.org', 'http://127.0.0.1:9000/', 'https://[::1]:9000']) assert.ok(isEndpoint(good), good);
    for (const bad of ['s3.example.org', 'ftp://a', 'https://a:b@c', 'https://a/b', 'https://a?b', 'https://a#b', 'javascript:alert(1)', '']) assert.ok(!isEndpoint(bad), bad);
  });

  it('is a path that cannot be taken for anything else', () => {
    const hub = { kind: 'hub', holds: 'model' } as const;
    for (const good of ['bucket', 'my.bucket-1/a b/c']) assert.equal(pathProblem({ ...place, path: good }), undefined);
    for (const bad of ['', '/a', '-x/y', 'b', 'a/../b', 'bucket\n/x', ':x']) assert.notEqual(pathProblem({ ...place, path: bad }), undefined, bad);
    for (const [path, fine] of [['gpt2', true], ['me/lora', true], ['me/lora/x', false], ['../x', false], ['-a/b', false]] as const) assert.equal(pathProblem({ store: hub, path }) === undefined, fine, path);
  });

  it('is told with what is known', () => {
    assert.equal(copyProgress({ files: 2, bytes: 812 }, english), '812 B');
    assert.equal(copyResult({ files: 0, bytes: 0, same: 0 }, english), 'Everything was copied.');
    assert.equal(copyResult({ files: 1, bytes: 10, same: 0 }, english), '1 file (10 B) was copied.');
    const problems: readonly TransferProblem[] = ['denied', 'notFound', 'diskFull', 'unreachable', 'noTool', 'other'];
    assert.equal(new Set(problems.map((problem) => problemWords(problem, route, english))).size, problems.length);
    assert.match(problemWords('notFound', { ...route, direction: 'push' }, english), /nothing to send/);
  });
});
