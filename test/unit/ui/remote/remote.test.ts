import assert from 'node:assert/strict';
import { RentError } from '../../../../src/domain/errors.ts';
import { expandHome, openWorkspace, type HandOverDeps } from '../../../../src/ui/remote/handOver.ts';
import type { PodEditor } from '../../../../src/ui/pod/podEditor.ts';
import type { RemoteEditor } from '../../../../src/ui/remote/remoteEditor.ts';
import { findRemoteSsh, remoteSshFor, remoteSshIds } from '../../../../src/ui/remote/remoteSsh.ts';
import { presetRemote } from '../../../../src/ui/remote/remoteSettings.ts';
import { FakeLog } from '../../../fakes/fakeLog.ts';
import { english } from '../support/english.ts';
import { ready } from '../support/machines.ts';
import { RecordingEditor } from '../support/recordingEditor.ts';
import { ScriptedDialogs, type Answer } from '../support/scriptedDialogs.ts';

class FakeRemote implements RemoteEditor {
  uriScheme = 'vscode';
  isWeb = false;
  home = '/home/ada';
  readonly installed = new Set<string>(['ms-vscode-remote.remote-ssh']);
  readonly settings = new Map<string, unknown>();
  readonly writes: string[] = [];
  readonly opened: string[] = [];
  readOnly = false;
  isInstalled = (id: string): boolean => this.installed.has(id);
  install = async (id: string): Promise<void> => void this.installed.add(id);
  setting = (id: string): unknown => this.settings.get(id);
  updateSetting = async (id: string, value: unknown): Promise<void> => {
    if (this.readOnly) throw new Error('settings.json is read-only');
    this.writes.push(id);
    this.settings.set(id, value);
  };
  openFolder = async (authority: string, path: string, newWindow: boolean): Promise<void> => void this.opened.push(`${authority} ${path} ${newWindow}`);
}

class Bench {
  readonly remote = new FakeRemote();
  readonly editor = new RecordingEditor();
  readonly dialogs: ScriptedDialogs;
  readonly connected: string[] = [];
  connect = (): Promise<void> => Promise.resolve();
  readonly builtIn: string[] = [];
  openIn: 'newWindow' | 'currentWindow' = 'newWindow';
  readonly log = new FakeLog();

  constructor(...answers: Answer[]) {
    this.dialogs = new ScriptedDialogs(...answers);
  }

  get deps(): HandOverDeps {
    const links = { keysUrl: '', billingUrl: '' };
    return {
      dialogs: this.dialogs, editor: this.editor, log: this.log, voice: english, links: { vast: links, runpod: links, lambda: links }, remote: this.remote, pod: this.pod, practice: false, settings: { openIn: this.openIn },
      liveAliases: () => ['gpu-rental-abcdef-01'],
      ssh: {
        hostFile: '/state/ssh/config',
        includeLine: 'Include "/state/ssh/config"',
        command: (alias) => `ssh ${alias}`,
        connectUserConfig: async (path) => {
          this.connected.push(path);
          await this.connect();
        },
      },
    };
  }

  readonly pod: PodEditor = {
    folders: [],
    openFolder: async ({ alias, path }, name, newWindow) => void this.builtIn.push(`${alias} ${path} ${name} ${newWindow}`),
    pickFile: async () => undefined, show: async () => undefined,
    refreshExplorer: async () => undefined,
  };

  async open(): Promise<this> {
    await openWorkspace(this.deps, ready());
    assert.equal(this.dialogs.unused, 0);
    return this;
  }
}

describe('which Remote-SSH', () => {
  it('is the first of the known ones that is there', () => {
    for (const id of remoteSshIds) assert.equal(findRemoteSsh((one) => one === id), id);
    assert.equal(findRemoteSsh(() => true), 'jeanp413.open-remote-ssh');
    assert.equal(findRemoteSsh(() => false), undefined);
  });

  it('to install depends on whose build this is', () => {
    assert.equal(remoteSshFor('vscode'), 'ms-vscode-remote.remote-ssh');
    assert.equal(remoteSshFor('vscode-insiders'), 'ms-vscode-remote.remote-ssh');
    for (const scheme of ['vscodium', 'cursor', 'windsurf', 'positron', 'code-oss']) assert.equal(remoteSshFor(scheme), 'jeanp413.open-remote-ssh');
  });
});

