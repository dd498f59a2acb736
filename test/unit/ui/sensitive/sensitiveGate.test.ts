import assert from 'node:assert/strict';
import type { SensitiveSign } from '../../../../src/domain/sensitiveSigns.ts';
import type { SensitiveWork } from '../../../../src/ui/settings.ts';
import { createSettings } from '../../../../src/ui/settings.ts';
import { mayRent } from '../../../../src/ui/sensitive/sensitiveGate.ts';
import { drawer } from '../support/drawer.ts';
import { english } from '../support/english.ts';
import { RecordingEditor } from '../support/recordingEditor.ts';
import { ScriptedDialogs, type Answer } from '../support/scriptedDialogs.ts';

const evidence: readonly SensitiveSign[] = [{ is: 'privateRemote', host: 'git.acme.com' }, { is: 'companyAddress', domain: 'acme.com' }, { is: 'envFile', name: '.env' }];

class Bench {
  readonly dialogs: ScriptedDialogs;
  readonly editor = new RecordingEditor();
  readonly memory = drawer();
  setting: SensitiveWork = 'ask';
  signs = evidence;
  looked = 0;

  constructor(...answers: Answer[]) {
    this.dialogs = new ScriptedDialogs(...answers);
  }

  rents(tier: 'community' | 'datacentre' = 'community'): Promise<boolean> {
    return mayRent({
      dialogs: this.dialogs, editor: this.editor, memory: this.memory, voice: english,
      settings: { sensitiveWork: this.setting },
      signs: async () => {
        this.looked++;
        return this.signs;
      },
      limit: async () => void (this.setting = 'on'),
    }, { tier });
  }
}

describe('renting from a workspace that looks sensitive', () => {
  it('asks at the first private host, with the evidence and what its owner can see', async () => {
    const bench = new Bench({ press: 'open' });
    assert.equal(await bench.rents(), true);
    const [question] = bench.dialogs.questions;
    assert.match(question?.detail ?? '', /its remote is at git\.acme\.com; it is committed to with an address at acme\.com; \.env lies in it\./);
    assert.match(question?.detail ?? '', /owner can read and change everything on it: files, memory, environment/);
    assert.equal(question?.buttons[0]?.id, 'limit', 'Enter takes the careful way');
    assert.equal(await bench.rents(), true, 'it is not asked again');
    assert.equal(bench.looked, 1);
  });

  it('limits the workspace, shows what is left, and rents nothing', async () => {
    const bench = new Bench({ press: 'limit' }, { press: undefined });
    assert.equal(await bench.rents(), false);
    assert.deepEqual([bench.setting, bench.editor.done], ['on', ['view gpuRental.offers']]);
    assert.equal(await bench.rents(), false);
    assert.equal(await bench.rents('datacentre'), true);
  });

  it('asks again where the answer could not be kept, and rents nothing when the person turns away', async () => {
    const bench = new Bench({ press: 'limit' }, { press: undefined });
    assert.equal(await bench.rents(), false);
    bench.setting = 'ask'; // a workspace that is not trusted cannot hold it
    assert.equal(await bench.rents(), false);
    assert.equal(bench.dialogs.questions.length, 2);
    assert.deepEqual(bench.memory.content, {});
  });

  it('asks nothing where nothing looks so, of a datacentre, or where the setting has answered', async () => {
    const bench = new Bench();
    bench.signs = [];
    assert.equal(await bench.rents(), true);
    bench.signs = evidence;
    assert.equal(await bench.rents('datacentre'), true);
    bench.setting = 'off';
    assert.equal(await bench.rents(), true);
    assert.equal(bench.looked, 1);
  });

  it('refuses a private host where it is limited, says why, and shows ways on', async () => {
    const bench = new Bench({ press: 'offers' }, { press: 'settings' });
    bench.setting = 'on';
    await bench.memory.update('gpuRental.notSensitive', true);
    assert.deepEqual([await bench.rents(), await bench.rents()], [false, false]);
    assert.match(bench.dialogs.questions[0]?.detail ?? '', /this offer is a private host/);
    assert.deepEqual(bench.editor.done, ['view gpuRental.offers', 'settings gpuRental.sensitiveWork']);
  });
});

it('a setting of sensitive work that means nothing asks', () => {
  for (const [value, told] of [['on', 'on'], ['off', 'off'], ['ask', 'ask'], [undefined, 'ask'], [true, 'ask'], ['ON', 'ask']] as const) assert.equal(createSettings(() => value).sensitiveWork, told);
});
