import assert from 'node:assert/strict';
import { RentError } from '../../../../src/domain/errors.ts';
import { expandHome, openTerminal, openWorkspace, type HandOverDeps } from '../../../../src/ui/remote/handOver.ts';
import type { RemoteEditor, TerminalAsked } from '../../../../src/ui/remote/remoteEditor.ts';
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
  readonly terminals: TerminalAsked[] = [];
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
  openTerminal = (asked: TerminalAsked): void => void this.terminals.push(asked);
  closeTerminals = (): void => undefined;
}

class Bench {
  readonly remote = new FakeRemote();
  readonly editor = new RecordingEditor();
  readonly dialogs: ScriptedDialogs;
  readonly connected: string[] = [];
  connect = (): Promise<void> => Promise.resolve();
  openIn: 'newWindow' | 'currentWindow' = 'newWindow';
  readonly log = new FakeLog();

  constructor(...answers: Answer[]) {
    this.dialogs = new ScriptedDialogs(...answers);
  }

  get deps(): HandOverDeps {
    const links = { keysUrl: '', billingUrl: '' };
    return {
      dialogs: this.dialogs, editor: this.editor, log: this.log, voice: english, links: { vast: links, runpod: links }, remote: this.remote, settings: { openIn: this.openIn },
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
    const { connected, remote } = await new Bench().open();
    assert.deepEqual(connected, ['/home/ada/.ssh/config']);
    assert.deepEqual(remote.opened, ['ssh-remote+gpu-rental-abcdef-01 /workspace true']);
    assert.deepEqual(remote.terminals, []);
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
  it('a terminal opens, and the right extension is offered', async () => {
    const bench = new Bench();
    bench.remote.installed.clear();
    bench.remote.uriScheme = 'vscodium';
    bench.dialogs.onNotes.push({ text: /No Remote-SSH/, press: 'install' });
    await bench.open();
    assert.deepEqual(bench.remote.terminals.map(({ shellArgs }) => shellArgs), [['-F', '/state/ssh/config', 'gpu-rental-abcdef-01']]);
    assert.deepEqual([...bench.remote.installed], ['jeanp413.open-remote-ssh']);
    assert.equal(bench.remote.opened.length, 1, 'what was asked for happens after all');
  });

  it('is said when the installed one is not loaded yet', async () => {
    const bench = new Bench();
    bench.remote.installed.clear();
    bench.remote.install = async () => undefined;
    bench.dialogs.onNotes.push({ text: /No Remote-SSH/, press: 'install' });
    await bench.open();
    assert.match(bench.dialogs.notes[1]?.text ?? '', /open the workspace again/);
  });

  it('a browser is offered nothing that it cannot run', async () => {
    const bench = new Bench();
    bench.remote.installed.clear();
    bench.remote.isWeb = true;
    await bench.open();
    assert.deepEqual(bench.dialogs.notes.map(({ buttons }) => buttons), [[]]);
    assert.equal(bench.remote.terminals.length, 1);
  });
});

describe('a terminal on the machine', () => {
  it('uses the ssh of the settings and a name that cannot mislead', () => {
    const bench = new Bench();
    bench.remote.settings.set('remote.SSH.path', '/opt/ssh');
    const odd = ready();
    openTerminal(bench.deps, { ...odd, launch: { ...odd.launch, quote: { ...odd.launch.quote, name: 'a\u001b]0;x\u0007$(b)' } } });
    assert.deepEqual(bench.remote.terminals, [{ name: 'a -0-x - -b-', shellPath: '/opt/ssh', shellArgs: ['-F', '/state/ssh/config', 'gpu-rental-abcdef-01'] }]);
  });

  it('falls back to the alias for a name', () => {
    const bench = new Bench();
    const bare = ready();
    openTerminal(bench.deps, { ...bare, launch: { ...bare.launch, quote: { ...bare.launch.quote, name: '' } } });
    assert.deepEqual([bench.remote.terminals[0]?.name, bench.remote.terminals[0]?.shellPath], ['gpu-rental-abcdef-01', 'ssh']);
  });

  it('expands a home as a shell would, and only there', () => {
    assert.equal(expandHome('~/x', '/home/ada'), '/home/ada/x');
    assert.equal(expandHome('~', '/home/ada'), '/home/ada');
    assert.equal(expandHome('/etc/~x', '/home/ada'), '/etc/~x');
    assert.equal(expandHome('~bob/x', '/home/ada'), '~bob/x');
  });
});
