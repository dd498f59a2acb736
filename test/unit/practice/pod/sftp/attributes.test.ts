import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { applyTo, type Changeable, encodeStats, longName, modeText, readAttributes } from '../../../../../src/practice/pod/sftp/attributes.ts';
import { Reader, text, u32, u64 } from '../../../../../src/practice/pod/sftp/protocol.ts';

describe('file attributes', () => {
  const dir = mkdtempSync(join(tmpdir(), 'attributes-'));
  after(() => {
    execFileSync('chmod', ['-R', 'u+rwX', dir]);
    rmSync(dir, { recursive: true });
  });

  it('are read in any combination and leave the rest of the request alone', () => {
    fc.assert(
      fc.property(fc.nat(31), fc.array(fc.nat(0xffffffff), { minLength: 6, maxLength: 6 }), (bits, [size = 0, uid = 0, gid = 0, mode = 0, access = 0, modify = 0]) => {
        const has = (bit: number): boolean => (bits & bit) !== 0;
        const extra = has(16) ? [u32(2), text('a'), text('b'), text(''), text('c')] : [];
        const parts = [
          u32((bits & 15) | (has(16) ? 0x80000000 : 0)),
          ...(has(1) ? [u64(size)] : []),
          ...(has(2) ? [u32(uid), u32(gid)] : []),
          ...(has(4) ? [u32(mode)] : []),
          ...(has(8) ? [u32(access), u32(modify)] : []),
          ...extra,
          text('what follows'),
        ];
        const reader = new Reader(Buffer.concat(parts));
        assert.deepEqual(readAttributes(reader), {
          ...(has(1) && { size }),
          ...(has(2) && { owner: { uid, gid } }),
          ...(has(4) && { mode }),
          ...(has(8) && { times: { access, modify } }),
        });
        assert.equal(reader.text(), 'what follows');
      }),
    );
  });

  it('of a real file come back as they are', () => {
    const path = join(dir, 'file');
    writeFileSync(path, 'hello', { mode: 0o640 });
    const stats = lstatSync(path);
    assert.deepEqual(readAttributes(new Reader(encodeStats(stats))), {
      size: 5,
      owner: { uid: stats.uid, gid: stats.gid },
      mode: stats.mode,
      times: { access: Math.floor(stats.atimeMs / 1000), modify: Math.floor(stats.mtimeMs / 1000) },
    });
  });

  it('are set with the times after the size', async () => {
    const done: string[] = [];
    const note = (name: string) => (...args: number[]) => Promise.resolve(void done.push(`${name} ${args.join(' ')}`));
    const file: Changeable = { truncate: note('size'), chmod: note('mode'), utimes: note('times'), chown: note('owner') };
    await applyTo(file, { owner: { uid: 1, gid: 2 }, times: { access: 3, modify: 4 }, mode: 0o107644, size: 9 });
    assert.deepEqual(done, ['size 9', `mode ${0o7644}`, 'times 3 4', 'owner 1 2']);
    await applyTo(file, {});
    assert.equal(done.length, 4);
  });

  it('print their mode as ls does', () => {
    for (const mode of ['0', '644', '755', '1777', '4755', '2711', '4644', '2600', '1644', '7777']) {
      const path = join(dir, `mode${mode}`);
      mkdirSync(path);
      execFileSync('chmod', [mode, path]);
      assert.equal(modeText(lstatSync(path).mode), execFileSync('ls', ['-ld', path], { encoding: 'utf8' }).slice(0, 10), mode);
    }
    symlinkSync('nowhere', join(dir, 'link'));
    assert.equal(modeText(lstatSync(join(dir, 'link')).mode)[0], 'l');
    assert.equal(modeText(lstatSync('/dev/null').mode)[0], 'c');
  });

  it('make a line with a clock for recent files and a year for others', () => {
    const path = join(dir, 'dated');
    writeFileSync(path, 'x'.repeat(1234), { mode: 0o600 });
    const stats = Object.assign(lstatSync(path), { mtime: new Date(2026, 4, 7, 8, 9) });
    assert.match(longName('a b', stats, new Date(2026, 5, 1)), /^-rw------- +1 root +root +1234 May  7 08:09 a b$/);
    assert.match(longName('a b', stats, new Date(2027, 5, 1)), / 1234 May  7  2026 a b$/);
    assert.match(longName('a b', stats, new Date(2026, 3, 1)), / 1234 May  7  2026 a b$/);
  });
});
