/** The same files, shells and searches over real connections: a practice pod, and OpenSSH's own server. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RemoteFileError } from '../../../../src/domain/machineLink.ts';
import { isRentError } from '../../../../src/domain/errors.ts';
import { systemClock as clock } from '../../../../src/services/clock.ts';
import { endShell, keptShells } from '../../../../src/services/pod/keptShells.ts';
import { PodFiles } from '../../../../src/services/pod/podFiles.ts';
import { searchPod } from '../../../../src/services/pod/podSearch.ts';
import { PodShell } from '../../../../src/services/pod/podShell.ts';
import { PodWatch } from '../../../../src/services/pod/podWatch.ts';
import { FakeLog } from '../../../fakes/fakeLog.ts';
import { hasTool, until } from '../../practice/pod/support/pod.ts';
import { linkedPod, linkedSshd, type Linked } from '../../ssh/support/linked.ts';
import { hasSshd } from '../../ssh/support/sshd.ts';
import { tempFolder } from '../../ssh/support/tools.ts';

const random = (count: number): Uint8Array => randomBytes(count);
const words = { lost: 'LOST', bare: 'BARE', waiting: 'WAITING', ended: 'ENDED', failed: (error: unknown) => `FAILED ${String(error)}` };
const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const refuses = (work: Promise<unknown>, ...problems: string[]): Promise<void> =>
  assert.rejects(work, (error: unknown) => error instanceof RemoteFileError && problems.includes(error.problem) || assert.fail(String(error)));

for (const { name, open, there } of [
  { name: 'a practice pod', open: linkedPod, there: true },
  { name: "OpenSSH's own server", open: linkedSshd, there: hasSshd },
]) {
  (there ? describe : describe.skip)(`a workspace on ${name}`, function () {
    this.timeout(60_000);
    const temp = tempFolder();
    let machine: Linked;
    let files: PodFiles;
    let root: string;
    before(async () => {
      machine = await open(temp('machine'));
      files = new PodFiles({ link: machine.link, clock, random });
      root = join(machine.home, 'work');
      mkdirSync(root);
    });
    after(async () => {
      await machine.link.run(`tmux -L ${machine.link.alias} kill-server 2>/dev/null; true`);
      await machine.close();
    });
    const here = (...names: string[]): string => join(root, ...names);

    it('creates, writes, renames, copies, reads and removes', async () => {
      const odd = `${root}/it's "odd"\n $(x) ünï`;
      await files.makeFolder(odd);
      await files.write(`${odd}/a`, Buffer.from('one'), { create: true, overwrite: false });
      await refuses(files.write(`${odd}/a`, Buffer.from('x'), { create: true, overwrite: false }), 'exists');
      await refuses(files.write(`${odd}/b`, Buffer.from('x'), { create: false, overwrite: true }), 'notFound');
      await refuses(files.write(odd, Buffer.from('x'), { create: true, overwrite: true }), 'isFolder');
      await files.copy(odd, `${root}/copy`, { overwrite: false });
      await files.rename(`${root}/copy/a`, `${root}/copy/b`, { overwrite: false });
      await refuses(files.rename(`${root}/copy/b`, `${odd}/a`, { overwrite: false }), 'exists');
      await files.write(`${root}/copy/b`, Buffer.from('two'), { create: false, overwrite: true });
      await files.rename(`${root}/copy/b`, `${odd}/a`, { overwrite: true });
      assert.equal(Buffer.from(await files.read(`${odd}/a`)).toString(), 'two');
      await refuses(files.list(`${odd}/a`), 'notFolder');
      await files.remove(odd, { recursive: true });
      await files.remove(`${root}/copy`, { recursive: false });
      assert.deepEqual(readdirSync(here()), []);
    });

    it('tells links from what they lead to, also where they lead in a circle', async () => {
      mkdirSync(here('links/folder'), { recursive: true });
      for (const [link, target] of [['toFolder', 'folder'], ['nowhere', 'missing'], ['round', 'around'], ['around', 'round']] as const) symlinkSync(target, here('links', link));
      const { entries } = await files.list(`${root}/links`);
      assert.deepEqual(entries.map(({ name: entry, stat }) => `${entry} ${stat.link} ${stat.kind}`).toSorted(), ['around true other', 'folder false folder', 'nowhere true other', 'round true other', 'toFolder true folder']);
      await files.remove(`${root}/links`, { recursive: true });
    });

    it('leaves out names that are no UTF-8, and counts them', async () => {
      mkdirSync(here('names'));
      writeFileSync(Buffer.concat([Buffer.from(`${here('names')}/`), Buffer.from([0xff, 0x80])]), '');
      writeFileSync(here('names/ok'), '');
      const { entries, unreadable } = await files.list(`${root}/names`);
      assert.deepEqual([entries.map(({ name: entry }) => entry), unreadable], [['ok'], 1]);
      await files.remove(`${root}/names`, { recursive: true });
    });

    it('lists ten thousand files, knows each without asking, and removes them', async () => {
      mkdirSync(here('many'));
      await machine.link.run(`cd '${here('many').replaceAll("'", "'\\''")}' && seq 0 9999 | xargs touch`);
      const before = clock.elapsed();
      const { entries } = await files.list(`${root}/many`);
      const listed = clock.elapsed() - before;
      assert.equal(entries.length, 10_000);
      await files.stat(`${root}/many/4711`);
      await files.remove(`${root}/many`, { recursive: true });
      const took = clock.elapsed() - before;
      assert.ok(!existsSync(here('many')));
      // Bounds that only a request for each file would break, however busy this computer is.
      assert.ok(listed < 10_000 && took < 20_000, `${listed} ms to list, ${took} ms in all`);
    });

    it('carries large files whole, many at a time', async () => {
      const bytes = randomBytes(1_000_000);
      await Promise.all(Array.from({ length: 8 }, (_, n) => files.write(`${root}/big${n}`, bytes, { create: true, overwrite: false })));
      const back = await Promise.all(Array.from({ length: 64 }, (_, n) => files.read(`${root}/big${n % 8}`)));
      assert.ok(back.every((one) => sha(one) === sha(bytes)));
      for (let n = 0; n < 8; n++) await files.remove(`${root}/big${n}`, { recursive: false });
    });

    it('sees what others do to open files and folders', async () => {
      mkdirSync(here('watched'));
      writeFileSync(here('watched/log'), 'a');
      const told: string[] = [];
      const watch = new PodWatch({ link: machine.link, files, clock, log: new FakeLog(), open: () => [`${root}/watched/log`], attentive: () => true });
      watch.onDidChange((changes) => void told.push(...changes.map(({ how, path }) => `${how} ${path.slice(root.length + 9)}`)));
      watch.listed(`${root}/watched`, (await files.list(`${root}/watched`)).entries.map(({ name: entry }) => entry));
      await watch.look();
      told.length = 0;
      appendFileSync(here('watched/log'), 'b');
      writeFileSync(here('watched/new'), '');
      await watch.look();
      assert.deepEqual(told.toSorted(), ['changed log', 'created new'].toSorted());
      watch.dispose();
      await files.remove(`${root}/watched`, { recursive: true });
    });

    it('searches there, and stops when it is told to', async () => {
      writeFileSync(here('train.py'), 'import torch\nlearning_rate = 3e-4\n');
      const order = { folder: root, text: 'learning_rate', most: 10 };
      const { found } = await searchPod(machine.link, order, new AbortController().signal);
      assert.deepEqual(found, [{ path: `${root}/train.py`, line: 2, text: 'learning_rate = 3e-4' }]);
      await assert.rejects(searchPod(machine.link, order, AbortSignal.abort()), { name: 'AbortError' });
    });

    it('has a shell that outlives its line', async function () {
      if (!hasTool('tmux')) this.skip();
      let said = '';
      const { keeper } = await keptShells(machine.link);
      assert.equal(keeper, 'tmux');
      const shell = new PodShell({ link: machine.link, clock, keeper, name: 's-real', folder: root, entry: 'new', words, write: (text) => void (said += text), onEnd: () => undefined }, { columns: 100, rows: 30 });
      const running = shell.start();
      await until('it is open', () => said !== '');
      shell.input('kept=tr; pwd > where; stty size > size; echo "so: ${kept}ue ünï"\r');
      await until('what it said', () => said.includes('so: true ünï'));
      assert.equal(readFileSync(here('where'), 'utf8').trim(), root);
      assert.match(readFileSync(here('size'), 'utf8'), /^30 100/);
      await machine.stop();
      await until('it says so', () => said.includes('WAITING'));
      assert.ok(await refusesInTime(files));
      await machine.start();
      shell.input('x');
      await until('a line', () => machine.link.state.kind === 'connected');
      said = '';
      shell.resize({ columns: 90, rows: 20 });
      // The practice pod ends its processes with itself; a server alone does not.
      await until('it answers', () => {
        shell.input('\recho "now: ${kept-new} $((40 + 2))"\r');
        return /now: (tr|new) 42/.test(said);
      });
      if (name !== 'a practice pod') assert.match(said, /now: tr 42/);
      shell.dispose();
      await running;
      await until('nobody is in it', async () => (await keptShells(machine.link)).shells.every(({ attached }) => !attached));
      assert.equal(await endShell(machine.link, 's-real'), false);
      assert.deepEqual((await keptShells(machine.link)).shells, []);
    });
  });
}

async function refusesInTime(files: PodFiles): Promise<boolean> {
  const before = clock.elapsed();
  await assert.rejects(files.read('/etc/hostname'), (error: unknown) => isRentError(error));
  return clock.elapsed() - before < 40_000;
}
