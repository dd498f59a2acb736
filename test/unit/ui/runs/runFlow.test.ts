import assert from 'node:assert/strict';
import { createEmitter } from '../../../../src/domain/emitter.ts';
import { RentError } from '../../../../src/domain/errors.ts';
import type { Afterwards, RunRecord } from '../../../../src/domain/run.ts';
import type { SecretFinding, SkippedFile } from '../../../../src/domain/sync.ts';
import type { FleetInstance } from '../../../../src/services/fleetInstance.ts';
import type { LogChunk } from '../../../../src/services/followLog.ts';
import type { RunEnded } from '../../../../src/services/runBook.ts';
import type { NoEnd, RunOrder, Runs } from '../../../../src/services/runs.ts';
import { runCommands } from '../../../../src/ui/runs/runCommands.ts';
import { downloadRun } from '../../../../src/ui/runs/runDownload.ts';
import { prepareRun, torchrun } from '../../../../src/ui/runs/runFlow.ts';
import { listenToRuns } from '../../../../src/ui/runs/runListener.ts';
import { type OpenFile, projectIn, type RunPlace, runnableOf, wantedBy } from '../../../../src/ui/runs/runnable.ts';
import { RunScreen, type ShownRun } from '../../../../src/ui/runs/runScreen.ts';
import { Pairs } from '../../../../src/ui/sync/pairs.ts';
import { offer } from '../../../fakes/offers.ts';
import { FakeLog } from '../../../fakes/fakeLog.ts';
import { english } from '../support/english.ts';
import { launch, machine, now } from '../support/machines.ts';
import { RecordingEditor } from '../support/recordingEditor.ts';
import { alias, ended, record, runSeen } from '../support/runs.ts';
import { ScriptedDialogs, type Answer } from '../support/scriptedDialogs.ts';

/** Runs that remember what was asked of them. */
class ToldRuns {
  readonly done: string[] = [];
  readonly orders: RunOrder[] = [];
  records: RunRecord[] = [];
  why: NoEnd | undefined;
  chunks: LogChunk[] = [];
  fails: Error | undefined;
  skipped: SkippedFile[] = [];
  /** What an upload would send is asked about, as the real one does. */
  stays: SkippedFile[] = [];
  readonly ended = createEmitter<RunEnded>();
  readonly onDidEnd = this.ended.event;

  of = (of: string): RunRecord[] => (of === alias ? this.records : []);
  history = (): [] => [];
  whyNoEnd = (): NoEnd | undefined => this.why;
  remoteFolder = async (_: string, name: string): Promise<string> => (name === '' ? '/workspace' : `/workspace/${name}`);
  start = async (order: RunOrder): Promise<string> => {
    this.orders.push(order);
    this.stays.push(...((await order.vet?.(['a.env', 'b.env'])) ?? []));
    order.onUpload?.({ filesDone: 1, filesInAll: 1200, bytesDone: 1_048_576, bytesInAll: 2_097_152, leftMs: 61_000 });
    if (this.skipped.length > 0) order.onLeftOut?.(this.skipped);
    if (this.fails !== undefined) throw this.fails;
    return 'r0new-00001';
  };
  stop = async (...words: unknown[]): Promise<void> => this.#note('stop', ...words);
  setAfterwards = async (...words: unknown[]): Promise<void> => this.#note('then', ...words);
  keepMachine = async (...words: unknown[]): Promise<boolean> => {
    this.#note('keep', ...words);
    return true;
  };
  download = async (...words: unknown[]) => {
    this.#note('download', ...words);
    if (this.fails !== undefined) throw this.fails;
    return { files: 3, bytes: 9, seconds: 1, skipped: [] };
  };
  async *follow(): AsyncGenerator<LogChunk> {
    yield* this.chunks;
    if (this.fails !== undefined) throw this.fails;
  }

  #note(...words: unknown[]): void {
    this.done.push(words.filter((word) => typeof word !== 'object' && typeof word !== 'function').join(' '));
  }
}

interface Shown {
  readonly file?: OpenFile;
  readonly place?: RunPlace;
  readonly picked?: string;
  readonly secrets?: readonly SecretFinding[];
}

const local: OpenFile = { path: '/home/me/project/src/train.py', folder: '/home/me/project' };

