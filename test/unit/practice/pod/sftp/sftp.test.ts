import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ssh2, { type Attributes, type FileEntryWithStats, type SFTPWrapper, type Stats } from 'ssh2';
import { pathsFrom } from '../../../../../src/practice/pod/sftp/paths.ts';
import { statusOf } from '../../../../../src/practice/pod/sftp/serve.ts';
import { REQUEST, text, u32 } from '../../../../../src/practice/pod/sftp/protocol.ts';
import { connect, usePod } from '../support/pod.ts';

const { STATUS_CODE: CODE } = ssh2.utils.sftp;

/** ssh2's client with promises, for the calls that the tests make. */
function promised(sftp: SFTPWrapper) {
  return {
    open: (path: string, mode: Parameters<SFTPWrapper['open']>[1], attributes: { mode?: number } = {}) =>
      new Promise<Buffer>((resolve, reject) => sftp.open(path, mode, attributes, (error, handle) => (error ? reject(error) : resolve(handle)))),
    read: (handle: Buffer, length: number, at: number) =>
      new Promise<Buffer>((resolve, reject) => {
        sftp.read(handle, Buffer.alloc(length), 0, length, at, (error, count, bytes) => (error ? reject(error) : resolve(bytes.subarray(0, count))));
      }),
    write: (handle: Buffer, bytes: Buffer, at: number) =>
      new Promise<void>((resolve, reject) => sftp.write(handle, bytes, 0, bytes.length, at, (error) => (error ? reject(error) : resolve()))),
    close: promisify<Buffer>(sftp.close.bind(sftp)),
    fstat: promisify<Buffer, Stats>(sftp.fstat.bind(sftp)),
    stat: promisify<string, Stats>(sftp.stat.bind(sftp)),
    lstat: promisify<string, Stats>(sftp.lstat.bind(sftp)),
    setstat: promisify<string, Partial<Attributes>>(sftp.setstat.bind(sftp)),
    fsetstat: promisify<Buffer, Partial<Attributes>>(sftp.fsetstat.bind(sftp)),
    readdir: promisify<string, FileEntryWithStats[]>(sftp.readdir.bind(sftp)),
    mkdir: (path: string, mode?: number) =>
      new Promise<void>((resolve, reject) => sftp.mkdir(path, mode === undefined ? {} : { mode }, (error) => (error ? reject(error) : resolve()))),
    rmdir: promisify<string>(sftp.rmdir.bind(sftp)),
    unlink: promisify<string>(sftp.unlink.bind(sftp)),
    rename: promisify<string, string>(sftp.rename.bind(sftp)),
    replace: promisify<string, string>(sftp.ext_openssh_rename.bind(sftp)),
    symlink: promisify<string, string>(sftp.symlink.bind(sftp)),
    readlink: promisify<string, string>(sftp.readlink.bind(sftp)),
    realpath: promisify<string, string>(sftp.realpath.bind(sftp)),
    hardlink: promisify<string, string>(sftp.ext_openssh_hardlink.bind(sftp)),
    fsync: promisify<Buffer>(sftp.ext_openssh_fsync.bind(sftp)),
    put: promisify<string, string>(sftp.fastPut.bind(sftp)),
    get: promisify<string, string>(sftp.fastGet.bind(sftp)),
    readFile: promisify<string, Buffer>(sftp.readFile.bind(sftp)),
    writeFile: promisify<string, Buffer>(sftp.writeFile.bind(sftp)),
    appendFile: promisify<string, string>(sftp.appendFile.bind(sftp)),
  };
}