describe('settings of Remote-SSH', () => {
  const alias = 'gpu-rental-abcdef-02';
  const preset = async (settings: Record<string, unknown>, live: readonly string[] = [alias], readOnly = false) => {
    const remote = new FakeRemote();
    const log = new FakeLog();
    for (const [id, value] of Object.entries(settings)) remote.settings.set(id, value);
    remote.readOnly = readOnly;
    await presetRemote(remote, alias, live, log);
    return { remote, log };
  };

  it('name the platform and wait longer', async () => {
    const { remote } = await preset({ 'remote.SSH.remotePlatform': { mine: 'macOS' }, 'remote.SSH.connectTimeout': 15 });
    assert.deepEqual(remote.setting('remote.SSH.remotePlatform'), { mine: 'macOS', [alias]: 'linux' });
    assert.equal(remote.setting('remote.SSH.connectTimeout'), 60);
  });

  it('are not written when they are right', async () => {
    const { remote } = await preset({ 'remote.SSH.remotePlatform': { [alias]: 'linux' }, 'remote.SSH.connectTimeout': 1800 });
    assert.deepEqual(remote.writes, []);
  });

  it('lose ours of machines that are gone, and nobody else’s', async () => {
    const { remote } = await preset({ 'remote.SSH.remotePlatform': { 'gpu-rental-abcdef-00': 'linux', 'gpu-rental-abcdef-01': 'linux', box: 'windows' }, 'remote.SSH.connectTimeout': 60 }, ['gpu-rental-abcdef-01', alias]);
    assert.deepEqual(remote.setting('remote.SSH.remotePlatform'), { 'gpu-rental-abcdef-01': 'linux', box: 'windows', [alias]: 'linux' });
  });

  it('leave the platform alone where a remote command forbids it', async () => {
    assert.deepEqual((await preset({ 'remote.SSH.enableRemoteCommand': true })).remote.writes, ['remote.SSH.connectTimeout']);
  });

  it('may be read-only, or odd', async () => {
    const { remote, log } = await preset({ 'remote.SSH.remotePlatform': 'nonsense' }, [alias], true);
    assert.deepEqual(remote.writes, []);
    assert.equal(log.lines.length, 2);
  });
});

describe('opening a workspace', () => {
  it('includes our hosts, then opens the folder in a new window', async () => {
    const { connected, remote, builtIn } = await new Bench().open();
    assert.deepEqual(connected, ['/home/ada/.ssh/config']);
    assert.deepEqual([remote.opened, builtIn], [['ssh-remote+gpu-rental-abcdef-01 /workspace true'], []]);
  });

  it('follows the settings for window and configuration file', async () => {
    const bench = new Bench();
    bench.openIn = 'currentWindow';
    bench.remote.settings.set('remote.SSH.configFile', '~/dotfiles/ssh');
    await bench.open();
    assert.deepEqual(bench.connected, ['/home/ada/dotfiles/ssh']);
    assert.deepEqual(bench.remote.opened, ['ssh-remote+gpu-rental-abcdef-01 /workspace false']);
  });

  it('needs no Include in a file that is ours', async () => {
    const bench = new Bench();
    bench.remote.settings.set('remote.SSH.configFile', '/state/ssh/config');
    await bench.open();
    assert.deepEqual([bench.connected, bench.remote.opened.length], [[], 1]);
  });

  const unwritable = (...answers: Answer[]): Bench => {
    const bench = new Bench(...answers);
    bench.connect = () => Promise.reject(new RentError('sshConfig', { detail: 'EACCES' }));
    return bench;
  };

  it('points Remote-SSH to our file when the person agrees', async () => {
    const bench = await unwritable({ press: 'point' }).open();
    assert.equal(bench.remote.setting('remote.SSH.configFile'), '/state/ssh/config');
    assert.equal(bench.remote.opened.length, 1);
    assert.match(bench.dialogs.questions[0]?.detail ?? '', /Include "\/state\/ssh\/config".*missing from its list/s);
  });

  it('gives the line to copy, and opens nothing that cannot work', async () => {
    const bench = await unwritable({ press: 'copy' }).open();
    assert.deepEqual(bench.editor.done, ['copy Include "/state/ssh/config"']);
    assert.deepEqual(bench.remote.opened, []);
    assert.deepEqual((await unwritable({ press: undefined }).open()).remote.opened, []);
  });

  it('never overrules a configuration file that the person has chosen', async () => {
    const bench = unwritable({ press: 'copy' });
    bench.remote.settings.set('remote.SSH.configFile', '/nix/ssh');
    await bench.open();
    assert.deepEqual(bench.dialogs.questions[0]?.buttons.map(({ id }) => id), ['copy']);
    assert.equal(bench.remote.setting('remote.SSH.configFile'), '/nix/ssh');
  });

  it('reports what else goes wrong', async () => {
    const bench = new Bench();
    bench.connect = () => Promise.reject(new Error('boom'));
    await bench.open();
    assert.deepEqual([bench.dialogs.notes.length, bench.remote.opened.length], [1, 0]);
  });
});

describe('without Remote-SSH', () => {
  for (const isWeb of [false, true]) {
    it(`the folder opens all the same, ${isWeb ? 'in a browser' : 'on a desktop'}`, async () => {
      const bench = new Bench();
      bench.remote.installed.clear();
      bench.remote.isWeb = isWeb;
      bench.openIn = isWeb ? 'currentWindow' : 'newWindow';
      await bench.open();
      assert.deepEqual(bench.builtIn, [`gpu-rental-abcdef-01 /workspace sdxl-lora ${!isWeb}`]);
      assert.deepEqual([bench.remote.opened, bench.connected, bench.remote.writes, bench.dialogs.notes], [[], [], [], []]);
    });
  }
});

describe('a path in a setting', () => {
  it('has its home expanded as a shell would, and only there', () => {
    assert.equal(expandHome('~/x', '/home/ada'), '/home/ada/x');
    assert.equal(expandHome('~', '/home/ada'), '/home/ada');
    assert.equal(expandHome('/etc/~x', '/home/ada'), '/etc/~x');
    assert.equal(expandHome('~bob/x', '/home/ada'), '~bob/x');
  });
});
