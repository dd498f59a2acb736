/** A machine that answers what it likes: nothing may come of it outside the folder, and nothing half inside. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { RentError } from '../../../../src/domain/errors.ts';
import type { MachineLink, RemoteProcess } from '../../../../src/domain/machineLink.ts';
import { systemClock } from '../../../../src/services/clock.ts';
import { createFolderSync } from '../../../../src/ssh/sync/folderSync.ts';
import { archiveEnd, padding, tarHeader } from '../../../../src/ssh/sync/tarWrite.ts';
import { rejectsWith, tempFolder } from '../support/tools.ts';
import { lay, tree } from './support/trees.ts';

interface Claim {
  readonly path: string;
  readonly kind?: 'file' | 'folder' | 'link' | 'device';
  readonly bytes?: number;
  readonly target?: string;
}
interface Sent {
  readonly path: string;
  readonly content?: string;
  readonly type?: string;
  readonly target?: string;
}

const rawKind = { file: '81a4', folder: '41ed', link: 'a1ff', device: '61b0' } as const;

function member({ path, content = '', type = '0', target = '' }: Sent): Buffer {
  const header = tarHeader({ kind: 'file', path: 'x', bytes: Buffer.byteLength(content), modified: 1_700_000_000, mode: 0o777 });
  header.fill(0, 0, 100).write(path, 0);
  header.write(type, 156, 'latin1');
  header.write(target, 157);
  header.write('        ', 148, 'latin1');
  header.write(`${header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return Buffer.concat([header, Buffer.from(content), padding(Buffer.byteLength(content))]);
}

/** It lists `claims` and sends `archive`, whatever it was asked for. */
function liar(claims: readonly Claim[], archive: Buffer | (() => AsyncGenerator<Buffer>), piece: (block: number) => AsyncGenerator<Buffer> = async function* none() {}): MachineLink {
  const markIn = (script: string): string => /gpu-rental-[0-9a-f]{16}:/.exec(script)?.[0] ?? '';
  const look = (mark: string, { path, kind = 'file', bytes = 1 }: Claim): string => `${mark}${rawKind[kind]} ${bytes} 1700000000 ./${path}\n`;
  const start = (): Promise<RemoteProcess> => {
    const written: Buffer[] = [];
    const ended = Promise.withResolvers<void>();
    async function* stdout(): AsyncGenerator<Buffer> {
      await ended.promise;
      const script = Buffer.concat(written).toString();
      const mark = markIn(script);
      yield Buffer.from(`${mark}begin\n`);
      if (script.includes('find .')) yield Buffer.from(`${claims.map((claim) => look(mark, claim)).join('')}${mark}end\n`);
      else if (script.includes('dd if=')) yield* piece(Number(/skip=(\d+)/.exec(script)?.[1]));
      else if (script.includes('tar -cf')) {
        if (Buffer.isBuffer(archive)) yield archive;
        else yield* archive();
      }
    }
    async function* stderr(): AsyncGenerator<Buffer> {}
    return Promise.resolve({
      write: async (chunk: Uint8Array) => void written.push(Buffer.from(chunk)), end: () => ended.resolve(), kill: () => ended.resolve(),
      stdout: stdout(), stderr: stderr(), exit: ended.promise.then(() => 0),
    });
  };
  return {
    alias: 'liar', state: { kind: 'connected' }, onDidChange: () => ({ dispose() {} }), hold: () => ({ dispose() {} }), start,
    run: (script) => {
      const mark = markIn(script);
      const stdout = script.includes('for tool in') ? `${mark}tar=1\n${mark}free=1000\n${mark}end=1\n`
        : script.includes('readlink') ? claims.filter(({ kind }) => kind === 'link').map(({ target = '' }) => `${mark}${target}\n`).join('')
          : script.includes('stat -c') ? claims.map((claim) => look(mark, claim)).join('') : '';
      return Promise.resolve({ stdout, stderr: '', code: 0 });
    },
    terminal: () => Promise.reject(new Error('no')), forward: () => Promise.reject(new Error('no')),
    get files(): never { throw new Error('no'); },
  };
}