function bench(answers: readonly Answer[], instances: FleetInstance[] = [machine()], { file = local, place = { folder: '/home/me/project' }, picked, secrets = [] }: Shown = {}) {
  const told = new ToldRuns();
  const dialogs = new ScriptedDialogs(...answers);
  const editor = new RecordingEditor();
  const shown: string[] = [];
  const texts: string[] = [];
  const apart: string[] = [];
  const kept = new Map<string, unknown>();
  const pairs = new Pairs({ get: (key) => kept.get(key), update: async (key, value) => void kept.set(key, value) });
  const deps = {
    pairs, downloaded: async (from: FleetInstance, folder: string) => void told.done.push(`downloaded ${folder} of ${from.id}`), findSecrets: async () => secrets,
    // A test double of what the flows use.
    runs: told as unknown as Runs, dialogs, editor, voice: english, now: () => now, log: new FakeLog(), links: {} as never,
    fleet: { instances }, offers: () => [offer()], saveAll: async () => void shown.push('saved'), trusted: () => true,
    openFile: () => file, projectFolder: () => place, pickFolder: async () => picked,
    showLog: (one: ShownRun, title: string) => void shown.push(`${one.instance} ${one.run} ${title}`),
    showText: async (_: string, text: string) => void texts.push(text), makeApart: async (folder: string) => void apart.push(folder),
  };
  return { told, dialogs, editor, shown, texts, apart, pairs, deps, commands: runCommands(deps) };
}

const two = (): FleetInstance[] => [machine(), machine({ id: 'runpod:9', provider: 'runpod', name: 'other', alias: 'gpu-rental-abcdef-02' })];

