// Leaving a rented machine with the real product below the dialogs: what is told before it is destroyed, and what a wipe leaves.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InstanceId } from '../../src/domain/instance.ts';
import { systemClock } from '../../src/services/clock.ts';
import type { FleetInstance } from '../../src/services/fleetInstance.ts';
import { Leaving } from '../../src/services/leaving.ts';
import { leaveWell, type LeaveDeps } from '../../src/ui/instances/leaveFlow.ts';
import { traitsOf } from '../../src/wiring.ts';
import { FakeLog } from '../fakes/fakeLog.ts';
import { english } from '../unit/ui/support/english.ts';
import { RecordingEditor } from '../unit/ui/support/recordingEditor.ts';
import { ScriptedDialogs, type Answer } from '../unit/ui/support/scriptedDialogs.ts';
import { inOrder } from './harness/steps.ts';
import { type Machine, onMachine, rentMachine } from './remote/machine.ts';

describe('leaving a rented machine', function leaving() {
  this.timeout(120_000);
  let machine: Machine | undefined;
  inOrder();

  const rented = (): Machine => machine ?? assert.fail('nothing is rented');
  const instance = (): FleetInstance => rented().core.fleet.instances.find(({ id }) => id === rented().ready.instanceId) ?? assert.fail('it is not listed');

  async function leave(...answers: Answer[]): Promise<{ readonly dialogs: ScriptedDialogs; readonly chosen: string | undefined }> {
    const { core } = rented();
    const traits = traitsOf(core);
    const dialogs = new ScriptedDialogs(...answers);
    const deps: LeaveDeps = {
      dialogs, editor: new RecordingEditor(), links: traits, log: new FakeLog(), voice: english, leaving: new Leaving({ machines: core.links, sync: core.sync, marks: core.store, clock: systemClock, log: core.log }), unsaved: () => [], sensitive: () => false,
      downloadFolder: async () => join(rented().scratch, 'home'), traits: (provider) => traits[provider], now: () => core.meter.providerNow(),
    };
    return { dialogs, chosen: await leaveWell(deps, instance(), () => undefined) };
  }

  before(async function prepare() {
    if (process.platform === 'win32') return this.skip();
    machine = await rentMachine('vast');
  });
  after(() => machine?.[Symbol.asyncDispose]());

  it('asks shortly about one on which nothing was done', async () => {
    const { dialogs, chosen } = await leave({ press: undefined });
    assert.equal(chosen, undefined);
    assert.match(dialogs.questions[0]?.detail ?? '', /^Everything on its \d+ GB disk is lost for good/);
    assert.deepEqual(dialogs.questions[0]?.buttons.map(({ id }) => id), ['destroy', 'stop']);
  });

  it('tells what was made there and what still runs', async () => {
    await onMachine(rented(), `mkdir -p ~/out ~/.aws && printf weights >~/out/model.pt && printf key >~/.aws/credentials && cd ~/out && { exec nohup '${process.execPath}' -e 'setInterval(() => {}, 1000)' training & } >/dev/null 2>&1 </dev/null`);
    const { dialogs } = await leave({ press: undefined });
    const detail = dialogs.questions[0]?.detail ?? '';
    assert.match(detail, /^Still running on it: node -e setInterval\(\(\) => \{\}, 1000\) training\.\n\n1 file \(7 B\) in \/.* were made or changed on it, and nothing was downloaded yet\./);
  });

  it('brings home first what was made there', async () => {
    // What was written within the last seconds may be asked about once more.
    const { chosen, dialogs } = await leave({ press: 'fetch' }, { press: 'destroy' });
    assert.equal(chosen, 'destroy');
    assert.equal(readFileSync(join(rented().scratch, 'home/out/model.pt'), 'utf8'), 'weights');
    assert.equal(existsSync(join(rented().scratch, 'home/.aws')), false, 'keys are no results');
    assert.ok(dialogs.stages.some((stage) => stage.startsWith('1 of 1 files · 7 B of 7 B')), dialogs.stages.join(' | '));
  });

  it('wipes it, and leaves its guard and the way in until it is destroyed', async () => {
    const { chosen } = await leave({ press: 'wipe' }, { press: 'destroy' });
    assert.equal(chosen, 'destroy');
    const { home } = rented().ready.report;
    assert.deepEqual([join(home, 'out/model.pt'), join(home, '.aws'), join(home, '.gpu-rental')].map(existsSync), [false, false, true]);
    assert.equal(await onMachine(rented(), 'printf in'), 'in');
    await rented().core.rentals.destroy(rented().ready.instanceId as InstanceId);
    assert.equal(rented().rental.state, 'destroyed');
  });
});