const posix = process.platform === 'win32' ? describe.skip : describe;

posix('a hostile machine', () => {
  const temp = tempFolder('gpu rental hostile ');
  const sync = createFolderSync(systemClock);
  /** The folder to fill lies in one that must not change. */
  const around = (name: string): { readonly outer: string; readonly inner: string } => {
    const outer = lay(temp(name), { 'precious': 'mine', 'in/kept': 'kept' });
    return { outer, inner: join(outer, 'in') };
  };
  const fetch = (inner: string, claims: readonly Claim[], sent: readonly Sent[] | Buffer) =>
    sync.down({
      link: liar(claims, Buffer.isBuffer(sent) ? sent : Buffer.concat([...sent.map(member), archiveEnd])),
      localFolder: inner, remoteFolder: '/work', signal: new AbortController().signal,
    });

  it('cannot name anything outside', async () => {
    const { outer, inner } = around('names');
    const names = ['../precious', '../../x', '/etc/x', 'a/../../precious', '..', './../precious', '.gpu-rental-incoming/x'];
    const { skipped, files } = await fetch(inner, [...names.map((path) => ({ path })), { path: 'good' }], [...names.map((path) => ({ path, content: 'E' })), { path: 'good', content: 'g' }]);
    assert.deepEqual(Object.keys(tree(outer)), ['in/', 'in/good', 'in/kept', 'precious']);
    assert.equal(readFileSync(join(outer, 'precious'), 'utf8'), 'mine');
    assert.deepEqual([files, skipped.length], [1, names.length]);
  });

  it('cannot send what nobody asked for, twice, as something else or with another size', async () => {
    const { outer, inner } = around('extras');
    const { skipped } = await fetch(inner, [{ path: 'a' }, { path: 'b' }, { path: 'c' }], [
      { path: '../precious', content: 'E' }, { path: 'unasked', content: 'E' }, { path: 'a', content: '1' }, { path: 'a', content: 'E' },
      { path: 'b', type: '2', target: '../precious' }, { path: 'b', type: '3' }, { path: 'b', type: '1', target: '../precious' }, { path: 'c', content: 'too long' },
    ]);
    assert.deepEqual(Object.keys(tree(outer)), ['in/', 'in/a', 'in/kept', 'precious']);
    assert.equal(readFileSync(join(inner, 'a'), 'utf8'), '1');
    assert.deepEqual(skipped.map(({ path }) => path), ['b', 'c']);
  });

  it('cannot have a link made that leads out, nor write through one that leads in', async () => {
    const { outer, inner } = around('links');
    const { skipped } = await fetch(inner, [
      { path: 'out', kind: 'link', target: '..' }, { path: 'abs', kind: 'link', target: '/etc' }, { path: 'deep', kind: 'link', target: 'a/../../..' },
      { path: 'ok', kind: 'link', target: 'sub' }, { path: 'out/x' }, { path: 'ok/y' }, { path: 'device', kind: 'device' },
    ], [{ path: 'out/x', content: 'E' }, { path: 'ok/y', content: 'E' }]);
    assert.ok(!existsSync(join(outer, 'x')));
    assert.deepEqual(tree(inner)['device'], undefined);
    assert.ok(['out', 'abs', 'deep', 'device'].every((path) => skipped.some((one) => one.path === path)));
    assert.ok(Object.values(tree(inner)).every((what) => !what.includes('-> ..') && !what.includes('-> /')));
  });

  it('cannot write through a link that was here before', async () => {
    const { outer, inner } = around('own links');
    mkdirSync(join(outer, 'elsewhere'));
    symlinkSync('../elsewhere', join(inner, 'results'));
    symlinkSync('../precious', join(inner, 'file'));
    const { skipped } = await fetch(inner, [{ path: 'results', kind: 'folder' }, { path: 'results/x' }, { path: 'file' }], [{ path: 'results/x', content: 'E' }, { path: 'file', content: 'f' }]);
    assert.deepEqual(tree(join(outer, 'elsewhere')), {});
    assert.equal(readFileSync(join(outer, 'precious'), 'utf8'), 'mine');
    assert.equal(readFileSync(join(inner, 'file'), 'utf8'), 'f', 'the link itself gave way');
    assert.deepEqual(skipped.map(({ path }) => path), ['results', 'results/x']);
  });

  it('cannot send without end', async () => {
    const { inner } = around('endless');
    async function* endless(): AsyncGenerator<Buffer> {
      for (;;) yield Buffer.alloc(2 ** 20, 0);
    }
    await rejectsWith(sync.down({ link: liar([{ path: 'a' }], endless), localFolder: inner, remoteFolder: '/work', signal: new AbortController().signal }), 'badResponse', /more than it announced/);
    assert.deepEqual(Object.keys(tree(inner)), ['kept']);
  });

  it('cannot pass off a file as whole when any piece of it did not come', async () => {
    const { inner } = around('pieces');
    const size = 64 * 2 ** 20 + 5;
    async function* piece(block: number): AsyncGenerator<Buffer> {
      if (block === 0) return; // and the other one comes later, whole
      await new Promise((resolve) => setImmediate(resolve));
      yield Buffer.alloc(5, 1);
    }
    const { skipped, files } = await sync.down({ link: liar([{ path: 'big', bytes: size }], Buffer.alloc(0), piece), localFolder: inner, remoteFolder: '/work', signal: new AbortController().signal });
    assert.deepEqual([files, skipped.map(({ path }) => path), Object.keys(tree(inner))], [0, ['big'], ['kept']]);
  });

  it('cannot fill the disk: what it announces must fit', async () => {
    const { inner } = around('full');
    await rejectsWith(fetch(inner, [{ path: 'a', bytes: 9e15 }], []), 'diskFullHere');
    assert.deepEqual(Object.keys(tree(inner)), ['kept']);
  });

  it('leaves nothing half behind when what it sends is no archive', async () => {
    const { inner } = around('noise');
    await rejectsWith(fetch(inner, [{ path: 'a' }], Buffer.alloc(4096, 'noise')), 'badResponse');
    await assert.rejects(fetch(inner, [{ path: 'a', bytes: 600 }], member({ path: 'a', content: 'x'.repeat(600) }).subarray(0, 700)), RentError);
    assert.deepEqual(Object.keys(tree(inner)), ['kept']);
  }).timeout(60_000);

  it('changes nothing outside, whatever it says', async function property() {
    this.timeout(120_000);
    const name = fc.array(fc.constantFrom('..', '.', '', 'a', 'b', 'precious', 'kept', '/', '~', '\0'), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    const claim = fc.record({ path: name, kind: fc.constantFrom('file' as const, 'folder' as const, 'link' as const, 'device' as const), target: name, bytes: fc.constantFrom(0, 1) });
    const sent = fc.record({ path: name, content: fc.constantFrom('', 'E'), type: fc.constantFrom('0', '1', '2', '5', '6'), target: name });
    await fc.assert(fc.asyncProperty(fc.array(claim, { maxLength: 6 }), fc.array(sent, { maxLength: 6 }), async (claims, members) => {
      const { outer, inner } = around('property');
      await fetch(inner, claims, members).catch((error: unknown) => assert.ok(error instanceof RentError, String(error)));
      const after = tree(outer);
      assert.deepEqual(Object.keys(after).filter((path) => !path.startsWith('in/')), ['precious']);
      assert.equal(readFileSync(join(outer, 'precious'), 'utf8'), 'mine');
      assert.ok(Object.keys(after).every((path) => !path.includes('.gpu-rental-incoming')));
    }), { numRuns: 100 });
  });

  it('is kept from a folder of ours that somebody made a link', async () => {
    const { outer, inner } = around('incoming');
    mkdirSync(join(outer, 'trap'));
    symlinkSync('../trap', join(inner, '.gpu-rental-incoming'));
    writeFileSync(join(outer, 'trap', 'there'), '');
    await fetch(inner, [{ path: 'a' }], [{ path: 'a', content: '1' }]);
    assert.deepEqual(Object.keys(tree(join(outer, 'trap'))), ['there']);
    assert.equal(dirname(join(inner, 'a')), inner);
  });
});