describe('run on GPU', () => {
  it('asks what then, saves, sends the project and shows the log', async () => {
    const { told, dialogs, shown, commands } = bench([{ choose: /Destroy/ }]);
    await commands['gpuRental.run.file'](undefined);
    const [order] = told.orders;
    assert.deepEqual([order?.words, order?.from, order?.folder, order?.afterwards], [['python3', 'src/train.py'], '/home/me/project', '/workspace/project', 'destroy']);
    assert.deepEqual(shown, ['saved', 'vast:77 r0new-00001 python3 src/train.py']);
    assert.ok(dialogs.stages.includes('sending 1 of 1,200 files · 1.0 MB of 2.1 MB · 1 m 1 s left'), dialogs.stages.join());
    assert.equal(dialogs.unused, 0);
    assert.match(dialogs.picks[0]?.title ?? '', /whatever runs, the machine ends at 18:40 or at \$5\.00/);
  });

  describe('a project that seems to hold a secret', () => {
    const secrets = [{ path: 'a.env', line: 3, what: 'AWS' }];
    const project = '/home/me/project';

    it('goes without it, or with it and then without a question, as a person says', async () => {
      const skipping = bench([{ choose: /Keep/ }, { press: 'skip' }], [machine()], { secrets });
      await skipping.commands['gpuRental.run.file'](undefined);
      assert.deepEqual([skipping.told.stays.map(({ path }) => path), skipping.pairs.of(project), skipping.dialogs.unused], [['a.env'], undefined, 0]);

      const sending = bench([{ choose: /Keep/ }, { press: 'send' }, { choose: /Keep/ }], [machine()], { secrets });
      await sending.commands['gpuRental.run.file'](undefined);
      await sending.commands['gpuRental.run.file'](undefined);
      assert.deepEqual([sending.told.stays, sending.told.orders.length, sending.dialogs.unused], [[], 2, 0]);
      assert.deepEqual(sending.pairs.of(project), { alias, remoteFolder: '/workspace/project', allowed: ['a.env'] });
    });

    it('does not go at all when the question is turned away', async () => {
      const { told, dialogs, shown, commands } = bench([{ choose: /Keep/ }, { press: undefined }], [machine()], { secrets });
      await commands['gpuRental.run.file'](undefined);
      assert.deepEqual([told.stays, shown, dialogs.notes], [[], ['saved'], []]);
    });

    it('keeps the folder that it goes to otherwise', async () => {
      const { pairs, commands } = bench([{ choose: /Keep/ }, { press: 'send' }], [machine()], { secrets });
      await pairs.keep(project, { alias: 'other', remoteFolder: '/x', allowed: ['old'] });
      await commands['gpuRental.run.file'](undefined);
      assert.deepEqual(pairs.of(project), { alias: 'other', remoteFolder: '/x', allowed: ['old', 'a.env'] });
    });
  });

  it('rents nothing by itself: it says what that costs and leads there', async () => {
    for (const [press, done] of [['rent', 'run gpuRental.offer.rent'], ['offers', 'view gpuRental.offers']] as const) {
      const { told, dialogs, editor, commands } = bench([{ press }], [machine({ state: 'stopped' })]);
      await commands['gpuRental.run.file'](undefined);
      assert.match(dialogs.questions[0]?.detail ?? '', /RTX 4090 at Vast\.ai for \$0\.3\d\/h/);
      assert.deepEqual([editor.done, told.orders], [[done], []]);
    }
  });

  it('asks which machine only where there are several', async () => {
    const { told, commands } = bench([{ choose: /other/ }, { choose: /Keep/ }], two());
    await commands['gpuRental.run.file'](undefined);
    assert.equal(told.orders[0]?.instance, 'runpod:9');
  });

  it('offers torchrun for a script on several GPUs', async () => {
    const { told, commands } = bench([{ choose: /torchrun/ }, { choose: /Keep/ }], [machine({ gpuCount: 4 })]);
    await commands['gpuRental.run.file'](undefined);
    assert.deepEqual(told.orders[0]?.words, ['python3', '-m', 'torch.distributed.run', '--standalone', '--nproc-per-node=4', 'src/train.py']);
    assert.deepEqual(torchrun(2, ['a b.py', '-x']), ['python3', '-m', 'torch.distributed.run', '--standalone', '--nproc-per-node=2', 'a b.py', '-x']);
  });

  it('gives a typed line to a shell as it is', async () => {
    const { told, commands } = bench([{ type: "python3 x.py | tee 'a b'" }, { choose: /Stop/ }]);
    await commands['gpuRental.run.command']();
    assert.deepEqual([told.orders[0]?.words, told.orders[0]?.folder], [['sh', '-c', "python3 x.py | tee 'a b'"], '/workspace/project']);
  });

  it('begins a typed line with the script in front, where it lies in that folder', async () => {
    const begins = async (shown: Shown): Promise<string | undefined> => {
      const { dialogs, commands } = bench([{ type: undefined }], two(), shown);
      await commands['gpuRental.run.command']();
      return dialogs.asked.flatMap((one) => (one.is === 'input' ? [one.input] : [])).map(({ value }) => value)[0];
    };
    assert.equal(await begins({}), 'python3 src/train.py ');
    assert.equal(await begins({ file: { ...local, path: '/home/me/project/it is.sh' } }), "sh 'it is.sh' ");
    assert.equal(await begins({ place: { folder: '/home/me/other' } }), undefined);
    assert.equal(await begins({ place: { folder: '/home/me/project', alias } }), undefined);
  });

  it('says when a machine cannot end itself, and lets nobody choose that', async () => {
    for (const [press, started] of [['keep', 1], [undefined, 0]] as const) {
      const one = bench([{ press }]);
      one.told.why = 'noGuard';
      await one.commands['gpuRental.run.file'](undefined);
      assert.equal(one.told.orders.length, started);
      assert.match(one.dialogs.questions[0]?.detail ?? '', /cannot end itself.*\$0\.33\/h/);
    }
  });

  it('takes the end and the machine that a task names, and asks when that cannot be', async () => {
    const wanted = { ...runnableOf({ path: '/p/a.py' }), afterwards: 'destroy' as Afterwards, machine: 'sdxl-lora' };
    const one = bench([]);
    assert.equal((await prepareRun(one.deps, wanted))?.afterwards, 'destroy');
    const bare = bench([{ press: undefined }]);
    bare.told.why = 'guardSilent';
    assert.equal(await prepareRun(bare.deps, wanted), undefined);
    const unknown = bench([]);
    assert.equal(await prepareRun(unknown.deps, { ...wanted, machine: 'nobody' }), undefined);
    assert.match(unknown.dialogs.notes[0]?.text ?? '', /No machine called nobody/);
    const distrusted = bench([]);
    assert.equal(await prepareRun({ ...distrusted.deps, trusted: () => false }, wanted), undefined);
  });

  it('says that the last of several decides', async () => {
    const { told, dialogs, commands } = bench([{ choose: undefined }]);
    told.records = [record()];
    await commands['gpuRental.run.file'](undefined);
    assert.match(dialogs.picks[0]?.placeholder ?? '', /the last one to end decides/);
    assert.deepEqual(told.orders, []);
  });

  it('says what a machine refused, and opens no log', async () => {
    const { told, dialogs, shown, commands } = bench([{ choose: /Keep/ }]);
    told.fails = new RentError('notStarted', { detail: 'diskFull' });
    await commands['gpuRental.run.file'](undefined);
    assert.match(dialogs.notes[0]?.text ?? '', /did not take the run/);
    assert.deepEqual(shown, ['saved']);
  });

  it('says what was not sent', async () => {
    const { told, dialogs, commands } = bench([{ choose: /Keep/ }]);
    told.skipped = ['.env', 'a', 'b', 'c'].map((path) => ({ path, why: 'It seems to hold a secret.' }));
    await commands['gpuRental.run.file'](undefined);
    assert.match(dialogs.notes[0]?.text ?? '', /^Not sent with the run: \.env \(It seems to hold a secret\.\), a .*, b .* and 1 more\.$/);
  });

  it('knows what is meant by a file of a machine, which is there already', () => {
    const file = { path: '/workspace/p/src/a.py', folder: '/workspace/p', alias };
    assert.deepEqual(runnableOf(file), { words: ['python3', 'src/a.py'], folder: '/workspace/p', machine: alias, script: ['src/a.py'] });
    assert.deepEqual([['/w/p/src/a.py'], ['/w/p/a.py'], ['/w/a.py'], ['/v/a.py'], ['/w/..p/a.py']].map(([path = '']) => projectIn('/w', path)), ['/w/p', '/w/p', '/w', '/w', '/w/..p']);
  });

  it('knows what is meant by a file', () => {
    assert.deepEqual(runnableOf({ path: '/p/src/a.py', folder: '/p' }), { words: ['python3', 'src/a.py'], from: '/p', folder: 'p', script: ['src/a.py'] });
    assert.deepEqual(runnableOf({ path: '/p/n b/x.ipynb' }).words, ['python3', '-m', 'nbconvert', '--to', 'notebook', '--execute', '--inplace', 'x.ipynb']);
    assert.deepEqual([runnableOf({ path: '/p/x.sh' }).words, runnableOf({ path: '/a.py' }).folder], [['sh', 'x.sh'], 'project']);
  });
});

