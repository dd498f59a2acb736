import assert from 'node:assert/strict';
import { askFolder, openFiles } from '../../../../src/ui/pod/openPod.ts';
import { placeFor, podCommands, type PodCommandDeps } from '../../../../src/ui/pod/podCommands.ts';
import type { PodPlace } from '../../../../src/ui/pod/podEditor.ts';
import { searchOn } from '../../../../src/ui/pod/searchFlow.ts';
import { FakeMachineLink } from '../../../fakes/fakeMachineLink.ts';
import { english } from '../support/english.ts';
import { machine, now, ready } from '../support/machines.ts';
import { RecordingEditor } from '../support/recordingEditor.ts';
import { ScriptedDialogs, type Answer } from '../support/scriptedDialogs.ts';
import { alias, fakePod } from './support.ts';

describe('opening the built-in workspace', () => {
  const bench = (practice: boolean, ...answers: Answer[]) => {
    const { pod, done } = fakePod();
    const dialogs = new ScriptedDialogs(...answers);
    return { deps: { pod, dialogs, voice: english, practice, settings: { openIn: 'newWindow' as const } }, done, dialogs };
  };

  it('opens the folder of work, under the name of the machine', async () => {
    const { deps, done } = bench(false);
    await openFiles(deps, ready());
    const bare = ready();
    await openFiles({ ...deps, settings: { openIn: 'currentWindow' } }, { ...bare, launch: { ...bare.launch, quote: { ...bare.launch.quote, name: '' } } });
    assert.deepEqual(done, [`folder ${alias} /workspace sdxl-lora true`, `folder ${alias} /workspace f-01 false`]);
  });

  it('opens the folder that is asked for, and none that leads elsewhere', async () => {
    const { deps, done } = bench(false, { type: ' /data/sets ' });
    await askFolder(deps, ready());
    assert.deepEqual(done, [`folder ${alias} /data/sets sdxl-lora true`]);
    for (const path of ['data', '/a/../b', '/a/./b', '/a\nb', '']) await assert.rejects(askFolder(bench(false, { type: path }).deps, ready()), /was refused/, path);
    const turned = bench(false, { type: undefined });
    await askFolder(turned.deps, ready());
    assert.deepEqual(turned.done, []);
  });

  it('offers single files in practice, whose market would end with the window', async () => {
    const { deps, done, dialogs } = bench(true);
    dialogs.onNotes.push({ text: /ends with its window/, press: 'file' });
    await openFiles(deps, ready());
    assert.deepEqual(done, ['pick /workspace']);
  });
});

describe('commands of the built-in workspace', () => {
  function bench({ folders = [] as readonly PodPlace[], connects = true }, ...answers: Answer[]) {
    const { pod, done } = fakePod(folders);
    const dialogs = new ScriptedDialogs(...answers);
    const editor = new RecordingEditor();
    const link = new FakeMachineLink();
    const instances = [machine()];
    const deps: PodCommandDeps = {
      pod, dialogs, editor, voice: english, practice: false, settings: { openIn: 'newWindow' }, now: () => now,
      fleet: { instances },
      presence: { link: async () => link, instance: (one) => instances.find((instance) => instance.alias === one) },
      flows: {
        connect: async ({ id }, retry) => {
          done.push(`connect ${id}`);
          if (connects) return ready();
          await retry();
          return undefined;
        },
      },
    };
    return { deps, commands: podCommands(deps), done, dialogs, editor, link };
  }

  it('ask the machine to answer first', async () => {
    const { commands, done } = bench({}, { type: '/data' });
    await commands['gpuRental.instance.openFiles']();
    await commands['gpuRental.instance.openFolder']('instance/vast:77');
    assert.deepEqual(done, ['connect vast:77', `folder ${alias} /workspace sdxl-lora true`, 'connect vast:77', `folder ${alias} /data sdxl-lora true`]);
  });

  it('try again as themselves', async () => {
    const { commands, editor } = bench({ connects: false });
    await commands['gpuRental.instance.openFiles']();
    await commands['gpuRental.instance.search']('instance/vast:77');
    assert.deepEqual(editor.done, ['run gpuRental.instance.openFiles vast:77', 'run gpuRental.instance.search vast:77']);
  });

  it('go to the machine that the window works on, when there is one', async () => {
    const { deps, done } = bench({ folders: [{ alias, path: '/workspace/project' }] });
    assert.deepEqual(await placeFor(deps, undefined, 'gpuRental.instance.openTerminal'), { alias, name: 'sdxl-lora', folder: '/workspace/project' });
    assert.deepEqual(done, []);
    const gone = bench({ folders: [{ alias: 'gpu-rental-gone-00', path: '/w' }] });
    assert.deepEqual(await placeFor(gone.deps, undefined, 'gpuRental.instance.openTerminal'), { alias, name: 'sdxl-lora', folder: '/workspace' });
  });

  it('search, and open what is chosen', async () => {
    const { commands, done, dialogs, link } = bench({ folders: [{ alias, path: '/w' }] }, { type: 'loss' }, { choose: /second/ });
    link.answer = () => ({ stdout: 'gpu-rental-search\n./a.py\x003:first loss\n./a.py\x009:second loss $(x)\n./b.py\x001:\n', stderr: '', code: 0 });
    await commands['gpuRental.instance.search']();
    assert.deepEqual(done, ['show /w/a.py:9']);
    assert.deepEqual(dialogs.picks[0]?.choices.map(({ label, section }) => [label, section]), [['first loss', 'a.py'], ['second loss $ (x)', undefined], ['·', 'b.py']]);
    assert.equal(dialogs.picks[0]?.title, '3 lines');
  });
});

describe('a search', () => {
  const bench = (...answers: Answer[]) => {
    const link = new FakeMachineLink();
    const dialogs = new ScriptedDialogs(...answers);
    const { pod, done } = fakePod();
    return { link, dialogs, done, search: () => searchOn({ dialogs, voice: english, pod }, { link, name: 'box', folder: '/w' }) };
  };

  it('that finds nothing says so, and one that is not wanted asks nothing', async () => {
    const { search, link, dialogs } = bench({ type: 'x' });
    link.answer = () => ({ stdout: 'gpu-rental-search\n', stderr: '', code: 0 });
    await search();
    assert.deepEqual(dialogs.notes.map(({ text }) => text), ['Nothing in /w has that text.']);
    const turned = bench({ type: undefined });
    await turned.search();
    assert.deepEqual(turned.link.asked, []);
  });

  it('takes one line of text', async () => {
    for (const text of ['', '  ', 'a\nb', 'a\0b']) await assert.rejects(bench({ type: text }).search(), /was refused/);
  });

  it('says when there was more', async () => {
    const { search, link, dialogs } = bench({ type: 'x' }, { choose: undefined });
    link.answer = () => ({ stdout: `gpu-rental-search\n${'./a\x001:x\n'.repeat(600)}`, stderr: '', code: 0 });
    await search();
    assert.equal(dialogs.picks[0]?.title, 'The first 500 lines, and there are more');
  });

  it('that cannot be read is an error, and no empty answer', async () => {
    const { search, link } = bench({ type: 'x' });
    link.answer = () => ({ stdout: '', stderr: 'cd: no such folder', code: 4 });
    await assert.rejects(search(), { code: 'badResponse' });
  });
});
