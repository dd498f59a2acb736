import assert from 'node:assert/strict';
import { RentError } from '../../../../src/domain/errors.ts';
import type { InstanceId } from '../../../../src/domain/instance.ts';
import type { Launch } from '../../../../src/domain/launch.ts';
import { usd, usdPerHour } from '../../../../src/domain/money.ts';
import type { Move, MoveDeed, MoveStep } from '../../../../src/domain/move.ts';
import type { Offer, OfferId } from '../../../../src/domain/offer.ts';
import type { DataRoute } from '../../../../src/domain/project.ts';
import type { RunRecord } from '../../../../src/domain/run.ts';
import type { RentRequest } from '../../../../src/services/creating.ts';
import { moveCommands, offerToGoOn, type MoveDeps } from '../../../../src/ui/instances/moveFlow.ts';
import { nextOffer } from '../../../../src/ui/instances/nextOffer.ts';
import { StartMemory } from '../../../../src/ui/rent/startMemory.ts';
import { createSettings } from '../../../../src/ui/settings.ts';
import { FakeLog } from '../../../fakes/fakeLog.ts';
import { offer } from '../../../fakes/offers.ts';
import { drawer } from '../support/drawer.ts';
import { english } from '../support/english.ts';
import { launch, machine, minuteMs, now, purse, ready } from '../support/machines.ts';
import { RecordingEditor } from '../support/recordingEditor.ts';
import { alias, ended, record, runSeen } from '../support/runs.ts';
import { ScriptedDialogs, type Answer } from '../support/scriptedDialogs.ts';

const spot = (id: number, gpuUsd: number, change: Partial<Offer> = {}): Offer => offer({ id: `vast:${id}-bid` as OfferId, kind: 'interruptible', gpuUsd, ...change });
const oldLaunch: Launch = { ...launch({ id: alias, kind: 'interruptible' }), state: 'ready' };
const old = machine({ kind: 'interruptible', state: 'stopped', outbid: true, launch: oldLaunch, spent: usd(1) });
const freshLaunch: Launch = { ...launch({ id: 'gpu-rental-abcdef-02', movedFrom: alias }), instanceId: 'vast:78' as InstanceId };
const fresh = machine({ id: 'vast:78' as InstanceId, name: 'next', launch: freshLaunch, alias: 'gpu-rental-abcdef-02' });

/** A mover by hand: what is next is decided by the test, and what was asked is kept. */
class Bench {
  readonly dialogs: ScriptedDialogs;
  readonly editor = new RecordingEditor();
  readonly calls: string[] = [];
  readonly rented: RentRequest[] = [];
  readonly copies: { folder: string; to: object; launchId: string; remoteFolder: string }[] = [];
  records: RunRecord[] = [record(runSeen())];
  routes: DataRoute[] = [];
  launches: Launch[] = [oldLaunch];
  offers: Offer[] = [spot(1, 0.3), spot(2, 0.2)];
  existing: string[] = [];
  deeds: (MoveDeed | Error)[] = ['rent', 'restore', 'offerEnd'];
  rentFails: Error | undefined;
  trusted = true;
  attended = false;
  move: Move | undefined;
  readonly deps: MoveDeps;