describe('run on GPU where the machine is the workspace', () => {
  const there = { path: '/workspace/clouds/train.py', folder: '/workspace/clouds', alias };

  it('starts it on that very machine, in that folder, with nothing sent', async () => {
    const { told, dialogs, shown, commands } = bench([{ choose: /Destroy/ }], two(), { file: there });
    await commands['gpuRental.run.file'](undefined);
    const [order] = told.orders;
    assert.deepEqual([order?.instance, order?.words, order?.folder, order?.afterwards], ['vast:77', ['python3', 'train.py'], '/workspace/clouds', 'destroy']);
    assert.ok(order !== undefined && !('from' in order));
    assert.deepEqual([shown[0], dialogs.unused], ['saved', 0]);
  });

  it('runs a file in its own project when all that the machine has is open', async () => {
    for (const [path, words, folder] of [
      ['/workspace/clouds/src/train.py', 'src/train.py', '/workspace/clouds'],
      ['/workspace/train.py', 'train.py', '/workspace'],
    ] as const) {
      const { told, commands } = bench([{ choose: /Keep/ }], two(), { file: { ...there, path, folder: '/workspace' } });
      await commands['gpuRental.run.file'](undefined);
      assert.deepEqual([told.orders[0]?.words, told.orders[0]?.folder], [['python3', words], folder]);
    }
  });

  it('needs no trust in files of this computer, because none is sent', async () => {
    const one = bench([{ choose: /Keep/ }], two(), { file: there });
    assert.equal((await prepareRun({ ...one.deps, trusted: () => false }, runnableOf(there)))?.instance.id, 'vast:77');
  });

  it('runs a typed line there', async () => {
    const { told, commands } = bench([{ type: 'make data' }, { choose: /Keep/ }], two(), { place: { folder: '/workspace/clouds', alias } });
    await commands['gpuRental.run.command']();
    assert.deepEqual([told.orders[0]?.instance, told.orders[0]?.words, told.orders[0]?.folder, told.orders[0]?.from], ['vast:77', ['sh', '-c', 'make data'], '/workspace/clouds', undefined]);
  });

  it('goes to no other machine when that one does not run', async () => {
    const { told, dialogs, commands } = bench([], [machine({ state: 'stopped' }), machine({ id: 'runpod:9', provider: 'runpod', name: 'other', alias: 'gpu-rental-abcdef-02' })], { file: there });
    await commands['gpuRental.run.file'](undefined);
    assert.deepEqual([told.orders, dialogs.notes[0]?.text], [[], 'No machine called sdxl-lora runs now.']);
  });

  it('runs it again where it ran', async () => {
    const { told, commands } = bench([{ choose: /Keep/ }], two());
    const { from: _, ...bare } = record(ended());
    told.records = [bare];
    await commands['gpuRental.run.again']();
    assert.deepEqual([told.orders[0]?.words, told.orders[0]?.folder, told.orders[0]?.from], [['python3', 'train.py'], '/workspace/project', undefined]);
  });
});