describe('files over SFTP', function () {
  this.timeout(30_000);
  const test = usePod();
  const home = (...names: string[]): string => join(test().dir, 'root', ...names);
  let client: Awaited<ReturnType<typeof connect>>;
  let sftp: ReturnType<typeof promised>;
  before(async () => {
    client = await connect(test());
    sftp = promised(await new Promise((resolve, reject) => client.sftp((error, made) => (error ? reject(error) : resolve(made)))));
  });
  after(() => client.end());
  const fails = (work: Promise<unknown>, code: number): Promise<void> =>
    assert.rejects(work, (error) => error instanceof Error && 'code' in error && error.code === code);

  it('start in the home folder', async () => {
    assert.equal(await sftp.realpath('.'), home());
    assert.equal(await sftp.realpath(''), home());
    assert.equal(await sftp.realpath('/'), '/');
    mkdirSync(home('real'));
    symlinkSync('real', home('alias'));
    assert.equal(await sftp.realpath('alias/..'), home());
    assert.equal(await sftp.realpath('alias/new'), home('real/new'));
    await fails(sftp.realpath('missing/new'), CODE.NO_SUCH_FILE);
    symlinkSync('gone', home('dangling'));
    await fails(sftp.realpath('dangling'), CODE.NO_SUCH_FILE);
  });

  it('go and come whole, large and empty ones too', async () => {
    for (const size of [0, 1, 32 * 1024, 10 * 1024 * 1024 + 17]) {
      const bytes = randomBytes(size);
      writeFileSync(join(test().outside, 'up'), bytes);
      await sftp.put(join(test().outside, 'up'), 'there');
      assert.ok(readFileSync(home('there')).equals(bytes), `${size} up`);
      await sftp.get('there', join(test().outside, 'down'));
      assert.ok(readFileSync(join(test().outside, 'down')).equals(bytes), `${size} down`);
      assert.ok((await sftp.readFile(home('there'))).equals(bytes), `${size} by its absolute path`);
    }
  });

  it('open as their flags say', async () => {
    await fails(sftp.open('new', 'r'), CODE.NO_SUCH_FILE);
    const handle = await sftp.open('new', 'wx', { mode: 0o600 });
    await sftp.write(handle, Buffer.from('0123456789'), 0);
    await sftp.close(handle);
    assert.equal(statSync(home('new')).mode & 0o777, 0o600);
    await fails(sftp.open('new', 'wx'), CODE.FAILURE);
    await sftp.appendFile('new', 'ab');
    const both = await sftp.open('new', 'r+');
    await sftp.write(both, Buffer.from('XY'), 3);
    assert.equal((await sftp.read(both, 100, 2)).toString(), '2XY56789ab');
    assert.equal((await sftp.read(both, 1, 12)).length, 0);
    await sftp.close(both);
    await sftp.close(await sftp.open('new', 'w'));
    assert.equal(readFileSync(home('new'), 'utf8'), '');
    const reading = await sftp.open('new', 'r');
    await fails(sftp.write(reading, Buffer.from('no'), 0), CODE.NO_SUCH_FILE);
    await sftp.close(reading);
    await fails(sftp.close(reading), CODE.NO_SUCH_FILE);
    await fails(sftp.read(Buffer.from('made up'), 1, 0), CODE.NO_SUCH_FILE);
  });

  it('append at the end, whatever offset the client gives', async () => {
    await sftp.writeFile('log', Buffer.from('one\n'));
    const handle = await sftp.open('log', 'a');
    await sftp.write(handle, Buffer.from('two\n'), 0);
    await sftp.write(handle, Buffer.from('three\n'), 0);
    await sftp.close(handle);
    assert.equal(readFileSync(home('log'), 'utf8'), 'one\ntwo\nthree\n');
  });

  it('have attributes that can be read and set', async () => {
    await sftp.writeFile('attributes', Buffer.alloc(1000));
    symlinkSync('attributes', home('link'));
    const stats = await sftp.stat('link');
    assert.deepEqual([stats.size, stats.isFile(), stats.uid], [1000, true, process.getuid?.()]);
    assert.ok((await sftp.lstat('link')).isSymbolicLink());
    await sftp.setstat('link', { mode: 0o751, atime: 1_700_000_000, mtime: 1_600_000_000 });
    await sftp.setstat('link', { size: 10 });
    const changed = await sftp.stat('attributes');
    assert.deepEqual([changed.mode & 0o777, changed.size], [0o751, 10]);
    await sftp.setstat('attributes', { atime: 1_700_000_000, mtime: 1_600_000_000 });
    assert.equal(statSync(home('attributes')).mtimeMs, 1_600_000_000_000);
    const handle = await sftp.open('attributes', 'r+');
    await sftp.fsetstat(handle, { size: 3, mode: 0o644 });
    const open = await sftp.fstat(handle);
    assert.deepEqual([open.size, open.mode & 0o777], [3, 0o644]);
    await sftp.fsync(handle);
    await sftp.close(handle);
    await fails(sftp.stat('missing'), CODE.NO_SUCH_FILE);
    await fails(sftp.stat('attributes/below'), CODE.NO_SUCH_FILE);
    await fails(sftp.setstat('missing', { mode: 0o600 }), CODE.NO_SUCH_FILE);
  });

  it('are listed with their attributes, also 1,000 of them', async () => {
    await sftp.mkdir('many', 0o700);
    assert.equal(statSync(home('many')).mode & 0o777, 0o700);
    const wanted = Array.from({ length: 1000 }, (_, index) => `file ${index} ü`);
    for (const [index, name] of wanted.entries()) writeFileSync(home('many', name), 'x'.repeat(index % 7));
    mkdirSync(home('many/folder'));
    symlinkSync('folder', home('many/link'));
    const listed = new Map((await sftp.readdir('many')).map((entry) => [entry.filename, entry]));
    assert.deepEqual([...listed.keys()].toSorted(), [...wanted, 'folder', 'link'].toSorted());
    assert.equal(listed.get('file 5 ü')?.attrs.size, 5);
    assert.match(listed.get('file 5 ü')?.longname ?? '', /^-rw.* 5 \w{3} [ \d]\d .*file 5 ü$/);
    assert.ok(listed.get('folder')?.attrs.isDirectory());
    assert.ok(listed.get('link')?.attrs.isSymbolicLink());
    await fails(sftp.readdir('many/file 1 ü'), CODE.NO_SUCH_FILE);
    await fails(sftp.readdir('missing'), CODE.NO_SUCH_FILE);
  });

  it('are made and removed with the codes OpenSSH gives', async () => {
    await sftp.mkdir('folder');
    await fails(sftp.mkdir('folder'), CODE.FAILURE);
    await fails(sftp.mkdir('missing/folder'), CODE.NO_SUCH_FILE);
    await sftp.writeFile('folder/file', Buffer.from('x'));
    await fails(sftp.rmdir('folder'), CODE.FAILURE);
    await fails(sftp.rmdir('folder/file'), CODE.NO_SUCH_FILE);
    assert.ok(existsSync(home('folder/file')));
    await assert.rejects(sftp.unlink('folder'));
    await sftp.unlink('folder/file');
    await fails(sftp.unlink('folder/file'), CODE.NO_SUCH_FILE);
    await sftp.rmdir('folder');
    assert.ok(!existsSync(home('folder')));
  });

  it('are renamed, and replace another only where that is asked for', async () => {
    await sftp.writeFile('from', Buffer.from('from'));
    await sftp.writeFile('to', Buffer.from('to'));
    await fails(sftp.rename('from', 'to'), CODE.FAILURE);
    assert.equal(readFileSync(home('to'), 'utf8'), 'to');
    await sftp.replace('from', 'to');
    assert.equal(readFileSync(home('to'), 'utf8'), 'from');
    await sftp.rename('to', 'elsewhere');
    assert.deepEqual([existsSync(home('to')), readFileSync(home('elsewhere'), 'utf8')], [false, 'from']);
    await fails(sftp.rename('missing', 'to'), CODE.NO_SUCH_FILE);
  });

  it('are linked', async () => {
    await sftp.writeFile('target', Buffer.from('here'));
    await sftp.symlink('target', 'soft');
    assert.equal(readlinkSync(home('soft')), 'target');
    assert.equal(await sftp.readlink('soft'), 'target');
    assert.equal((await sftp.readFile('soft')).toString(), 'here');
    await fails(sftp.symlink('target', 'soft'), CODE.FAILURE);
    await fails(sftp.readlink('target'), CODE.BAD_MESSAGE);
    await sftp.hardlink('target', 'hard');
    assert.equal(lstatSync(home('hard')).ino, lstatSync(home('target')).ino);
  });

  it('keep names that are not UTF-8', async () => {
    const paths = pathsFrom(home());
    const name = Buffer.from([0x66, 0xff, 0xfe]);
    await paths.makeFolder(name.toString('latin1'), {});
    assert.ok(readdirSync(home(), { encoding: 'buffer' }).some((entry) => entry.equals(name)));
    const listed = await paths.resolve(name.toString('latin1'));
    assert.ok(Buffer.concat(listed.body).includes(name));
    await paths.removeFolder(name.toString('latin1'));
  });

  it('are refused when the name cannot be one', async () => {
    await fails(sftp.stat('a\0b'), CODE.BAD_MESSAGE);
    await fails(sftp.stat('x'.repeat(300)), CODE.BAD_MESSAGE);
  });

  it('stay in order when a client does not wait', async () => {
    const raw = await new Promise<SFTPWrapper>((resolve, reject) => client.sftp((error, made) => (error ? reject(error) : resolve(made))));
    const order: string[] = [];
    const handle = await promised(raw).open('hasty', 'w');
    const done = new Promise<void>((resolve) => {
      for (let part = 0; part < 50; part++) raw.write(handle, Buffer.from(`${part},`.padEnd(4)), 0, 4, part * 4, () => order.push('write'));
      raw.close(handle, () => order.push('close'));
      raw.rename('hasty', 'moved', () => (order.push('rename'), resolve()));
    });
    await done;
    assert.deepEqual(order.slice(-3), ['write', 'close', 'rename']);
    const growing = await promised(raw).open('growing', 'w');
    const block = randomBytes(200_000);
    const seen: number[] = [];
    const all = Array.from({ length: 100 }, (_, index) => {
      raw.write(growing, block, 0, block.length, index * block.length, () => undefined);
      return promised(raw).fstat(growing).then(({ size }) => void seen.push(size / block.length));
    });
    await Promise.all(all);
    assert.deepEqual(seen, Array.from({ length: 100 }, (_, index) => index + 1));
    assert.equal(readFileSync(home('moved'), 'utf8').replaceAll(' ', ''), Array.from({ length: 50 }, (_, part) => `${part},`).join(''));
    raw.end();
  });

  it('end a session that cannot be understood, and only that', async () => {
    const channel = await new Promise<ssh2.Channel>((resolve, reject) => client.subsys('sftp', (error, made) => (error ? reject(error) : resolve(made))));
    const status = new Promise((resolve) => channel.once('exit', resolve));
    channel.resume();
    channel.write(text(Buffer.concat([Buffer.of(REQUEST.stat), u32(1), u32(1000), Buffer.from('short')])));
    assert.equal(await status, 255);
    assert.equal(await sftp.realpath('.'), home());
  });
});

describe('errors of the file system', () => {
  it('become the few codes of version 3', () => {
    const code = (name: string): number | undefined => statusOf(Object.assign(new Error(), { code: name })).body[0]?.readUInt32BE();
    const expected = { ENOENT: 2, ENOTDIR: 2, ELOOP: 2, EACCES: 3, EPERM: 3, EEXIST: 4, ENOTEMPTY: 4, ENOSPC: 4, EINVAL: 5, ENAMETOOLONG: 5, ENOSYS: 8, ERR_INVALID_ARG_VALUE: 5 };
    for (const [name, number] of Object.entries(expected)) assert.equal(code(name), number, name);
    assert.equal(statusOf('a string').body[0]?.readUInt32BE(), 4);
  });
});
