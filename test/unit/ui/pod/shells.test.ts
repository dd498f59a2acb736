import assert from 'node:assert/strict';
import { chooseShell } from '../../../../src/ui/pod/chooseShell.ts';
import { ShellMemory } from '../../../../src/ui/pod/shellMemory.ts';
import { english } from '../support/english.ts';
import { ScriptedDialogs } from '../support/scriptedDialogs.ts';
import { alias } from './support.ts';

describe('the shells that a machine keeps', () => {
  const left = [{ name: 's-1', attached: false, running: 'python3', idle: false }, { name: 's-2', attached: false, running: 'bash', idle: true }];
  const chosen = (dialogs: ScriptedDialogs, shells = left) => chooseShell({ dialogs, voice: english }, 'box', shells);

  it('are offered beside a new one', async () => {
    const dialogs = new ScriptedDialogs({ choose: /python3 runs/ });
    assert.deepEqual(await chosen(dialogs), { shell: 's-1' });
    assert.deepEqual(dialogs.picks[0]?.choices.map(({ label }) => label), ['New terminal', 'python3 runs', 'A shell that waits']);
    assert.deepEqual(await chosen(new ScriptedDialogs({ choose: /New/ })), { shell: undefined });
    assert.equal(await chosen(new ScriptedDialogs({ choose: undefined })), undefined);
  });

  it('ask nothing where there are none', async () => {
    assert.deepEqual(await chosen(new ScriptedDialogs(), []), { shell: undefined });
  });

  it('are remembered for each machine, whatever was kept before', () => {
    const kept = new Map<string, unknown>([['pod.shells', { [alias]: ['s-0', 7], other: 'nonsense' }]]);
    const memory = new ShellMemory({ get: (key) => kept.get(key), update: async (key, value) => void kept.set(key, value) });
    assert.deepEqual([memory.of(alias), memory.of('other'), memory.of('new')], [['s-0'], [], []]);
    memory.add(alias, 's-1');
    memory.add(alias, 's-1');
    memory.remove(alias, 's-0');
    memory.add('new', 's-9');
    memory.remove('new', 's-9');
    assert.deepEqual(kept.get('pod.shells'), { other: 'nonsense', [alias]: ['s-1'] });
  });
});