  constructor(...answers: Answer[]) {
    this.dialogs = new ScriptedDialogs(...answers);
    const traits = { name: 'Vast.ai', defaultImage: 'usual/image', workspaceFolder: '/workspace', keysUrl: '', billingUrl: '', usualStartMinutes: [1, 3], chargesSettleMs: 0, chargeBucketMs: 3_600_000, carriesGuard: () => true } as const;
    const step = (to: MoveStep): Move => {
      this.calls.push(to);
      return (this.move = { ...(this.move as Move), step: to });
    };
    this.deps = {
      dialogs: this.dialogs, editor: this.editor, links: { vast: traits, runpod: traits } as never, log: new FakeLog(), voice: english, practice: false, now: () => now, purse: () => purse(),
      project: () => 'diffusion', insight: () => ({}), accounts: { signedIn: () => true }, settings: createSettings(() => undefined), traits: () => traits, starts: new StartMemory(drawer()), templates: () => Promise.reject(new Error('no')),
      disks: { volumes: [], refresh: () => Promise.resolve(), folder: () => '/data', fits: () => false }, readAgain: () => undefined, mayRent: () => Promise.resolve(true), askToSignIn: () => Promise.resolve(true), onReady: () => undefined,
      fleet: { instances: [old, fresh] }, random: (bytes) => new Uint8Array(bytes), trusted: () => this.trusted,
      exists: (folder) => Promise.resolve(this.existing.includes(folder)),
      setApart: (folder) => Promise.resolve(`/storage/of${folder}`),
      search: (filter) => {
        this.calls.push(`search ${filter.gpu} ${filter.count}× ${filter.diskGb} GB`);
        return Promise.resolve(this.offers);
      },
      journal: { launches: () => this.launches, launch: (id) => this.launches.find((one) => one.id === id) },
      runs: { of: (id) => (id === alias ? this.records : [record(runSeen({ id: this.move?.run ?? '', about: { words: ['x'], folder: '/workspace/p2' } }))]) },
      copies: { of: (id) => (id === alias ? this.plan : undefined) as never, set: (plan) => void this.copies.push(plan) },
      routes: { get all() { return []; } },
      dataKeys: { get: () => Promise.resolve({ keyId: 'kept' }), set: () => Promise.resolve(), forget: () => Promise.resolve() },
      flows: { destroy: async ({ id }) => void this.calls.push(`destroy ${id}`) },
      rentals: { quote: (wanted, diskGb) => Promise.resolve({ ...wanted, diskGb, readAt: now }), rent: () => Promise.reject(new Error('nobody rents past the mover')) },
      book: {
        of: () => this.move, step: (_, to) => step(to),
        get unfinished() { return []; },
        begin: (move) => (this.move = { ...move, step: 'parting', changedAt: now }),
      },
      mover: {
        isAttended: () => this.attended,
        next: async () => {
          const deed = this.deeds.shift() ?? 'close';
          if (deed instanceof Error) throw deed;
          return deed;
        },
        rent: async (_, request) => {
          step('renting');
          this.rented.push(request);
          if (this.rentFails !== undefined) throw this.rentFails;
          this.launches = [freshLaunch, { ...oldLaunch, state: 'stopped' }];
          step('restoring');
          return ready({ launch: freshLaunch });
        },
        carryOn: async (_, { credentials }) => {
          this.calls.push(`carry on ${JSON.stringify(credentials)}`);
          this.move = { ...(this.move as Move), to: freshLaunch.id };
          return step('going');
        },
        close: () => void step('done'),
        giveUp: () => void step('failed'),
      },
    };
    Object.defineProperty(this.deps.routes, 'all', { get: () => this.routes });
    Object.defineProperty(this.deps.book, 'unfinished', { get: () => (this.move === undefined ? [] : [this.move]) });
  }

  plan: object | undefined;

  async go(): Promise<this> {
    await moveCommands(this.deps)['gpuRental.instance.move'](old.id);
    assert.equal(this.dialogs.unused, 0, 'every expected question was asked');
    return this;
  }
}

const begin: Answer = { choose: /./ };
const agree: Answer = { press: 'move' };
const rent: Answer = { press: 'rent' };
const kept = (text: RegExp, press: string) => (bench: Bench): Bench => {
  bench.dialogs.onNotes.push({ text, press });
  return bench;
};

