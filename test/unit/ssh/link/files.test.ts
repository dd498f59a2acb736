import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RemoteFileError, type FileProblem, type RemoteFiles } from '../../../../src/domain/machineLink.ts';
import { linkedPod, linkedSshd, type Linked } from '../support/linked.ts';
import { hasSshd } from '../support/sshd.ts';
import { tempFolder } from '../support/tools.ts';

const posix = process.platform === 'win32' ? describe.skip : describe;

const refuses = (work: Promise<unknown>, problem: FileProblem): Promise<void> =>
  work.then(
    () => assert.fail(`nothing was refused, and ${problem} was due`),
    (error: unknown) => {
      assert.ok(error instanceof RemoteFileError, String(error));
      assert.equal(error.problem, problem);
    },
  );

const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

for (const { name, open, there } of [
  { name: 'a practice pod', open: linkedPod, there: true },
  { name: "OpenSSH's own server", open: linkedSshd, there: hasSshd },
]) {
  (there ? posix : describe.skip)(`the files of ${name}`, () => {
    const temp = tempFolder();
    let machine: Linked;
    let files: RemoteFiles;
    let dir = '';
    before(async () => {
      machine = await open(temp('machine'));
      files = machine.link.files;
    });
    after(() => machine.close());
    beforeEach(() => mkdirSync((dir = temp('work')), { recursive: true }));

    it('reads and writes bytes of any length, whole', async () => {
      for (const length of [0, 1, 131_072, 131_073, 3_000_001]) {
        const content = randomBytes(length);
        await files.write(join(dir, 'a b.bin'), content);
        assert.equal(sha(await files.read(join(dir, 'a b.bin'))), sha(content));
        assert.equal(sha(readFileSync(join(dir, 'a b.bin'))), sha(content));
      }
      assert.deepEqual(readdirSync(dir), ['a b.bin'], 'something was left beside it');
    });

    it('reads a range, and less where the file ends', async () => {
      writeFileSync(join(dir, 'f'), '0123456789');
      const text = async (offset: number, length: number): Promise<string> => Buffer.from(await files.read(join(dir, 'f'), { offset, length })).toString();
      assert.deepEqual([await text(2, 3), await text(8, 100), await text(10, 5), await text(99, 5)], ['234', '89', '', '']);
    });

    it('reads what has no size, to its end', async () => {
      assert.match(Buffer.from(await files.read('/proc/self/status')).toString(), /^Name:[\s\S]*\nVmSize|Threads/);
    });

    it('keeps the mode of a file that it replaces, and the link that leads to it', async () => {
      writeFileSync(join(dir, 'real.sh'), 'old');
      chmodSync(join(dir, 'real.sh'), 0o750);
      symlinkSync('real.sh', join(dir, 'link.sh'));
      await files.write(join(dir, 'link.sh'), Buffer.from('new'));
      assert.equal(readlinkSync(join(dir, 'link.sh')), 'real.sh');
      assert.equal(readFileSync(join(dir, 'real.sh'), 'utf8'), 'new');
      assert.equal(statSync(join(dir, 'real.sh')).mode & 0o777, 0o750);
    });

    it('lists names as they are, links as links', async () => {
      const names = ['plain', ' spaces ', `it's "quoted"`, 'new\nline', '-rf', '$HOME', 'ünïcödé', '*'];
      for (const one of names) writeFileSync(join(dir, one), one);
      mkdirSync(join(dir, 'folder'));
      symlinkSync('nowhere', join(dir, 'dangling'));
      writeFileSync(Buffer.concat([Buffer.from(`${dir}/`), Buffer.of(0xff, 0xfe)]), 'no UTF-8');
      const { entries, unreadable } = await files.list(dir);
      assert.deepEqual(entries.map((one) => one.name).toSorted(), [...names, 'folder', 'dangling'].toSorted());
      assert.equal(unreadable, 1);
      const kinds = Object.fromEntries(entries.map((one) => [one.name, one.stat.kind]));
      assert.deepEqual([kinds['plain'], kinds['folder'], kinds['dangling']], ['file', 'folder', 'link']);
      assert.equal(entries.find((one) => one.name === '*')?.stat.bytes, 1);
    });

    it('lists thousands', async () => {
      const many = Array.from({ length: 3000 }, (_, at) => `file-${String(at).padStart(5, '0')}.txt`);
      for (const one of many) writeFileSync(join(dir, one), '');
      assert.deepEqual((await files.list(dir)).entries.map((one) => one.name).toSorted(), many);
    });

    it('says what is wrong in words that can be told apart', async () => {
      writeFileSync(join(dir, 'file'), 'x');
      mkdirSync(join(dir, 'full'));
      writeFileSync(join(dir, 'full', 'inside'), 'x');
      symlinkSync('loop', join(dir, 'loop'));
      await refuses(files.stat(join(dir, 'none')), 'notFound');
      await refuses(files.read(join(dir, 'none')), 'notFound');
      await refuses(files.list(join(dir, 'none')), 'notFound');
      await refuses(files.read(join(dir, 'full')), 'isFolder');
      await refuses(files.write(join(dir, 'full'), Buffer.of(1)), 'isFolder');
      await refuses(files.write(join(dir, 'none', 'x'), Buffer.of(1)), 'notFound');
      await refuses(files.makeFolder(join(dir, 'full')), 'exists');
      await refuses(files.removeFolder(join(dir, 'full')), 'notEmpty');
      await refuses(files.rename(join(dir, 'file'), join(dir, 'full')), 'exists');
      await refuses(files.rename(join(dir, 'none'), join(dir, 'other')), 'notFound');
      assert.equal(readFileSync(join(dir, 'file'), 'utf8'), 'x');
      await assert.rejects(files.stat(join(dir, 'loop')), RemoteFileError);
    });

    it('moves, overwrites only when told, and removes', async () => {
      writeFileSync(join(dir, 'a'), 'a');
      writeFileSync(join(dir, 'b'), 'b');
      await files.rename(join(dir, 'a'), join(dir, 'b'), { overwrite: true });
      assert.equal(readFileSync(join(dir, 'b'), 'utf8'), 'a');
      await files.makeFolder(join(dir, 'sub'));
      await files.rename(join(dir, 'b'), join(dir, 'sub', 'c'));
      await files.removeFile(join(dir, 'sub', 'c'));
      await files.removeFolder(join(dir, 'sub'));
      assert.deepEqual(readdirSync(dir), []);
    });

    it('sets when a file was changed', async () => {
      writeFileSync(join(dir, 'a'), 'a');
      await files.setModified(join(dir, 'a'), 1_700_000_000_000);
      assert.equal((await files.stat(join(dir, 'a'))).modifiedAt, 1_700_000_000_000);
    });

    it('answers 64 reads at once', async () => {
      const contents = Array.from({ length: 64 }, () => randomBytes(50_000));
      for (const [at, content] of contents.entries()) writeFileSync(join(dir, `${at}`), content);
      const read = await Promise.all(contents.map((_, at) => files.read(join(dir, `${at}`))));
      assert.deepEqual(read.map(sha), contents.map(sha));
    });

    it('leaves nothing half written when the line is cut, and reads on when it is back', async () => {
      await files.write(join(dir, 'kept'), Buffer.from('before'));
      const writing = files.write(join(dir, 'kept'), randomBytes(20_000_000)).catch((error: unknown) => error);
      await machine.stop();
      await writing;
      await machine.start();
      const now = Buffer.from(await files.read(join(dir, 'kept')));
      assert.ok(now.toString() === 'before' || now.length === 20_000_000, `${now.length} bytes`);
    });
  });
}

(hasSshd ? posix : describe.skip)('a machine without SFTP', () => {
  const temp = tempFolder();
  it('says so, and its commands work all the same', async () => {
    const machine = await linkedSshd(temp('machine'), ['Subsystem sftp /bin/false']);
    try {
      await assert.rejects(machine.link.files.stat('/'), (error) => error instanceof Error);
      assert.equal((await machine.link.run('echo there')).stdout, 'there\n');
    } finally {
      await machine.close();
    }
  });
});
