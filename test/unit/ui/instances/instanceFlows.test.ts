import assert from 'node:assert/strict';
import { RentError } from '../../../../src/domain/errors.ts';
import type { InstanceId, InstanceState } from '../../../../src/domain/instance.ts';
import { usd } from '../../../../src/domain/money.ts';
import type { FleetInstance } from '../../../../src/services/fleetInstance.ts';
import type { Ready } from '../../../../src/services/readiness.ts';
import { chooseInstance } from '../../../../src/ui/instances/chooseInstance.ts';
import { InstanceFlows, type InstanceDeps } from '../../../../src/ui/instances/instanceFlows.ts';
import { changeBudget, extendLease } from '../../../../src/ui/instances/limitsFlow.ts';
import { createSettings } from '../../../../src/ui/settings.ts';
import { FakeLog } from '../../../fakes/fakeLog.ts';
import { english } from '../support/english.ts';
import { nothingLeft } from '../support/leaving.ts';
import { foreign, hourMs, machine, minuteMs, now, purse, ready } from '../support/machines.ts';
import { RecordingEditor } from '../support/recordingEditor.ts';
import { ScriptedDialogs, type Answer } from '../support/scriptedDialogs.ts';

class Bench {
  readonly dialogs: ScriptedDialogs;
  readonly editor = new RecordingEditor();
  readonly calls: string[] = [];
  readonly readied: Ready[] = [];
  readonly left: string[] = [];
  readonly flows: InstanceFlows;
  readonly rentals: InstanceDeps['rentals'];
  purse = purse();
  outcome = (): Promise<void> => Promise.resolve();

  constructor(...answers: Answer[]) {
    this.dialogs = new ScriptedDialogs(...answers);
    const call = async (what: string, id: InstanceId, ...more: unknown[]): Promise<void> => {
      this.calls.push([what, id, ...more].join(' '));
      await this.outcome();
    };
    const staged = (what: string) => async (id: InstanceId, onStage: (stage: 'starting') => void): Promise<Ready> => {
      onStage('starting');
      await call(what, id);
      return ready();
    };
    this.rentals = {
      stop: (id) => call('stop', id),
      destroy: (id) => call('destroy', id),
      start: staged('start'),
      startEndpoint: (id) => call('start endpoint', id),
      reboot: staged('reboot'),
      connect: staged('connect'),
      renew: (id, until) => void this.calls.push(`renew ${id} +${(until - now) / minuteMs} m`),
      setBudget: (id, budget) => void this.calls.push(`budget ${id} ${budget}`),
    };
    const traits = { name: 'Vast.ai', defaultImage: '', workspaceFolder: '', keysUrl: '', billingUrl: '', usualStartMinutes: [1, 3], chargesSettleMs: 0, chargeBucketMs: 3_600_000, carriesGuard: () => true } as const;
    this.flows = new InstanceFlows({
      ...nothingLeft, dialogs: this.dialogs, editor: this.editor, log: new FakeLog(), voice: english, links: { vast: traits, runpod: traits, lambda: traits }, rentals: this.rentals,
      settings: createSettings(() => undefined), now: () => now, purse: () => this.purse, practice: false, traits: () => traits, onReady: (one) => void this.readied.push(one),
      closeTerminals: (alias) => void this.left.push(`${alias} after ${this.calls.length} calls`),
    });
  }
}

