import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { MARKER } from '../../../../src/practice/pod/home.ts';
import { belonging, endProcesses, parsePsLine, parseStat, podProcesses, type ProcessRow, readPs } from '../../../../src/practice/pod/processes.ts';
import { temporaryFolder } from '../../../fakes/temporaryFolder.ts';
import { alive, hasTool, until } from './support/pod.ts';

const row = (pid: number, parent: number, group: number, more: Partial<ProcessRow> = {}): ProcessRow => ({ pid, parent, group, zombie: false, marked: false, ...more });

describe('who belongs to a pod', () => {
  const self = 10;
  const nobody: ReadonlySet<number> = new Set();
  const ours = row(self, 1, 10);

  it('are the marked, their children and their groups, however deep', () => {
    const rows = [ours, row(20, 1, 20, { marked: true }), row(21, 20, 21), row(22, 21, 22), row(23, 1, 22), row(30, 1, 30), row(31, 30, 31)];
    assert.deepEqual(belonging(rows, nobody, self), [20, 21, 22, 23]);
  });

  it('are those known to be started, where no mark can be seen', () => {
    const rows = [ours, row(20, self, 20), row(21, 20, 21), row(40, self, 40)];
    assert.deepEqual(belonging(rows, new Set([20]), self), [20, 21]);
  });

  it('are never this process, its group or its ancestors', () => {
    const rows = [row(1, 0, 1), row(5, 1, 5), row(self, 5, 5, { marked: true }), row(11, self, 5, { marked: true }), row(12, self, 12, { marked: true })];
    assert.deepEqual(belonging(rows, new Set([self, 5]), self), [12]);
  });

  it('are not those who have ended', () => {
    const rows = [ours, row(20, 1, 20, { marked: true, zombie: true }), row(21, 20, 21)];
    assert.deepEqual(belonging(rows, nobody, self), [21]);
  });

  it('are nobody when nobody is marked or known', () => {
    const any = fc.array(fc.record({ pid: fc.nat(50), parent: fc.nat(50), group: fc.nat(50), zombie: fc.boolean(), marked: fc.constant(false) }));
    fc.assert(fc.property(any, (rows) => assert.deepEqual(belonging(rows, nobody, self), [])));
  });
});

describe('reading the process table', () => {
  it('copes with any program name', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        assert.deepEqual(parseStat(7, `7 (${name}) S 3 5 5 0 -1`, true), row(7, 3, 5, { marked: true }));
      }),
    );
    assert.equal(parseStat(7, '7 (a) Z 3 5', false)?.zombie, true);
    assert.equal(parseStat(7, '', false), undefined);
  });

  it('finds the mark in a line of ps, and only the whole one', () => {
    const line = (text: string): ProcessRow | undefined => parsePsLine(`  12  1    12 Ss   ${text}`, '/pods/a b');
    assert.deepEqual(line(`sleep 9 ${MARKER}=/pods/a b HOME=/x`), row(12, 1, 12, { marked: true }));
    assert.equal(line(`sleep 9 HOME=/x ${MARKER}=/pods/a b`)?.marked, true);
    assert.equal(line(`sleep 9 ${MARKER}=/pods/a bc`)?.marked, false);
    assert.equal(line(`sleep 9 X${MARKER}=/pods/a b`)?.marked, false);
    assert.equal(parsePsLine('a heading', '/p'), undefined);
  });
});

describe('ending the processes of a pod', function () {
  this.timeout(20_000);
  // Of this run alone: other runs on the machine must not end its processes.
  const dir = `/nonexistent/practice pod ${process.pid}`;
  before(function () {
    if (process.platform === 'win32' || !hasTool('setsid')) this.skip();
  });

  async function start(script: string, mark: string): Promise<number[]> {
    const child = spawn('/bin/sh', ['-c', script], { env: { PATH: process.env['PATH'], [MARKER]: mark }, detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
    const [first]: unknown[] = await once(child.stdout, 'data');
    return [...(child.pid === undefined ? [] : [child.pid]), ...String(first).trim().split(/\s+/).map(Number)];
  }

  it('reaches daemons, and nobody of another pod', async () => {
    const daemons = await start('(setsid nohup sleep 300 >/dev/null 2>&1 & echo $!); setsid sleep 300 >/dev/null & exec sleep 300', dir);
    const others = await start('echo $$; exec sleep 300', `${dir}2`);
    const found = await podProcesses(dir, new Set());
    assert.ok(found.length >= 3 && daemons.every((pid) => found.includes(pid)));
    assert.ok(!others.some((pid) => found.includes(pid)));
    await endProcesses(dir, 1000);
    assert.deepEqual([found.filter(alive), others.filter(alive)], [[], others]);
    await endProcesses(`${dir}2`, 1000);
    assert.deepEqual(others.filter(alive), []);
  });

  it('asks first and uses force only afterwards', async () => {
    using folder = temporaryFolder();
    const note = join(folder.path, 'note');
    const [polite = 0] = await start(`trap 'echo saved >${note}; exit' TERM; echo $$; while :; do sleep 0.02; done`, dir);
    await endProcesses(dir, 60_000);
    assert.deepEqual([alive(polite), readFileSync(note, 'utf8')], [false, 'saved\n']);
    const [stubborn = 0] = await start("trap '' TERM; echo $$; while :; do sleep 0.02; done", dir);
    await endProcesses(dir, 200);
    assert.ok(!alive(stubborn));
  });

  it('catches those who start others while they end', async () => {
    const [pid = 0] = await start("trap 'setsid sh -c \"sleep 300; sleep 300\" >/dev/null & exit' TERM; echo $$; while :; do sleep 0.02; done", dir);
    await endProcesses(dir, 300);
    assert.ok(!alive(pid));
    assert.deepEqual(await podProcesses(dir, new Set()), []);
  });

  it('finds those who cleared their environment through those who did not', async () => {
    const [leader = 0, bare = 0] = await start('env -i sleep 300 & echo $!; wait', dir);
    await until('it has cleared its environment', () => execFileSync('ps', ['-o', 'comm=', '-p', String(bare)], { encoding: 'utf8' }).includes('sleep'));
    assert.deepEqual((await podProcesses(dir, new Set())).toSorted(), [leader, bare].toSorted());
    await endProcesses(dir, 1000);
    assert.ok(!alive(bare));
  });

  it('sees the same through ps as through /proc', async function () {
    if (process.platform !== 'linux' || !hasTool('ps')) this.skip();
    const pids = await start('(setsid sleep 300 >/dev/null & echo $!); exec sleep 300', dir);
    const through = belonging(await readPs(dir), new Set());
    assert.deepEqual(through.toSorted(), (await podProcesses(dir, new Set())).toSorted());
    assert.ok(pids.every((pid) => through.includes(pid)));
    await endProcesses(dir, 1000);
  });
});
