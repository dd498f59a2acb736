import assert from 'node:assert/strict';
import { RentError } from '../../../../src/domain/errors.ts';
import type { InstanceId } from '../../../../src/domain/instance.ts';
import { usd } from '../../../../src/domain/money.ts';
import type { FleetInstance } from '../../../../src/services/fleetInstance.ts';
import { instanceCommands } from '../../../../src/ui/instances/instanceCommands.ts';
import { InstanceFlows } from '../../../../src/ui/instances/instanceFlows.ts';
import type { TerminalAsked } from '../../../../src/ui/pod/podTerminals.ts';
import type { RemoteEditor } from '../../../../src/ui/remote/remoteEditor.ts';
import { createSettings } from '../../../../src/ui/settings.ts';
import { FakeLog } from '../../../fakes/fakeLog.ts';
import { english } from '../support/english.ts';
import { nothingLeft } from '../support/leaving.ts';
import { foreign, machine, minuteMs, now, purse, ready } from '../support/machines.ts';
import { RecordingEditor } from '../support/recordingEditor.ts';
import { ScriptedDialogs, type Answer } from '../support/scriptedDialogs.ts';

function bench(instances: readonly FleetInstance[], ...answers: Answer[]) {
  const dialogs = new ScriptedDialogs(...answers);
  const editor = new RecordingEditor();
  const calls: string[] = [];
  const shown: string[] = [];
  const faults = { connect: undefined as RentError | undefined, logs: undefined as RentError | undefined };
  const note = (...words: unknown[]): void => void calls.push(words.join(' '));
  const remote: RemoteEditor = {
    uriScheme: 'vscode', isWeb: false, home: '/home/ada',
    isInstalled: () => true, install: async () => undefined, setting: () => undefined, updateSetting: async () => undefined,
    openFolder: async (authority, path) => note('folder', authority, path),
  };
  const rentals = {
    stop: async (id: InstanceId) => note('stop', id),
    destroy: async (id: InstanceId) => note('destroy', id),
    start: async (id: InstanceId) => (note('start', id), ready()),
    reboot: async (id: InstanceId) => (note('reboot', id), ready()),
    startEndpoint: async (id: InstanceId) => note('start endpoint', id),
    renew: (id: InstanceId, until: number) => note('renew', id, (until - now) / minuteMs),
    setBudget: (id: InstanceId, budget: number) => note('budget', id, budget),
    connect: async (id: InstanceId) => {
      note('connect', id);
      if (faults.connect) throw faults.connect;
      return ready();
    },
    logs: async (id: InstanceId) => {
      note('logs', id);
      if (faults.logs) throw faults.logs;
      return id === 'vast:77' ? 'hello from the machine' : '';
    },
  };
  const traits = { name: 'Vast.ai', defaultImage: '', workspaceFolder: '', keysUrl: '', billingUrl: '', usualStartMinutes: [1, 3], chargesSettleMs: 0, chargeBucketMs: 3_600_000, carriesGuard: () => true } as const;
  const shared = {
    ...nothingLeft, dialogs, editor, remote, rentals, log: new FakeLog(), voice: english, links: { vast: traits, runpod: traits, lambda: traits }, now: () => now, purse: () => purse(), settings: createSettings(() => undefined),
    practice: false, traits: () => traits, onReady: () => note('ready'), liveAliases: () => [], showText: async (name: string, text: string) => void shown.push(`${name}: ${text}`),
    fleet: { instances, refresh: async () => note('refresh') },
    pod: { folders: [], openFolder: async () => undefined, pickFile: async () => undefined, show: async () => undefined, refreshExplorer: async () => undefined },
    openTerminal: async ({ alias, name, folder }: TerminalAsked) => note('terminal', alias, name, folder),
    closeTerminals: () => note('leave'),
    ssh: { hostFile: '/state/ssh/config', includeLine: 'Include x', command: (alias: string) => `ssh -F "/state/ssh/config" ${alias}`, connectUserConfig: async () => undefined },
  };
  const commands = instanceCommands({ ...shared, flows: new InstanceFlows(shared) });
  return { commands, calls, shown, dialogs, editor, faults };
}

