/** Runs on a folder that stands for a machine: real scripts under the real shell, a line that goes and comes back. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isRentError, RentError } from '../../../src/domain/errors.ts';
import type { InstanceId } from '../../../src/domain/instance.ts';
import { isLive, type Afterwards } from '../../../src/domain/run.ts';
import type { ProviderTraits } from '../../../src/domain/provider.ts';
import type { FleetInstance } from '../../../src/services/fleetInstance.ts';
import { Once } from '../../../src/services/once.ts';
import { afterLastRun, type RunEnded } from '../../../src/services/runBook.ts';
import { Runs } from '../../../src/services/runs.ts';
import { createRunMemory } from '../../../src/store/runMemory.ts';
import { FakeClock } from '../../fakes/fakeClock.ts';
import { FakeFolderSync } from '../../fakes/fakeFolderSync.ts';
import { FakeLog } from '../../fakes/fakeLog.ts';
import { FakeMachineLink } from '../../fakes/fakeMachineLink.ts';
import { FakeProvider } from '../../fakes/fakeProvider.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';
import { launch, machine } from '../ui/support/machines.ts';

const id = 'vast:77' as InstanceId;
const alias = 'gpu-rental-abcdef-01';
const never = new AbortController().signal;

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** One machine and one window; `again` is another window, or the same after a restart. */
function world() {
  const temporary = temporaryFolder();
  const [home, project] = [join(temporary.path, 'machine'), join(temporary.path, "my project's")];
  mkdirSync(home);
  mkdirSync(project);
  const clock = new FakeClock();
  const link = new FakeMachineLink(alias);
  const links = { of: () => link };
  link.env['HOME'] = home;
  const [notes, marks] = [new Map<string, string>(), new Map<string, number>()];
  const memory = createRunMemory({ note: (name) => notes.get(name), setNote: (name, value) => void notes.set(name, value) });
  const store = {
    raise: (name: string, value: number) => {
      const raised = value > (marks.get(name) ?? -1);
      if (raised) marks.set(name, value);
      return raised;
    },
    highest: (name: string) => marks.get(name),
  };
  const sync = new FakeFolderSync();
  const fleet = { instances: [machine()] as FleetInstance[] };
  const provider = new FakeProvider(clock);
  const traits: Writable<ProviderTraits> = { ...provider.traits };
  Object.defineProperty(provider, 'traits', { value: traits });
  const window = (): Runs => new Runs({
    links, sync, memory, clock, log: new FakeLog(), once: new Once(store, new FakeLog()), providers: new Map([[provider.id, provider]]),
    fleet: { get instances() { return fleet.instances; }, find: (wanted) => fleet.instances.find((one) => one.id === wanted) },
    journal: { launches: () => [launch({ id: alias })] }, random: (bytes) => randomBytes(bytes),
  });
  const runs = window();
  const start = (words: readonly string[], afterwards: Afterwards = 'keep', from: string | undefined = project): Promise<string> =>
    runs.start({ instance: id, words, afterwards, folder: join(home, 'work', 'it'), signal: never, ...(from === undefined ? {} : { from }) });
  const sh = (text: string, afterwards?: Afterwards): Promise<string> => start(['sh', '-c', text], afterwards);
  const over = async (run: string, by = runs): Promise<void> => {
    const end = performance.now() + 30_000;
    for (;;) {
      await by.refresh(id, never);
      const record = by.of(alias).find((one) => one.run.id === run);
      if (record !== undefined && !isLive(record.run)) return;
      assert.ok(performance.now() < end, 'it never ended');
      await wait(50);
    }
  };
  const text = async (run: string, by = runs): Promise<string> => {
    const bytes: Uint8Array[] = [];
    for await (const chunk of by.follow(id, run, { signal: never })) bytes.push(chunk.bytes);
    return Buffer.concat(bytes).toString();
  };
  return { home, project, clock, memory, link, sync, fleet, traits, window, runs, start, sh, over, text, [Symbol.dispose]: () => temporary[Symbol.dispose]() };
}

