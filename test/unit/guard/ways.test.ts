/** The ways in which guard.sh reaches a provider: by whichever tool the image has, the key in no argument. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linesFor, type Tag } from '../../../src/guard/minify.ts';
import { guardScript } from '../../../src/guard/pack.ts';
import { isHere, shells, startShell, type Shell } from './shells.ts';

interface Heard {
  readonly line: string;
  readonly key: string | undefined;
  readonly agent: string | undefined;
  readonly type: string | undefined;
  readonly body: string;
}

const secret = 'c0ffee'.repeat(10);
const functions = (tags: readonly Tag[]): string => linesFor(guardScript().split('# At every start of the container')[0] ?? '', tags);
const find = (name: string): string | undefined => ['/usr/bin', '/bin', '/usr/local/bin'].map((folder) => join(folder, name)).find(existsSync) ?? (name === 'nc' ? find('busybox') : undefined);

describe('the way to the provider', function () {
  this.timeout(60_000);
  let folder: string;
  let heard: Heard[];
  let answer: number;
  let secure = false;
  let server: ReturnType<typeof createServer>;

  async function listen(): Promise<string> {
    const told = async (request: IncomingMessage): Promise<void> => {
      let body = '';
      for await (const part of request) body += String(part);
      const { authorization: key, 'user-agent': agent, 'content-type': type } = request.headers;
      heard.push({ line: `${request.method} ${request.url}`, key, agent, type, body });
    };
    const listener: Parameters<typeof createServer>[1] = (request, response) => void told(request).then(() => response.writeHead(answer).end(answer === 204 ? undefined : '{"HTTP":" 999"}'));
    server = secure ? createTlsServer(selfSigned(folder), listener) : createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `${secure ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'guard-ways-'));
    [heard, answer, secure] = [[], 200, false];
  });
  afterEach(async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
    rmSync(folder, { recursive: true, force: true });
  });

  /** A PATH that holds nothing but these. */
  function only(...tools: readonly string[]): string {
    const bin = join(folder, 'bin');
    mkdirSync(bin, { recursive: true });
    for (const name of ['mkdir', 'cat', 'rm', 'sed', 'tail', 'sleep', ...tools]) {
      const path = find(name);
      if (path !== undefined && !existsSync(join(bin, name))) symlinkSync(path, join(bin, name));
    }
    return bin;
  }

  async function call(shell: Shell, tags: readonly Tag[], what: string, path: string): Promise<string> {
    const origin = await listen();
    const script = `${functions(tags)}\nkey_s=${secret} id_s=17 label_s=gpu-rental-x origin_s=${origin} host_s=${new URL(origin).host}\ncall_api ${what}\n`;
    return (await startShell(shell, script, { PATH: path, HOME: folder })).trim();
  }

  for (const shell of shells) {
    describe(`under ${shell.name}`, () => {
      beforeEach(function () {
        if (!isHere(shell)) this.skip();
      });

      for (const tool of ['curl', 'wget', 'python3', 'perl', 'bash', 'nc']) {
        it(`leads over ${tool}`, async function () {
          if (find(tool) === undefined) this.skip();
          assert.equal(await call(shell, ['runpod', 'http'], 'stop', only(tool)), `200 ${tool}`);
          assert.deepEqual(heard, [{ line: 'POST /v2/pods/17/action', key: `Bearer ${secret}`, agent: 'gpu-rental-guard', type: 'application/json', body: '{"action":"stop"}' }]);
        });
      }

      it('leads over openssl where an image has no certificates', async function () {
        if (find('openssl') === undefined) this.skip();
        secure = true;
        answer = 204;
        assert.equal(await call(shell, ['vast', 'https'], 'destroy', only('curl', 'wget', 'openssl')), '204 openssl');
        assert.deepEqual(heard.map(({ line, key, body }) => [line, key, body]), [['DELETE /api/v0/instances/17/', `Bearer ${secret}`, '{}']]);
      });

      it('says that nothing leads there where nothing does', async () => {
        assert.equal(await call(shell, ['vast', 'https'], 'stop', only()), '0 nothing');
        assert.deepEqual(heard, []);
      });
    });
  }

  it('asks Vast for what its machine’s key may do', async () => {
    const [dash] = shells;
    assert.ok(dash);
    const said: unknown[] = [];
    for (const what of ['test', 'stop', 'destroy']) {
      heard = [];
      assert.match(await call(dash, ['vast', 'http'], what, process.env['PATH'] ?? ''), /^200 \w+$/);
      said.push(...heard.map(({ line, body }) => `${line} ${body}`));
      server.close();
    }
    assert.deepEqual(said, ['PUT /api/v0/instances/17/ {"label":"gpu-rental-x"}', 'PUT /api/v0/instances/17/ {"state":"stopped"}', 'DELETE /api/v0/instances/17/ {}']);
  });

  it('passes on a refusal', async () => {
    const [dash] = shells;
    assert.ok(dash);
    answer = 403;
    assert.match(await call(dash, ['runpod', 'http'], 'destroy', process.env['PATH'] ?? ''), /^403 \w+$/);
    assert.deepEqual(heard.map(({ body }) => body), ['{"action":"terminate"}']);
  });

  it('falls back on RunPod’s own program', async () => {
    const [dash] = shells;
    assert.ok(dash);
    const path = only();
    writeFileSync(join(path, 'runpodctl'), '#!/bin/sh\necho "$*" >>"$HOME/asked"\n[ "$1" = remove ]\n', { mode: 0o755 });
    symlinkSync(find('sh') ?? '/bin/sh', join(path, 'sh'));
    assert.equal(await call(dash, ['runpod', 'https'], 'destroy', path), '200 runpodctl');
    assert.equal(readFileSync(join(folder, 'asked'), 'utf8'), 'pod delete 17\nremove pod 17\n');
  });

  it('keeps the key out of every argument and every file', async function () {
    if (process.platform !== 'linux') this.skip();
    const [dash] = shells;
    assert.ok(dash);
    const path = only('tr');
    for (const tool of ['curl', 'wget', 'python3', 'perl', 'bash', 'nc']) {
      writeFileSync(join(path, tool), '#!/bin/sh\ntr "\\0" " " </proc/$$/cmdline >>"$HOME/arguments"\ncat >>"$HOME/input"\nexit 1\n', { mode: 0o755 });
    }
    symlinkSync(find('sh') ?? '/bin/sh', join(path, 'sh'));
    await call(dash, ['runpod', 'http'], 'stop', path);
    assert.match(readFileSync(join(folder, 'input'), 'utf8'), new RegExp(secret));
    const given = readFileSync(join(folder, 'arguments'), 'utf8');
    assert.ok(given.length > 200 && !given.includes(secret), given);
    const left = execFileSync('grep', ['-rl', secret, '.'], { cwd: folder, encoding: 'utf8' });
    assert.equal(left.trim(), './input');
  });
});

function selfSigned(folder: string): { key: string; cert: string } {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost', '-days', '1', '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}