describe('a task that runs on a GPU', () => {
  const task = (json: string) => wantedBy(JSON.parse(json) as Record<string, unknown>, { folder: '/p/root' });

  it('says the command, and whatever else it likes', () => {
    assert.deepEqual(task('{"command":"python3 a.py | tee b"}'), { words: ['sh', '-c', 'python3 a.py | tee b'], from: '/p/root', folder: 'root' });
    assert.deepEqual(task('{"command":"x","folder":"/q/sub","then":"destroy","machine":"box"}'), { words: ['sh', '-c', 'x'], from: '/q/sub', folder: 'sub', afterwards: 'destroy', machine: 'box' });
  });

  it('runs on the machine whose folder the window shows, whatever machine it names', () => {
    const root = { folder: '/workspace/p', alias };
    assert.deepEqual(wantedBy({ command: 'x', machine: 'box' }, root), { words: ['sh', '-c', 'x'], folder: '/workspace/p', machine: alias });
    assert.deepEqual(wantedBy({ command: 'x', folder: '/workspace/q' }, root), { words: ['sh', '-c', 'x'], folder: '/workspace/q', machine: alias });
  });

  it('is nothing without a command or a folder, and takes no end for another', () => {
    for (const json of ['{}', '{"command":""}', '{"command":" "}', '{"command":5}', '{"command":["a"]}']) assert.equal(task(json), undefined);
    assert.equal(wantedBy({ command: 'x' }, undefined), undefined);
    assert.deepEqual(Object.keys(task('{"command":"x","then":"explode","machine":7}') ?? {}), ['from', 'folder', 'words']);
  });
});

describe('what can be done to a run', () => {
  const node = `instance/vast:77/run/${runSeen().id}`;

  it('is done to the one that was pointed at', async () => {
    const one = bench([{ press: 'stop' }, { choose: /Stop/ }]);
    one.told.records = [record(runSeen({ id: 'r0zzz-00009' })), record()];
    await one.commands['gpuRental.run.stop'](node);
    await one.commands['gpuRental.run.afterwards'](node);
    assert.deepEqual(one.told.done, ['stop vast:77 r0abc-12345 false', 'then vast:77 r0abc-12345 stop']);
    await one.commands['gpuRental.run.showLog'](node);
    assert.deepEqual(one.shown, ['vast:77 r0abc-12345 python3 train.py']);
  });

  it('asks whoever stops a run that was to end its machine', async () => {
    const one = bench([{ press: 'stopKeep' }]);
    one.told.records = [record(runSeen({ afterwards: 'destroy' }))];
    await one.commands['gpuRental.run.stop']();
    assert.deepEqual(one.told.done, ['stop vast:77 r0abc-12345 true']);
    assert.match(one.dialogs.questions[0]?.detail ?? '', /also ends the machine/);
  });

  it('shows the last words of a run whose machine is stopped', async () => {
    const one = bench([], [machine({ state: 'stopped' })]);
    one.told.records = [record(ended({ tail: 'accuracy 0.9' }))];
    await one.commands['gpuRental.run.showLog'](node);
    assert.deepEqual([one.texts, one.shown], [['accuracy 0.9'], []]);
    await one.commands['gpuRental.run.stop'](node);
    assert.match(one.dialogs.notes[0]?.text ?? '', /No run allows that/);
  });

  it('runs it again as it was, on the same machine', async () => {
    const one = bench([{ choose: /Keep/ }], two());
    one.told.records = [record(ended({ about: { words: ['sh', '-c', 'a | b'], folder: '/workspace/project' } }))];
    await one.commands['gpuRental.run.again'](node);
    assert.deepEqual([one.told.orders[0]?.words, one.told.orders[0]?.instance, one.told.orders[0]?.from], [['sh', '-c', 'a | b'], 'vast:77', '/home/me/project']);
  });
});