describe('moving work', () => {
  it('asks from where, says what happens, rents at an agreed price, goes on, and asks what becomes of the old machine', async () => {
    const bench = await kept(/goes on with the work/, 'destroy')(new Bench(begin, agree, rent)).go();
    const [first, second] = bench.dialogs.questions;
    assert.equal(first?.title, 'Move the work of sdxl-lora to another machine?');
    assert.match(first?.detail ?? '', /sdxl-lora waits no more for its bid.*The disk of sdxl-lora stays, for \$0\.020\/h \(\$14\.60 a month\), until you agree to destroy it.*It cannot be read while sdxl-lora is stopped/s);
    assert.equal(second?.title, 'Rent 1× RTX 4090 for $0.22/h?');
    assert.deepEqual(bench.calls, ['search RTX 4090 1× 40 GB', 'renting', 'restoring', 'carry on {}', 'going', 'going', 'done', 'destroy vast:77'].filter((call, index, all) => call !== all[index - 1]));
    assert.match(bench.dialogs.notes.at(-1)?.text ?? '', /next goes on with the work of sdxl-lora\. The disk of sdxl-lora goes on costing \$0\.020\/h/);
    assert.deepEqual(bench.move?.work, { words: ['python3', 'train.py'], folder: '/workspace/project', afterwards: 'keep', from: '/home/me/project' });
  });

  it('spends no more than what is left of the old machine’s limits, on the same disk and image', async () => {
    const [request] = (await new Bench(begin, agree, rent).go()).rented;
    assert.deepEqual([request?.limits.budget, request?.limits.leaseEndsAt, request?.offer.diskGb, request?.image], [usd(4), now + 130 * minuteMs, 40, 'image']);
  });

  it('keeps the old machine when that is wanted, and asks again when nobody answered', async () => {
    const bench = await kept(/goes on with the work/, 'keep')(new Bench(begin, agree, rent)).go();
    assert.ok(bench.calls.includes('done') && !bench.calls.some((call) => call.startsWith('destroy')));
    assert.equal((await new Bench(begin, agree, rent).go()).move?.step, 'going');
  });

  it('offers the copies first, then what was downloaded, then a bucket, and nothing last', async () => {
    const bench = new Bench({ choose: /From s3/ }, agree, rent);
    bench.plan = { launchId: alias, run: 'r0abc-12345', folder: 'out', to: { kind: 'here', localFolder: '/copies' }, copiedAt: now - 5 * minuteMs };
    bench.existing = ['/home/me/project/gpu-results/r0abc-12345'];
    const place = { store: { kind: 's3', flavor: 'aws', region: 'us-east-1' }, path: 'bucket/run' } as const;
    bench.routes = [{ direction: 'push', place, folder: '/workspace/project/outputs' }, { direction: 'pull', place, folder: '/workspace/project' }, { direction: 'push', place, folder: '/elsewhere' }];
    await bench.go();
    assert.deepEqual(bench.dialogs.picks[0]?.choices.map(({ label, detail }) => `${label}: ${detail}`), [
      'From the copies on this computer: copied 5 m ago · /copies',
      'From the copies on this computer: /home/me/project/gpu-results/r0abc-12345',
      'From s3://bucket/run: undefined',
      'From the beginning: With what the project’s folder here holds.',
    ]);
    assert.deepEqual(bench.move?.checkpoints, { kind: 'bucket', place, folder: 'outputs' });
    assert.ok(bench.calls.includes('carry on {"keyId":"kept"}'));
    assert.deepEqual(bench.copies.map(({ launchId, remoteFolder }) => [launchId, remoteFolder]), [[freshLaunch.id, '/workspace/p2/out']], 'copies go on being made');
  });

  it('sets downloaded results apart, so that no ignore file of the project leaves them out', async () => {
    const bench = new Bench({ choose: /copies on this computer/ }, agree, rent);
    bench.existing = ['/home/me/project/gpu-results/r0abc-12345'];
    await bench.go();
    assert.deepEqual(bench.move?.checkpoints, { kind: 'here', localFolder: '/storage/of/home/me/project/gpu-results/r0abc-12345', folder: '' });
  });

  it('has nothing to move where nothing went on, and sends nothing from a folder that is not trusted', async () => {
    const none = new Bench();
    none.records = [record(ended())];
    await none.go();
    assert.match(none.dialogs.notes[0]?.text ?? '', /Nothing was running on sdxl-lora/);
    const strange = new Bench();
    strange.trusted = false;
    await strange.go();
    assert.match(strange.dialogs.notes[0]?.text ?? '', /folders that you trust/);
    assert.deepEqual([none.calls, strange.calls], [[], []]);
  });

  it('leaves everything as it was when the person turns away before anything was done', async () => {
    for (const answers of [[{ choose: undefined }], [begin, { press: undefined }]] satisfies Answer[][]) assert.equal((await new Bench(...answers).go()).move, undefined);
    const bench = await new Bench(begin, agree, { press: undefined }).go();
    assert.deepEqual([bench.move?.step, bench.dialogs.notes], ['failed', []]);
  });

  it('says that the old machine waits no more when nothing took its place', async () => {
    const bench = new Bench(begin, agree, rent);
    bench.rentFails = new RentError('noCredit');
    await bench.go();
    assert.match(bench.dialogs.notes.at(-1)?.text ?? '', /sdxl-lora was not moved, and it does not start by itself any more\. Its disk goes on costing \$0\.020\/h/);
    assert.equal(bench.move?.step, 'failed');
  });

  it('does not give up what may have made a machine', async () => {
    const bench = new Bench(begin, agree, rent);
    bench.rentFails = new RentError('uncertain');
    bench.deps.mover.rent = async () => {
      bench.launches = [{ ...freshLaunch, state: 'uncertain' }, oldLaunch];
      throw new RentError('uncertain');
    };
    await bench.go();
    assert.equal(bench.move?.step, 'parting');
    assert.match(bench.dialogs.notes.at(-1)?.text ?? '', /has not moved yet/);
  });

  it('says what goes on costing when it is cancelled on the way, and goes on from there', async () => {
    const bench = new Bench(begin, agree, rent);
    bench.deeds = ['rent', new DOMException('', 'AbortError'), 'restore', 'offerEnd'];
    await kept(/has not moved yet\. next costs \$0\.33\/h meanwhile/, 'go')(bench).go();
    assert.equal(bench.move?.step, 'going');
  });

  it('takes up an unfinished one without asking anew, unless another window is at it', async () => {
    const begun: Move = { launchId: alias, instanceId: old.id, run: 'r0abc-99999', work: { words: ['x'], folder: '/w', afterwards: 'keep' }, checkpoints: { kind: 'none' }, step: 'restoring', changedAt: now };
    const bench = new Bench();
    bench.move = begun;
    bench.launches = [freshLaunch, oldLaunch];
    bench.deeds = ['restore', 'offerEnd'];
    await bench.go();
    assert.equal(bench.move.step, 'going');
    const busy = new Bench();
    busy.move = begun;
    busy.attended = true;
    await busy.go();
    assert.match(busy.dialogs.notes[0]?.text ?? '', /is being moved already/);
  });

  it('is told of in the next window, which does nothing unasked', async () => {
    const begun: Move = { launchId: alias, instanceId: old.id, run: 'r0abc-99999', work: { words: ['x'], folder: '/w', afterwards: 'keep' }, checkpoints: { kind: 'none' }, step: 'restoring', changedAt: now };
    for (const [press, done, step] of [['go', ['run gpuRental.instance.move vast:77'], 'restoring'], ['leave', ['view gpuRental.instances'], 'failed'], [undefined, [], 'restoring']] as const) {
      const bench = new Bench();
      bench.move = begun;
      if (press !== undefined) kept(/has not moved to the end/, press)(bench);
      await offerToGoOn(bench.deps);
      assert.deepEqual([bench.editor.done, bench.move.step, bench.dialogs.notes.length], [done, step, 1]);
      bench.attended = true;
      await offerToGoOn(bench.deps);
      assert.equal(bench.dialogs.notes.length, 1);
    }
  });
});

