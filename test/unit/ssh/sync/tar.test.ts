import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { ByteSource } from '../../../../src/ssh/sync/byteSource.ts';
import type { Item } from '../../../../src/ssh/sync/item.ts';
import { TarReader, type Member } from '../../../../src/ssh/sync/tarRead.ts';
import { archiveEnd, padding, tarHeader } from '../../../../src/ssh/sync/tarWrite.ts';
import { hasTool, rejectsWith, tempFolder } from '../support/tools.ts';
import { tree } from './support/trees.ts';

const file = (path: string, bytes: number): Item => ({ kind: 'file', path, bytes, modified: 1_700_000_000, mode: 0o644 });
const member = (path: string, content: string | Buffer): Buffer => {
  const bytes = Buffer.from(content);
  return Buffer.concat([tarHeader(file(path, bytes.length)), bytes, padding(bytes.length)]);
};

/** In pieces of `size`, as a line may cut it. */
async function* inPieces(bytes: Buffer, size = 700): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(bytes: Buffer, size?: number): Promise<(Member & { readonly content: string })[]> {
  const reader = new TarReader(new ByteSource(inPieces(bytes, size)));
  const found: (Member & { readonly content: string })[] = [];
  for (let one = await reader.next(); one !== undefined; one = await reader.next()) {
    let content = '';
    for await (const piece of reader.content(one.bytes)) content += piece.toString('latin1');
    found.push({ ...one, content });
  }
  return found;
}

describe('a tar archive', () => {
  const temp = tempFolder('gpu rental tar ');

  it('comes out as it went in, in pieces of any size and with names of any length', async () => {
    const name = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).filter((text) => !/[/\0]/.test(text) && !/^\.+$/.test(text)), { minLength: 1, maxLength: 5 }).map((names) => names.join('/'));
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(name, fc.uint8Array({ maxLength: 2000 })), { maxLength: 5 }), fc.integer({ min: 1, max: 3000 }), async (members, size) => {
      const archive = Buffer.concat([...members.map(([path, content]) => member(path, Buffer.from(content))), archiveEnd]);
      const found = await read(archive, size);
      assert.deepEqual(found.map(({ path, content }) => [path, content]), members.map(([path, content]) => [path, Buffer.from(content).toString('latin1')]));
    }), { numRuns: 50 });
  });

  it('goes on behind its end: there may be several', async () => {
    assert.deepEqual((await read(Buffer.concat([member('a', '1'), archiveEnd, archiveEnd, member('b', '2'), archiveEnd]))).map(({ path }) => path), ['a', 'b']);
  });

  for (const program of [['tar'], ['busybox', 'tar']]) {
    const [command = '', ...args] = program;
    (hasTool('which', command) ? it : it.skip)(`is what ${program.join(' ')} unpacks and packs`, async () => {
      const to = temp('to');
      mkdirSync(to, { recursive: true });
      const long = `${'d'.repeat(90)}/${'n'.repeat(200)}`;
      const archive = Buffer.concat([
        tarHeader({ ...file('empty folder', 0), kind: 'folder', mode: 0o755 }), member('-a b\n', 'x'), member(long, 'long'), tarHeader({ ...file('run', 0), mode: 0o755 }),
        tarHeader({ ...file('link', 0), kind: 'link' }, long), archiveEnd,
      ]);
      execFileSync(command, [...args, '-xpof', '-'], { cwd: to, input: archive });
      const unpacked = tree(to);
      assert.deepEqual(Object.keys(unpacked), ['-a b\n', `${'d'.repeat(90)}/`, long, 'empty folder/', 'link', 'run']);
      assert.equal(unpacked['link'], `-> ${long}`);
      assert.match(unpacked['run'] ?? '', /^755 1700000000 /);
      writeFileSync(join(to, 'big'), Buffer.alloc(70_000, 1));
      const packed = execFileSync(command, [...args, '-cf', '-', './big', `./${long}`, './-a b\n'], { cwd: to });
      assert.deepEqual((await read(packed)).map(({ path, type, bytes }) => [path, type, bytes]), [['big', '0', 70_000], [long, '0', 4], ['-a b\n', '0', 1]]);
    });
  }

  it('can hold files that are bigger than octal digits can say', async () => {
    const header = tarHeader(file('huge', 20 * 2 ** 30));
    const reader = new TarReader(new ByteSource(inPieces(header)));
    assert.equal((await reader.next())?.bytes, 20 * 2 ** 30);
  });

  it('is refused when it is none, too big a claim, or cut off', async () => {
    await rejectsWith(read(Buffer.alloc(1024, 'x')), 'badResponse', /no tar archive/);
    const endless = tarHeader(file('a', 2 ** 53 - 1));
    await rejectsWith(read(endless), 'badResponse', /a size that is none/);
    const name = tarHeader({ ...file('x'.repeat(150), 0) });
    name.write('77777777777\0', 124, 'latin1');
    name.write('        ', 148, 'latin1');
    name.write(`${name.subarray(0, 512).reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    await rejectsWith(read(name), 'badResponse', /a name that is none/);
    await rejectsWith(read(member('a', 'content').subarray(0, 515)), 'sshUnreachable');
  });

  it('never makes more of noise than an error', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 3000 }), async (noise) => {
      await read(Buffer.from(noise)).then(() => assert.ok(noise.every((byte) => byte === 0)), (error: unknown) => assert.ok(error instanceof Error && 'code' in error));
    }));
  });
});

describe('bytes from a machine', () => {
  const source = (text: string, most?: number) => new ByteSource(inPieces(Buffer.from(text), 3), most);

  it('begin behind the mark, whatever was printed before', async () => {
    const one = source('welcome\nmar mark:begin\nrest');
    await one.after('mark:begin\n');
    assert.equal((await one.rest(100)).toString(), 'rest');
  });

  it('are given up when the mark does not come', () => rejectsWith(source('x'.repeat(100)).after('mark', 50), 'sshUnreachable'));
  it('are cut off where they are more than was announced', () => rejectsWith(source('x'.repeat(100), 50).rest(1000), 'badResponse'));
});