describe('commands of instances', () => {
  it('connect before anything is opened', async () => {
    const { commands, calls } = bench([machine()]);
    await commands['gpuRental.instance.openWorkspace']();
    await commands['gpuRental.instance.openTerminal']('instance/vast:77');
    assert.deepEqual(calls, ['connect vast:77', 'folder ssh-remote+gpu-rental-abcdef-01 /workspace', 'connect vast:77', 'terminal gpu-rental-abcdef-01 sdxl-lora /workspace']);
  });

  it('open nothing on a machine that does not answer, and try again when asked to', async () => {
    const { commands, calls, dialogs, faults } = bench([machine()]);
    faults.connect = new RentError('sshUnreachable');
    dialogs.onNotes.push({ text: /does not answer/, press: 'retry' });
    await commands['gpuRental.instance.openTerminal']();
    assert.ok(calls.every((call) => call === 'connect vast:77'));
    faults.connect = undefined;
    while (dialogs.notes.length < 2 && !calls.some((call) => call.startsWith('terminal'))) await Promise.resolve();
    assert.ok(calls.filter((call) => call.startsWith('connect')).length >= 2);
  });

  it('copy what a shell needs', async () => {
    const { commands, editor } = bench([machine()]);
    await commands['gpuRental.instance.copySsh']();
    assert.deepEqual(editor.done, ['copy ssh -F "/state/ssh/config" gpu-rental-abcdef-01']);
  });

  it('show the log, also when it is empty or of somebody else', async () => {
    const { commands, shown } = bench([machine({ name: 'a/b' }), foreign({ id: 'vast:9' as InstanceId })]);
    await commands['gpuRental.instance.showLogs']('instance/vast:77');
    await commands['gpuRental.instance.showLogs']('instance/vast:9');
    assert.deepEqual(shown, ['a-b.log: hello from the machine', 'their-box.log: The log is empty.']);
  });

  it('say why a log cannot be had', async () => {
    const { commands, shown, dialogs, faults } = bench([machine({ provider: 'runpod', id: 'runpod:p' as InstanceId })]);
    faults.logs = new RentError('rateLimited');
    await commands['gpuRental.instance.showLogs']();
    assert.deepEqual([shown, dialogs.notes.map(({ text }) => text)], [[], ['RunPod wants us to ask less often.']]);
  });

  it('do every deed to the machine they are invoked on, after its question', async () => {
    const other = machine({ id: 'vast:78' as InstanceId, state: 'stopped' });
    const { commands, calls } = bench([machine(), other], { press: 'yes' }, { press: 'yes' }, { press: 'yes' }, { press: 'destroy' }, { choose: /^1 h/ }, { type: '9' });
    await commands['gpuRental.instance.stop']('instance/vast:77');
    await commands['gpuRental.instance.reboot']('instance/vast:77');
    await commands['gpuRental.instance.start']('instance/vast:78');
    await commands['gpuRental.instance.destroy']('instance/vast:78');
    await commands['gpuRental.instance.extendLease']('instance/vast:77');
    await commands['gpuRental.instance.setBudget']('instance/vast:77');
    assert.deepEqual(calls, [
      'leave', 'stop vast:77', 'leave', 'reboot vast:77', 'ready', 'renew vast:78 130', `budget vast:78 ${usd(5)}`, 'start vast:78', 'ready', 'leave', 'destroy vast:78', 'renew vast:77 190', `budget vast:77 ${usd(9)}`,
    ]);
  });

  it('open the console and read the list again', async () => {
    const { commands, calls, editor } = bench([foreign()]);
    await commands['gpuRental.instance.openConsole']('instance/vast:77');
    await commands['gpuRental.instances.refresh']();
    assert.deepEqual([editor.done, calls], [['open https://cloud.vast.ai/instances/'], ['refresh']]);
  });

  it('offer nothing for what was not rented here that only its owner may do', async () => {
    for (const command of ['openWorkspace', 'openTerminal', 'copySsh', 'start', 'reboot', 'extendLease', 'setBudget'] as const) {
      const { commands, calls, dialogs } = bench([foreign()]);
      await commands[`gpuRental.instance.${command}`]('instance/vast:77');
      assert.deepEqual([calls, dialogs.notes.map(({ text }) => text)], [[], ['No machine allows that now.']], command);
    }
  });
});
