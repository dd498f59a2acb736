import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { TransferError, type Direction, type HubKind, type TransferResult } from '../../../src/domain/dataStore.ts';
import { systemClock } from '../../../src/services/clock.ts';
import { DataTransfers, type TransferWitness } from '../../../src/services/dataTransfers.ts';
import { ShellMachine, shells } from '../../fakes/shellMachine.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';
import { findTool } from '../../fakes/tools.ts';

const token = "hf_testtoken'$(x)";

interface Entry {
  readonly path: string;
  readonly content: Buffer;
  /** Kept by the storage and told with its checksum. */
  readonly large?: boolean;
  /** What is sent instead, so that the checksum is wrong. */
  readonly sent?: Buffer;
}

/** Speaks as the hub does: a list in pages, files by redirect to a storage that must not see the token. */
async function hub(entries: readonly Entry[], options: { readonly open?: boolean; readonly breakOff?: number } = {}) {
  let breaks = options.breakOff ?? 0;
  const asked: { readonly url: string; readonly token: boolean; readonly range: string | undefined }[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    const url = request.url ?? '';
    const authorized = request.headers.authorization === `Bearer ${token}`;
    asked.push({ url, token: request.headers.authorization !== undefined, range: request.headers.range });
    if (!url.startsWith('/storage/') && !authorized && options.open !== true) return void response.writeHead(401).end('no');
    const [, page] = /^\/api\/datasets\/me\/data\/tree\/main\?recursive=true(?:&page=(\d+))?$/.exec(url) ?? [];
    if (url.startsWith('/api/datasets/me/data/tree')) {
      const at = Number(page ?? 0);
      const entry = entries[at];
      const more = at + 1 < entries.length ? { link: `<${origin()}/api/datasets/me/data/tree/main?recursive=true&page=${at + 1}>; rel="next"` } : {};
      const rows = entry === undefined ? [] : [{ type: 'directory', path: 'x' }, { type: 'file', path: entry.path, size: entry.content.length, ...(entry.large ? { lfs: { oid: createHash('sha256').update(entry.content).digest('hex') } } : {}) }];
      return void response.writeHead(200, { 'content-type': 'application/json', ...more }).end(JSON.stringify(rows));
    }
    const file = entries.find(({ path }) => url.endsWith(`/${encodeURIComponent(path.split('/').at(-1) ?? '').replaceAll("'", '%27')}`));
    if (file === undefined) return void response.writeHead(404).end();
    if (file.large && !url.startsWith('/storage/')) return void response.writeHead(302, { location: `${origin().replace('127.0.0.1', 'localhost')}/storage/${url.split('/').at(-1)}` }).end();
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const body = (file.sent ?? file.content).subarray(from);
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': body.length });
    if (breaks-- > 0) return void response.write(body.subarray(0, body.length >> 1), () => response.destroy());
    response.end(body);
  });
  const origin = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return { origin: origin(), asked, [Symbol.dispose]: () => void server.close().closeAllConnections() };
}

const copy = (machine: ShellMachine, direction: Direction, folder: string, more: { holds?: HubKind; token?: string; fetched?: TransferWitness['fetched'] } = {}): Promise<TransferResult> =>
  new DataTransfers(machine.links, { clock: systemClock, fetched: more.fetched ?? (() => undefined) }).copy({
    alias: 'gpu-rental-abcdef-01', direction, folder, place: { store: { kind: 'hub', holds: more.holds ?? 'dataset' }, path: 'me/data' },
    credentials: { token: more.token ?? token }, signal: new AbortController().signal, onProgress: () => undefined,
  });
const fails = (problem: TransferError['problem'], words?: RegExp) => (error: unknown): boolean =>
  error instanceof TransferError && error.problem === problem && (words === undefined || words.test(error.detail)) && !error.message.includes(token);

