import assert from 'node:assert/strict';
import { createEmitter } from '../../../../src/domain/emitter.ts';
import { RentError, type ErrorCode } from '../../../../src/domain/errors.ts';
import { RemoteFileError, type FileProblem } from '../../../../src/domain/machineLink.ts';
import { usd } from '../../../../src/domain/money.ts';
import type { FleetInstance } from '../../../../src/services/fleetInstance.ts';
import { Once } from '../../../../src/services/once.ts';
import { TooLarge } from '../../../../src/services/pod/tooLarge.ts';
import type { PresenceChange } from '../../../../src/services/pod/presence.ts';
import { explainBuiltIn } from '../../../../src/ui/pod/builtInNote.ts';
import { presenceNote } from '../../../../src/ui/pod/presenceNotes.ts';
import { podProblem } from '../../../../src/ui/pod/podProblem.ts';
import { podAlias } from '../../../../src/ui/pod/podUri.ts';
import { listenToPresence } from '../../../../src/ui/pod/presenceListener.ts';
import { FakeLog } from '../../../fakes/fakeLog.ts';
import { until } from '../../practice/pod/support/pod.ts';
import { english } from '../support/english.ts';
import { machine } from '../support/machines.ts';
import { RecordingEditor } from '../support/recordingEditor.ts';
import { ScriptedDialogs } from '../support/scriptedDialogs.ts';
import { alias, fakePod } from './support.ts';

describe('an address of a file on a machine', () => {
  it('names a machine of ours, or none', () => {
    assert.equal(podAlias({ scheme: 'gpu-pod', authority: alias }), alias);
    for (const [scheme, authority] of [['file', alias], ['gpu-pod', ''], ['gpu-pod', 'example.com'], ['gpu-pod', 'gpu-rental-A/..'], ['vscode-remote', `ssh-remote+${alias}`]] as const) assert.equal(podAlias({ scheme, authority }), undefined);
  });
});