const fails = (code: Parameters<typeof isRentError>[1], detail?: RegExp) => (error: unknown): boolean => isRentError(error, code) && (detail === undefined || detail.test(error.detail ?? ''));

describe('runs', function () {
  this.timeout(60_000);
  before(function () {
    if (process.platform !== 'linux') this.skip();
  });

  it('train something for real: sent, started, followed, with its steps and its results', async () => {
    using it = world();
    cpSync(join(import.meta.dirname, '../../fixtures/training'), it.project, { recursive: true });
    const run = await it.start(['python3', 'train.py', '--steps', '300', '--seconds-per-step', '0.003']);
    assert.deepEqual(it.sync.asked, [`up ${it.project} ${join(it.home, 'work/it')}`]);
    assert.match(await it.text(run), /step 10\/300 \| loss .*accuracy 0\.9\d+\n$/s);
    await it.over(run);
    const [record] = it.runs.of(alias);
    assert.deepEqual([record?.run.exitCode, record?.run.state, record?.progress.step, record?.progress.steps], [0, 'ended', 300, 300]);
    assert.ok((record?.progress.loss ?? 9) < 0.2 && (record?.progress.epoch ?? 0) > 10);
    await it.runs.download(id, join(it.home, 'work/it'), join(it.project, 'home'), never, () => undefined);
    assert.equal((JSON.parse(readFileSync(join(it.project, 'home/model.json'), 'utf8')) as { step: number }).step, 300);
  });

  it('go on when the window is gone, and are found by the next one', async () => {
    using it = world();
    const run = await it.sh('echo one; until [ -e ../go ]; do sleep 0.1; done; echo two; exit 4');
    const later = it.window();
    assert.deepEqual(later.of(alias).map((record) => [record.run.id, record.run.state]), [[run, 'running']]);
    writeFileSync(join(it.home, 'work/go'), '');
    assert.equal(await it.text(run, later), 'one\ntwo\n');
    await it.over(run, later);
    assert.equal(later.of(alias)[0]?.run.exitCode, 4);
  });

  it('are followed through a lost line, without a byte missing or said twice', async () => {
    using it = world();
    const run = await it.sh('i=0; while [ $i -lt 40 ]; do echo "line $i"; i=$((i + 1)); sleep 0.05; done');
    const [bytes, lost]: [Uint8Array[], Error[]] = [[], []];
    let exitCode: number | undefined;
    for await (const chunk of it.runs.follow(id, run, { signal: never, onLost: (error) => lost.push(error) })) {
      bytes.push(chunk.bytes);
      exitCode = chunk.exitCode;
      it.link.lose();
      setTimeout(() => it.link.mend(), 30);
    }
    assert.equal(Buffer.concat(bytes).toString(), Array.from({ length: 40 }, (_, i) => `line ${i}\n`).join(''));
    assert.ok(lost.length > 0 && exitCode === 0);
    assert.equal(it.link.held, 0);
  });

  it('are started once when nobody knows whether the start arrived', async () => {
    using it = world();
    const run = it.link.run.bind(it.link);
    let cut = 0;
    it.link.run = async (script, options) => {
      const answer = await run(script, options);
      if (script.includes('mkdir "$d"') && cut++ === 0) throw new RentError('sshUnreachable');
      return answer;
    };
    const name = await it.sh('echo here >>../times; sleep 0.2');
    await it.over(name);
    assert.deepEqual([readFileSync(join(it.home, 'work/times'), 'utf8'), cut, it.runs.of(alias).length], ['here\n', 2, 1]);
  });

  it('are told of once when they end, with what the machine cost meanwhile', async () => {
    using it = world();
    const ended: RunEnded[] = [];
    const other = it.window();
    for (const one of [it.runs, other]) one.onDidEnd((end) => ended.push(end));
    const run = await it.sh('sleep 1; exit 7', 'destroy');
    await it.over(run);
    await other.refresh(id, never);
    await it.runs.refresh(id, never);
    assert.deepEqual(ended.map((end) => [end.run.id, end.run.exitCode, end.run.afterwards]), [[run, 7, 'destroy']]);
    assert.equal(ended[0]?.cost, Math.round((330_000 * (ended[0]?.run.ranMs ?? 0)) / 3_600_000));
    assert.equal(readFileSync(join(it.home, '.gpu-rental/then'), 'utf8'), 'destroy\n');
    assert.ok(await it.runs.keepMachine(id, never));
    assert.ok(!existsSync(join(it.home, '.gpu-rental/then')));
    assert.equal(it.runs.of(alias)[0]?.run.afterwards, 'keep');
    await it.runs.download(id, join(it.home, 'work/it'), join(it.project, 'x'), never, () => undefined);
    assert.ok(!existsSync(join(it.home, '.gpu-rental/then')), 'whoever kept it keeps it');
  });

  it('spare their machine while files are fetched or sent, and end it again whatever comes of that', async () => {
    using it = world();
    const then = (): string | undefined => (existsSync(join(it.home, '.gpu-rental/then')) ? readFileSync(join(it.home, '.gpu-rental/then'), 'utf8') : undefined);
    await it.over(await it.sh('true', 'destroy'));
    assert.equal(then(), 'destroy\n');
    const seen: (string | undefined)[] = [];
    const fetch = (): Promise<unknown> => it.runs.download(id, join(it.home, 'work/it'), join(it.project, 'x'), never, () => seen.push(then()));
    await fetch();
    assert.deepEqual([seen, then()], [[undefined], 'destroy\n']);
    it.sync.fails = new Error('cut');
    await assert.rejects(fetch(), /cut/);
    await assert.rejects(it.sh('true'), /cut/);
    assert.equal(then(), 'destroy\n');
    it.sync.fails = undefined;
    await it.over(await it.sh('true', 'keep'));
    assert.equal(then(), undefined, 'the newest decides');
    await it.over(await it.sh('true', 'stop'));
    // As a guard does it when its machine was stopped and is started again.
    rmSync(join(it.home, '.gpu-rental/then'));
    await fetch();
    assert.equal(then(), undefined, 'an old wish is not brought back');
  });

  it('end no machine that cannot end itself, and say so before anything is sent', async () => {
    using it = world();
    it.traits.carriesGuard = () => false;
    for (const afterwards of ['stop', 'destroy'] as const) await assert.rejects(it.sh('true', afterwards), fails('noGuard', /^noGuard$/));
    it.traits.carriesGuard = () => true;
    it.fleet.instances = [machine({ guard: { protection: 'unprotected', why: 'stale' } })];
    await assert.rejects(it.sh('true', 'stop'), fails('noGuard', /^guardSilent$/));
    assert.deepEqual([it.sync.asked, it.link.scripts], [[], []]);
    const run = await it.sh('true');
    await assert.rejects(it.runs.setAfterwards(id, run, 'stop', never), fails('noGuard'));
  });

  it('are not started when their files cannot be sent, or on what is not a running machine of ours', async () => {
    using it = world();
    it.sync.fails = new Error('disk full');
    await assert.rejects(it.sh('true'), /disk full/);
    assert.ok(!existsSync(join(it.home, '.gpu-rental')), 'nothing was started');
    it.sync.fails = undefined;
    for (const wrong of [machine({ state: 'stopped' }), machine({ ours: false })]) {
      it.fleet.instances = [wrong];
      await assert.rejects(it.sh('true'), fails('notAllowed'));
    }
    it.fleet.instances = [machine()];
    it.link.answer = () => ({ stdout: 'gpu-rental-run diskFull\n', stderr: '', code: 0 });
    await assert.rejects(it.sh('true'), fails('notStarted', /^diskFull$/));
  });

  it('are stopped, and can be told another end', async () => {
    using it = world();
    const run = await it.sh('sleep 1000', 'destroy');
    await it.runs.setAfterwards(id, run, 'stop', never);
    assert.equal(it.runs.of(alias)[0]?.run.afterwards, 'stop');
    assert.equal(afterLastRun(it.memory, alias), 'stop');
    await it.runs.stop(id, run, true, never);
    await it.over(run);
    assert.equal(afterLastRun(it.memory, alias), undefined);
    assert.deepEqual([it.runs.of(alias)[0]?.run.stopped, existsSync(join(it.home, '.gpu-rental/then'))], [true, false]);
    await it.runs.setAfterwards(id, run, 'destroy', never);
    assert.equal(it.runs.of(alias)[0]?.run.afterwards, 'destroy');
    assert.equal(readFileSync(join(it.home, '.gpu-rental/then'), 'utf8'), 'destroy\n');
  });

  it('are remembered with their last words when their machine is gone', async () => {
    using it = world();
    await it.over(await it.sh('echo accuracy 0.93'));
    it.fleet.instances = [];
    const [rental] = it.window().history();
    assert.deepEqual([rental?.name, rental?.instance, rental?.records[0]?.run.tail, rental?.records[0]?.run.exitCode], ['sdxl-lora', undefined, 'accuracy 0.93', 0]);
    assert.equal(it.runs.everyMs, undefined, 'nobody is asked');
  });

  it('never take a machine’s word for a folder of this computer, or for what we started', async () => {
    using it = world();
    const run = await it.sh('sleep 1000');
    const about = join(it.home, '.gpu-rental/runs', run, 'about');
    assert.ok(!readFileSync(about, 'utf8').includes(it.project), 'it was told of one');
    writeFileSync(about, JSON.stringify({ words: ['evil'], folder: '/w', from: '/home/me/.ssh' }));
    await it.runs.stop(id, run, true, never);
    await it.over(run);
    assert.deepEqual([it.runs.of(alias)[0]?.run.about.words[0], it.runs.of(alias)[0]?.from], ['sh', it.project]);
    cpSync(join(it.home, '.gpu-rental/runs', run), join(it.home, '.gpu-rental/runs/r0evil-00001'), { recursive: true });
    await it.runs.refresh(id, never);
    const foreign = it.runs.of(alias).find((record) => record.run.id === 'r0evil-00001');
    assert.deepEqual([foreign?.run.about.words, foreign?.from], [['evil'], undefined]);
  });

  it('are asked about while they go on, and otherwise seldom', async () => {
    using it = world();
    assert.equal(it.runs.everyMs, 10_000);
    await it.runs.check(never);
    assert.equal(it.runs.everyMs, 300_000);
    await it.runs.check(never);
    assert.equal(it.link.scripts.length, 1, 'nothing is due');
    const run = await it.sh('sleep 1000');
    assert.equal(it.runs.everyMs, 10_000);
    it.link.lose();
    await it.runs.check(never);
    it.link.mend();
    await it.runs.stop(id, run, true, never);
    await it.over(run);
    assert.equal(it.runs.everyMs, 300_000);
    it.clock.advance(300_000);
    const before = it.link.scripts.length;
    await it.runs.check(never);
    assert.equal(it.link.scripts.length, before + 1);
  });

  it('go where work is done on that machine', async () => {
    using it = world();
    it.traits.workspaceFolder = join(it.home, 'work');
    assert.equal(await it.runs.remoteFolder(id, 'it', never), join(it.home, 'it'));
    mkdirSync(join(it.home, 'work'));
    assert.equal(await it.runs.remoteFolder(id, 'it', never), join(it.home, 'work/it'));
    it.link.answer = () => ({ stdout: 'gpu-rental-folder=../..\n', stderr: '', code: 0 });
    await assert.rejects(it.runs.remoteFolder(id, 'it', never), fails('sshUnreachable'));
  });
});