(findTool('python3') === undefined ? describe.skip : describe)('a repository of the hub, with python3 alone', () => {
  for (const shell of shells) {
    const setUp = (path: string, origin: string): ShellMachine => {
      const machine = new ShellMachine(join(path, "a pod's [1]"), shell);
      machine.env['HF_ENDPOINT'] = origin;
      machine.env['PATH'] = withoutHub(machine.folder);
      return machine;
    };

    it(`is downloaded whole, resumed, and not again, by ${shell}`, async () => {
      using temporary = temporaryFolder();
      const entries: Entry[] = [
        { path: 'README.md', content: Buffer.from('# data') },
        { path: "train/it's one.parquet", content: randomBytes(2_500_000), large: true },
        { path: 'empty.txt', content: Buffer.alloc(0) },
      ];
      using there = await hub(entries, { breakOff: 1 });
      const machine = setUp(temporary.path, there.origin);
      const to = join(machine.work, 'my data');
      const fetched: [string, number, boolean][] = [];
      const note: TransferWitness['fetched'] = (alias, bytes, ms) => void fetched.push([alias, bytes, ms >= 0 && ms < 600_000]);
      assert.deepEqual(await copy(machine, 'pull', to, { fetched: note }), { files: 3, bytes: 2_500_006, same: 0 });
      assert.deepEqual(fetched, [['gpu-rental-abcdef-01', 2_500_006, true]]);
      for (const { path, content } of entries) assert.ok(readFileSync(join(to, path)).equals(content), path);
      assert.deepEqual(readdirSync(to).toSorted(), ['README.md', 'empty.txt', 'train']);
      assert.ok(there.asked.filter(({ url }) => url.startsWith('/storage/')).every((each) => !each.token), 'the storage never sees the token');
      assert.deepEqual(await copy(machine, 'pull', to), { files: 0, bytes: 0, same: 3 });
    });

    // Python's part alone, so one shell is enough.
    if (shell === shells[0]) it(`writes nothing outside the folder and keeps nothing false`, async () => {
      for (const [entry, words] of [
        [{ path: '../outside.txt', content: Buffer.from('x') }, /leaves the folder/],
        [{ path: 'link/x.txt', content: Buffer.from('x') }, /leaves the folder/],
        [{ path: 'model.bin', content: Buffer.from('right'), sent: Buffer.from('wrong'), large: true }, /another checksum/],
      ] as const) {
        using temporary = temporaryFolder();
        using there = await hub([entry]);
        const machine = setUp(temporary.path, there.origin);
        mkdirSync(join(machine.work, 'data'));
        symlinkSync(machine.home, join(machine.work, 'data/link'));
        await assert.rejects(copy(machine, 'pull', join(machine.work, 'data')), fails('other', words));
        assert.deepEqual([existsSync(join(machine.work, 'outside.txt')), existsSync(join(machine.home, 'x.txt')), existsSync(join(machine.work, 'data/model.bin'))], [false, false, false]);
      }
    });

    it(`says why not, by ${shell}`, async () => {
      using temporary = temporaryFolder();
      using there = await hub([{ path: 'a', content: Buffer.from('a') }]);
      const machine = setUp(temporary.path, there.origin);
      await assert.rejects(copy(machine, 'pull', machine.work, { token: 'hf_other' }), fails('denied'));
      await assert.rejects(copy(machine, 'pull', machine.work, { holds: 'model' }), fails('notFound'));
      machine.env['HF_ENDPOINT'] = 'http://127.0.0.1:9';
      await assert.rejects(copy(machine, 'pull', machine.work), fails('unreachable'));
      await assert.rejects(copy(machine, 'push', machine.work), fails('noTool'), 'writing takes the hub’s own tools');
    });

    it(`is left to the hub’s own command where there is one, by ${shell}`, async () => {
      using temporary = temporaryFolder();
      const machine = setUp(temporary.path, 'http://127.0.0.1:9');
      const hf = join(machine.folder, 'tools/hf');
      mkdirSync(dirname(hf), { recursive: true });
      writeFileSync(hf, '#!/bin/sh\necho "$*" >>"$HOME/words"\necho "$HF_TOKEN" >"$HOME/token"\nif [ "$1" = download ]; then echo weights >model.bin; sleep 3; fi\n');
      chmodSync(hf, 0o755);
      machine.env['PATH'] = `${dirname(hf)}:${machine.env['PATH']}`;
      const to = join(machine.work, 'model');
      assert.equal((await copy(machine, 'pull', to, { holds: 'model' })).files, 1);
      assert.deepEqual(await copy(machine, 'push', to), { files: 0, bytes: 0, same: 0 });
      assert.deepEqual(readFileSync(join(machine.home, 'words'), 'utf8').trim().split('\n'), ['download me/data --repo-type model --local-dir .', 'upload me/data . . --repo-type dataset --private']);
      assert.equal(readFileSync(join(machine.home, 'token'), 'utf8').trim(), token);
    });
  }
});

/** The usual programs, and none of the hub's. */
function withoutHub(folder: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  for (const tool of ['sh', 'mkdir', 'cat', 'sleep', 'du', 'cut', 'find', 'wc', 'python3']) symlinkSync(tool === 'python3' ? systemPython() : (findTool(tool) ?? tool), join(bin, tool));
  return bin;
}

function systemPython(): string {
  return ['/usr/bin/python3', '/usr/local/bin/python3'].find(existsSync) ?? findTool('python3') ?? 'python3';
}