describe('what goes wrong with a file', () => {
  const kinds: Readonly<Record<FileProblem, string>> = {
    notFound: 'FileNotFound', exists: 'FileExists', noPermission: 'NoPermissions', notFolder: 'FileNotADirectory', isFolder: 'FileIsADirectory',
    notEmpty: 'Unknown', diskFull: 'Unknown', badName: 'Unknown', unsupported: 'Unavailable', failed: 'Unknown',
  };

  it('is of a kind that the editor knows, and says what it is about', () => {
    for (const [problem, kind] of Object.entries(kinds)) {
      const said = podProblem(new RemoteFileError(problem as FileProblem, '/w/a.py'), 'box', english);
      assert.equal(said.kind, kind, problem);
      assert.ok(said.text.includes(problem === 'unsupported' ? 'box' : '/w/a.py'), said.text);
    }
    assert.match(podProblem(new RemoteFileError('diskFull', '/w/a'), 'box', english).text, /full.*unchanged/);
    assert.match(podProblem(new TooLarge('/w/a', 40e9), 'box', english).text, /^40 GB is too large/);
  });

  it('is that it cannot be reached, for everything about the line', () => {
    for (const code of ['sshUnreachable', 'gone', 'notAllowed', 'hostKeyChanged', 'sshRefused'] satisfies ErrorCode[]) {
      assert.equal(podProblem(new RentError(code), 'box', english).kind, 'Unavailable', code);
    }
    assert.match(podProblem(new RentError('gone'), 'box', english).text, /does not exist any more/);
    assert.match(podProblem(new RentError('notAllowed'), 'box', english).text, /start it/);
    assert.equal(podProblem(new Error('boom'), 'box', english).kind, 'Unavailable');
  });

  it('shows no name that misleads', () => {
    assert.doesNotMatch(podProblem(new RemoteFileError('notFound', '/w/\u202e$(x)](y)'), 'box', english).text, /\u202e|\$\(|\]\(/);
  });
});

describe('a machine that goes while somebody works on it', () => {
  const status = { armed: true, ageMs: 0, usedMs: 0, spent: usd(0), idleMs: 0, sshConnections: 0, tries: 0, reason: 'run', phase: 'watching' } as const;
  const heard = { protection: 'protected', checkedMs: 10_000, status } as const;

  function bench(...presses: readonly { readonly text: RegExp; readonly press: string }[]) {
    return benchIn({ acts: false }, ...presses);
  }

  function benchIn({ acts }: { readonly acts: boolean }, ...presses: readonly { readonly text: RegExp; readonly press: string }[]) {
    const changed = createEmitter<PresenceChange>();
    const dialogs = new ScriptedDialogs();
    dialogs.onNotes.push(...presses);
    const editor = new RecordingEditor();
    const { pod, done } = fakePod();
    const listener = listenToPresence({
      presence: { onDidChange: changed.event }, dialogs, editor, voice: english, pod, explains: () => acts, report: (error) => assert.fail(String(error)),
      reconnect: async ({ id }: FleetInstance) => void done.push(`reconnect ${id}`),
    });
    const become = (to: PresenceChange['now'], instance = machine()): void => changed.fire({ alias, name: 'sdxl-lora', before: 'here', now: to, instance });
    return { listener, become, dialogs, editor, done };
  }

  it('is told with a way back', async () => {
    const { become, dialogs, done } = bench({ text: /does not answer/, press: 'reconnect' });
    become('lost');
    await until('it reconnects', () => done.length > 0);
    assert.deepEqual(done, ['reconnect vast:77']);
    assert.match(dialogs.notes[0]?.text ?? '', /sdxl-lora does not answer\. What runs there goes on, and it bills/);
  });

  it('is not called lost while its guard ends it as announced', () => {
    for (const [phase, graceLeftMs, told] of [['acting', undefined, 0], ['grace', 60_000, 0], ['grace', 170_000, 1], ['watching', undefined, 1]] as const) {
      const { become, dialogs, listener } = bench();
      become('lost', machine({ guard: { ...heard, status: { ...status, phase, ...(graceLeftMs === undefined ? {} : { graceLeftMs }) } } }));
      assert.equal(dialogs.notes.length, told, `${phase} ${graceLeftMs}`);
      listener.dispose();
    }
  });

  it('can be started where it is stopped, and only there', async () => {
    const { become, editor, dialogs } = bench({ text: /does not run/, press: 'start' }, { text: /does not exist/, press: 'instances' });
    become('away', machine({ state: 'stopped' }));
    await until('it starts', () => editor.done.length > 0);
    become('gone');
    await until('they are shown', () => editor.done.length > 1);
    assert.deepEqual(editor.done, ['run gpuRental.instance.start vast:77', 'view gpuRental.instances']);
    become('away', machine({ state: 'failed' }));
    await until('three', () => dialogs.notes.length === 3);
    assert.deepEqual(dialogs.notes[2]?.buttons.map(({ id }) => id), ['instances']);
  });

  it('is told once when its guard ended it: with the reason, where that is looked into', () => {
    for (const [now, instance, told] of [
      ['gone', machine({ guard: heard }), 0],
      ['away', machine({ guard: heard, state: 'stopped' }), 0],
      ['away', machine({ guard: heard, state: 'stopped', outbid: true }), 1],
      ['away', machine({ guard: heard, state: 'failed' }), 1],
      ['gone', machine({ guard: { protection: 'checking' } }), 1],
      ['gone', machine(), 1],
      ['lost', machine({ guard: heard }), 1],
    ] as const) {
      const { become, dialogs } = benchIn({ acts: true });
      become(now, instance);
      assert.equal(dialogs.notes.length, told, `${now} ${JSON.stringify(instance.guard)}`);
      const elsewhere = benchIn({ acts: false });
      elsewhere.become(now, instance);
      assert.equal(elsewhere.dialogs.notes.length, 1, 'nobody tells it in this window');
    }
  });

  it('is told where it was gone before the window began', async () => {
    const { listener, dialogs } = benchIn({ acts: true });
    await listener.tell({ name: 'box', now: 'away', instance: machine({ guard: heard, state: 'stopped' }) });
    assert.match(dialogs.notes[0]?.text ?? '', /does not run/);
  });

  it('goes without a word where it was asked to', () => {
    for (const [now, state] of [['gone', 'ending'], ['away', 'stopping']] as const) assert.equal(presenceNote({ name: 'box', now, instance: machine({ state }) }, english), undefined);
    assert.match(presenceNote({ name: 'box', now: 'gone', instance: undefined }, english)?.text ?? '', /does not exist/);
  });

  it('comes back without a word, and fills what stood empty', async () => {
    const { listener, become, dialogs, done } = bench();
    become('here');
    listener.missing(alias);
    become('here');
    become('here');
    await until('it is filled', () => done.length > 0);
    become('starting');
    assert.deepEqual([done, dialogs.notes], [['refresh'], []]);
    listener.dispose();
    become('lost');
    assert.deepEqual(dialogs.notes, []);
  });
});

describe('the built-in workspace', () => {
  it('explains itself once, and leads to what it lacks', async () => {
    const raised = new Set<string>();
    const marks = { raise: (name: string) => !raised.has(name) && (raised.add(name), true), highest: () => undefined };
    const dialogs = new ScriptedDialogs();
    const editor = new RecordingEditor();
    const installed: string[] = [];
    const remote = { isWeb: false, uriScheme: 'vscodium', isInstalled: () => false, install: async (id: string) => void installed.push(id) };
    const deps = { once: new Once(marks, new FakeLog()), dialogs, editor, voice: english, remote };
    dialogs.onNotes.push({ text: /language servers want Remote-SSH/, press: 'install' });
    await explainBuiltIn(deps, 'box');
    await explainBuiltIn(deps, 'box');
    assert.deepEqual([dialogs.notes.length, installed], [1, ['jeanp413.open-remote-ssh']]);
  });

  it('offers a browser nothing that it cannot run', async () => {
    const dialogs = new ScriptedDialogs();
    const editor = new RecordingEditor();
    const remote = { isWeb: true, uriScheme: 'vscode', isInstalled: () => false, install: async () => assert.fail() };
    dialogs.onNotes.push({ text: /own search/, press: 'search' });
    await explainBuiltIn({ once: new Once({ raise: () => true, highest: () => undefined }, new FakeLog()), dialogs, editor, voice: english, remote }, 'box');
    assert.deepEqual([dialogs.notes[0]?.buttons.map(({ id }) => id), editor.done], [['search'], ['run gpuRental.instance.search']]);
  });
});