describe('downloading results', () => {
  it('puts them into a folder of their own that is never sent back', async () => {
    const one = bench([{ choose: /of its own/ }]);
    await downloadRun({ ...one.deps, runs: one.told as unknown as Runs }, machine(), record(ended()));
    assert.deepEqual([one.told.done, one.apart], [['download vast:77 /workspace/project /home/me/project/gpu-results/r0abc-12345', 'downloaded /workspace/project of vast:77'], ['/home/me/project/gpu-results']]);
  });

  it('asks where to when nothing of it came from here, and replaces nothing there', async () => {
    const { from: _, ...bare } = record(ended());
    for (const [picked, done] of [['/home/me/results', ['download vast:77 /workspace/project /home/me/results/project-r0abc-12345', 'downloaded /workspace/project of vast:77']], [undefined, []]] as const) {
      const one = bench([], two(), picked === undefined ? {} : { picked });
      one.told.records = [bare];
      await one.commands['gpuRental.run.download']();
      assert.deepEqual(one.told.done, done);
    }
  });

  it('says before that files of the project are replaced, and leaves other machines alone', async () => {
    const one = bench([{ choose: /project itself/ }]);
    await downloadRun({ ...one.deps, runs: one.told as unknown as Runs }, machine(), record(runSeen({ afterwards: 'stop' })));
    assert.deepEqual(one.told.done, ['download vast:77 /workspace/project /home/me/project', 'downloaded /workspace/project of vast:77']);
    assert.match(one.dialogs.picks[0]?.choices[1]?.detail ?? '', /are replaced.*\/home\/me\/project/);
    assert.match(one.dialogs.notes[0]?.text ?? '', /3 files are now in/);
  });
});

describe('a run’s terminal', () => {
  const chunk = (text: string, over = false, exitCode?: number): LogChunk => ({ bytes: Buffer.from(text, 'latin1'), offset: 0, over, ...(exitCode === undefined ? {} : { exitCode }) });
  const open = (answers: Answer[], chunks: LogChunk[]) => {
    const one = bench(answers);
    one.told.chunks = chunks;
    one.told.records = [record()];
    let text = '';
    const screen = new RunScreen({ runs: one.told as unknown as Runs, dialogs: one.dialogs, voice: english }, { instance: 'vast:77', alias, run: runSeen().id }, (part) => (text += part));
    return { ...one, screen, text: () => text };
  };

  it('shows the log as a terminal wants it, and how it ended', async () => {
    const { screen, text } = open([], [chunk('a\nloss \xc3'), chunk('\xa9\r50%\r\n'), chunk('', true, 3)]);
    assert.equal(await screen.show(), 3);
    assert.match(text(), /^a\r\nloss é\r50%\r\n\r\n.*Ended with exit code 3\./);
    assert.equal(await screen.input('\x03'), 'left', 'an interrupt closes what is over');
  });

  it('asks what is meant by an interrupt, and hears no other key', async () => {
    const left = open([{ press: 'leave' }], []);
    assert.deepEqual([await left.screen.input('ls\r'), await left.screen.input('\x03')], [undefined, 'left']);
    assert.deepEqual(left.told.done, []);
    const stopped = open([{ press: 'stop' }, { press: undefined }], []);
    assert.equal(await stopped.screen.input('\x03'), undefined);
    await stopped.screen.input('\x03');
    assert.deepEqual(stopped.told.done, ['stop vast:77 r0abc-12345 false']);
  });

  it('says when the machine knows no such run, and hands on what fails', async () => {
    const unknown = open([], []);
    assert.equal(await unknown.screen.show(), undefined);
    assert.match(unknown.text(), /does not know this run/);
    const failing = open([], []);
    failing.told.fails = new RentError('sshRefused');
    await assert.rejects(failing.screen.show(), /sshRefused/);
    const closed = open([], []);
    closed.told.fails = new DOMException('', 'AbortError');
    closed.screen.close();
    assert.equal(await closed.screen.show(), undefined);
  });
});

describe('the end of a run', () => {
  it('is told, with the way on', async () => {
    for (const [press, done, asked] of [['keep', [], ['keep vast:77']], ['log', ['run gpuRental.run.showLog instance/vast:77/run/r0abc-12345'], []], ['download', ['run gpuRental.run.download instance/vast:77/run/r0abc-12345'], []]] as const) {
      const one = bench([]);
      one.dialogs.onNotes.push({ text: /./, press });
      const listener = listenToRuns({ ...one.deps, report: (error) => assert.fail(String(error)) });
      one.told.ended.fire({ instance: machine({ launch: launch() }), run: ended({ afterwards: 'stop' }), cost: 5 as never });
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual([one.editor.done, one.told.done], [[...done], [...asked]]);
      listener.dispose();
    }
  });
});