describe('instance flows', () => {
  it('stop after consent, and not without', async () => {
    const yes = new Bench({ press: 'yes' });
    await yes.flows.stop(machine());
    assert.deepEqual(yes.calls, ['stop vast:77']);
    const no = new Bench({ press: undefined });
    await no.flows.stop(machine());
    assert.deepEqual(no.calls, []);
  });

  it('destroy, or stop instead, or neither', async () => {
    for (const [press, calls] of [['destroy', ['destroy vast:77']], ['stop', ['stop vast:77']], [undefined, []]] as const) {
      const bench = new Bench({ press });
      await bench.flows.destroy(machine());
      assert.deepEqual(bench.calls, calls);
      assert.equal(bench.dialogs.questions[0]?.grave, true);
    }
  });

  it('close the terminals on a machine before it goes away, and only when it does', async () => {
    const alias = 'gpu-rental-abcdef-01';
    for (const [press, act] of [['yes', 'stop'], ['yes', 'reboot'], ['destroy', 'destroy'], ['stop', 'destroy']] as const) {
      const bench = new Bench({ press });
      await bench.flows[act](machine({ alias }));
      assert.deepEqual(bench.left, [`${alias} after 0 calls`], `${act}, ${press}`);
    }
    for (const act of ['stop', 'reboot', 'destroy', 'start'] as const) {
      const bench = new Bench({ press: act === 'start' ? 'yes' : undefined });
      await bench.flows[act](machine({ alias }));
      assert.deepEqual(bench.left, [], act);
    }
  });

  it('offer no stop for what is stopped', async () => {
    const bench = new Bench({ press: 'destroy' });
    await bench.flows.destroy(machine({ state: 'stopped' }));
    assert.deepEqual(bench.dialogs.questions[0]?.buttons.map(({ id }) => id), ['destroy']);
  });

  it('start with limits that leave room, and say that it is ready', async () => {
    const bench = new Bench({ press: 'yes' });
    await bench.flows.start(machine({ state: 'stopped', spent: usd(5), limits: { budget: usd(5), leaseEndsAt: now - hourMs } }));
    assert.deepEqual(bench.calls, ['renew vast:77 +480 m', `budget vast:77 ${usd(10)}`, 'start vast:77']);
    assert.match(bench.dialogs.questions[0]?.detail ?? '', /00:30 tomorrow or at \$10\.00/);
    assert.equal(bench.readied.length, 1);
  });

  it('change no limit of a machine whose start was declined', async () => {
    const bench = new Bench({ press: undefined });
    await bench.flows.start(machine({ state: 'stopped', limits: { budget: usd(1), leaseEndsAt: now } }));
    assert.deepEqual(bench.calls, []);
  });

  it('start nothing past a cap, and say when little of it is left', async () => {
    const stopped = machine({ state: 'stopped', limits: { budget: usd(5), leaseEndsAt: now + 8 * hourMs } });
    const cap = (counted: number) => purse({ caps: [{ kind: 'session' as const, limit: usd(3), since: 0, counted: usd(counted) }] });
    const full = new Bench({ press: 'raise' });
    full.purse = cap(3);
    await full.flows.start(stopped);
    assert.deepEqual([full.calls, full.editor.done], [[], ['settings gpuRental.limits.sessionUsd']]);
    const near = new Bench({ press: undefined });
    near.purse = cap(2.5);
    await near.flows.start(stopped);
    assert.match(near.dialogs.questions[0]?.detail ?? '', /\$0\.50 of this session’s \$3\.00 is left; this machine’s budget leaves it \$3\.76/);
  });

  it('reboot and tell the stages', async () => {
    const bench = new Bench({ press: 'yes' });
    await bench.flows.reboot(machine());
    assert.deepEqual(bench.calls, ['reboot vast:77']);
    assert.match(bench.dialogs.stages.join(), /starting \(usually/);
    assert.deepEqual(bench.dialogs.titles, ['Rebooting sdxl-lora']);
  });

  it('report what failed, with its provider', async () => {
    const bench = new Bench({ press: 'yes' });
    bench.outcome = () => Promise.reject(new RentError('rateLimited'));
    await bench.flows.stop(machine({ provider: 'runpod', id: 'runpod:p' as InstanceId }));
    assert.deepEqual(bench.dialogs.notes.map(({ text }) => text), ['RunPod wants us to ask less often.']);
  });

  it('do one thing at a time to a machine', async () => {
    const bench = new Bench({ press: 'yes' });
    const { promise, resolve } = Promise.withResolvers<void>();
    bench.outcome = () => promise;
    const first = bench.flows.stop(machine());
    await bench.flows.stop(machine());
    await bench.flows.destroy(machine());
    assert.ok(bench.flows.busy);
    resolve();
    await first;
    assert.deepEqual(bench.calls, ['stop vast:77']);
    assert.equal(bench.flows.busy, false);
  });

  it('connect again when the person wants to', async () => {
    const bench = new Bench();
    bench.outcome = () => Promise.reject(new RentError('sshUnreachable'));
    bench.dialogs.onNotes.push({ text: /does not answer/, press: 'retry' });
    const { promise, resolve } = Promise.withResolvers<void>();
    assert.equal(await bench.flows.connect(machine(), async () => resolve()), undefined);
    await promise;
  });
});

describe('limits of a running machine', () => {
  it('extend from the end of the lease, at a price that is named', async () => {
    const bench = new Bench({ choose: /^4 h more/ });
    await extendLease({ dialogs: bench.dialogs, rentals: bench.rentals, now: () => now, voice: english }, machine());
    assert.deepEqual(bench.calls, ['renew vast:77 +370 m']);
    assert.equal(bench.dialogs.picks[0]?.choices[2]?.description, 'stops 22:40 · $1.32 more');
  });

  it('extend from now when the lease is over', async () => {
    const bench = new Bench({ choose: /^1 h more/ });
    await extendLease({ dialogs: bench.dialogs, rentals: bench.rentals, now: () => now, voice: english }, machine({ limits: { budget: usd(5), leaseEndsAt: now - hourMs } }));
    assert.deepEqual(bench.calls, ['renew vast:77 +60 m']);
  });

  it('change the budget, or leave it', async () => {
    const bench = new Bench({ type: '12.5' }, { type: undefined });
    const deps = { dialogs: bench.dialogs, rentals: bench.rentals, now: () => now, voice: english };
    await changeBudget(deps, machine());
    await changeBudget(deps, machine());
    assert.deepEqual(bench.calls, [`budget vast:77 ${usd(12.5)}`]);
  });
});

describe('choosing a machine', () => {
  const choose = async (instances: readonly FleetInstance[], argument: unknown, ...answers: Answer[]) => {
    const dialogs = new ScriptedDialogs(...answers);
    const chosen = await chooseInstance({ dialogs, fleet: { instances }, now: () => now, voice: english }, argument, 'stop');
    return { id: chosen?.id, notes: dialogs.notes.map(({ text }) => text) };
  };
  const b = machine({ id: 'vast:78' as InstanceId, name: 'eval' });

  it('takes the node, the detail below it, or the id', async () => {
    for (const argument of ['instance/vast:78', 'instance/vast:78/spent', 'vast:78']) assert.equal((await choose([machine(), b], argument)).id, 'vast:78');
  });

  it('takes the only one, and asks between several', async () => {
    assert.equal((await choose([b, machine({ state: 'stopped' })], undefined)).id, 'vast:78');
    assert.equal((await choose([machine(), b], undefined, { choose: /eval/ })).id, 'vast:78');
    assert.equal((await choose([machine(), b], undefined, { choose: undefined })).id, undefined);
  });

  it('never acts on one that does not allow it any more', async () => {
    for (const state of ['stopped', 'ending', 'failed', 'unknown'] satisfies InstanceState[]) {
      assert.deepEqual(await choose([machine({ state }), b], 'instance/vast:77'), { id: undefined, notes: ['No machine allows that now.'] });
    }
    assert.deepEqual((await choose([], undefined)).notes, ['No machine allows that now.']);
    assert.equal((await choose([foreign()], undefined)).id, 'vast:77');
  });
});