it('a move whose old machine is gone by the next window is over without a word', async () => {
  const bench = new Bench();
  bench.move = { launchId: alias, instanceId: old.id, run: 'r0abc-99999', work: { words: ['x'], folder: '/w', afterwards: 'keep' }, checkpoints: { kind: 'none' }, step: 'going', changedAt: now };
  bench.launches = [freshLaunch, { ...oldLaunch, state: 'gone' }];
  await offerToGoOn(bench.deps);
  assert.deepEqual([bench.move.step, bench.dialogs.notes], ['done', []]);
});

describe('the machine to move to', () => {
  const find = (...offers: Offer[]): string | undefined => nextOffer(offers, oldLaunch)?.id;

  it('is the cheapest like it that is no dearer, else the cheapest like it at all, of either kind', () => {
    assert.equal(find(spot(1, 0.3), spot(2, 0.2), offer({ gpuUsd: 0.1 })), 'vast:2-bid');
    const demand = offer({ id: 'vast:7' as OfferId, gpuUsd: 0.5 });
    assert.equal(find(spot(1, 0.9), demand), 'vast:7');
    assert.equal(find(spot(1, 0.4), demand), 'vast:1-bid');
    assert.equal(find(spot(1, 0.1, { gpu: 'RTX 3090' }), spot(2, 0.1, { gpuCount: 2 }), spot(3, 0.1, { vramGb: 12 })), undefined);
  });

  it('is a datacentre’s where the old one was', () => {
    const secure: Launch = { ...oldLaunch, quote: { ...oldLaunch.quote, tier: 'datacentre', rates: { running: usdPerHour(0.5), stopped: usdPerHour(0.02) } } };
    assert.equal(nextOffer([spot(1, 0.1), spot(2, 0.4, { tier: 'datacentre' })], secure)?.id, 'vast:2-bid');
  });
});
