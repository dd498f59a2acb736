import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createOnce, persistently, readIfThere, writeAtomic } from '../../../src/ssh/files.ts';
import { tempFolder } from './support/tools.ts';

const posixOnly = process.platform === 'win32' ? it.skip : it;

describe('files that are whole or not there', () => {
  const temp = tempFolder();
  const place = () => {
    const path = temp('file');
    mkdirSync(dirname(path), { recursive: true });
    return path;
  };
  const beside = (path: string) => readdirSync(dirname(path));

  it('writes, replaces and leaves nothing beside', async () => {
    const path = place();
    await writeAtomic(path, 'one');
    await writeAtomic(path, Buffer.from([0, 255, 10]));
    assert.deepEqual(readFileSync(path), Buffer.from([0, 255, 10]));
    assert.deepEqual(beside(path), ['file']);
  });

  posixOnly('gives the mode asked for, whatever the umask', async () => {
    const path = place();
    const umask = process.umask(0o077);
    try {
      await writeAtomic(path, 'x', { mode: 0o644 });
      assert.equal(statSync(path).mode & 0o777, 0o644);
      await writeAtomic(path, 'x');
      assert.equal(statSync(path).mode & 0o777, 0o600);
    } finally {
      process.umask(umask);
    }
  });

  it('keeps the old file and no other when the new one cannot take its place', async () => {
    const path = place();
    mkdirSync(path);
    writeFileSync(`${path}/inside`, 'kept');
    await assert.rejects(writeAtomic(path, 'x'));
    assert.deepEqual(beside(path), ['file']);
    assert.equal(readFileSync(`${path}/inside`, 'utf8'), 'kept');
  });

  it('creates once: of many at the same time one wins and the rest see it whole', async () => {
    const path = place();
    const contents = Array.from({ length: 12 }, (_, n) => `${n}`.repeat(5000));
    const won = await Promise.all(contents.map((content) => createOnce(path, content)));
    assert.equal(won.filter(Boolean).length, 1);
    assert.equal(readFileSync(path, 'utf8'), contents[won.indexOf(true)]);
    assert.deepEqual(beside(path), ['file']);
  });

  it('reads what is there, and nothing where nothing is', async () => {
    const path = place();
    assert.equal(await readIfThere(path), undefined);
    writeFileSync(path, 'there');
    assert.equal((await readIfThere(path))?.toString(), 'there');
    await assert.rejects(readIfThere(dirname(path)), { code: 'EISDIR' });
  });

  const failing = (times: number, code: string) => {
    const tries = { made: 0 };
    const work = () =>
      ++tries.made <= times ? Promise.reject(Object.assign(new Error('held'), { code })) : Promise.resolve();
    return { tries, work };
  };

  it('waits for a file that something else holds open on Windows', async () => {
    const { tries, work } = failing(2, 'EBUSY');
    await persistently(work, 'win32');
    assert.equal(tries.made, 3);
  });

  it('gives up on Windows in the end, and at once for other errors and systems', async () => {
    for (const [code, platform, made] of [['EPERM', 'win32', 3], ['ENOENT', 'win32', 1], ['EPERM', 'linux', 1]] as const) {
      const { tries, work } = failing(99, code);
      await assert.rejects(persistently(work, platform, 3), { code });
      assert.equal(tries.made, made, `${code} on ${platform}`);
    }
  });
});
