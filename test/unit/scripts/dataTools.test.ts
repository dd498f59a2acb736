import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { dataToolsScript, installProblem, installRcloneScript, parseDataTools } from '../../../src/scripts/dataTools.ts';
import { ShellMachine, shells } from '../../fakes/shellMachine.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';
import { findTool } from '../../fakes/tools.ts';

const version = 'v1.99.0';
const arch = ({ x64: 'linux-amd64', arm64: 'linux-arm64' } as Readonly<Record<string, string>>)[process.arch];
const program = '#!/bin/sh\necho "rclone v1.99.0"\n';

function put(path: string, content: string, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  chmodSync(path, mode);
}

/** The site, with a program of ours in the place of the real one. */
async function site(folder: string, change: { sums?: string; files?: Readonly<Record<string, string>> } = {}) {
  const name = `rclone-${version}-${arch}`;
  put(join(folder, name, 'rclone'), program, 0o755);
  put(join(folder, name, 'README.txt'), 'read me');
  execFileSync('python3', ['-m', 'zipfile', '-c', `${name}.zip`, name], { cwd: folder });
  const zip = readFileSync(join(folder, `${name}.zip`));
  const sum = createHash('sha256').update(zip).digest('hex');
  const files: Record<string, string | Buffer> = {
    '/version.txt': `rclone ${version}\n`,
    [`/${version}/SHA256SUMS`]: change.sums ?? `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA1\n\n${'0'.repeat(64)}  rclone-${version}-osx-arm64.zip\n${sum}  ${name}.zip\n`,
    [`/${version}/${name}.zip`]: zip,
    ...change.files,
  };
  const server = createServer((request, response) => {
    const body = files[request.url ?? ''];
    response.writeHead(body === undefined ? 404 : 200).end(body);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, [Symbol.dispose]: () => void server.close() };
}

/** A machine that has these programs and the few that every one has. */
function equip(machine: ShellMachine, ...tools: readonly string[]): void {
  const bin = join(machine.folder, 'bin');
  mkdirSync(bin, { recursive: true });
  for (const tool of ['sh', 'mkdir', 'mktemp', 'rm', 'mv', 'chmod', 'cat', 'sed', 'awk', 'cut', 'uname', 'df', ...tools]) {
    const place = findTool(tool);
    if (place !== undefined) symlinkSync(place, join(bin, tool));
  }
  machine.env['PATH'] = bin;
}

(arch === undefined || findTool('python3') === undefined ? describe.skip : describe)('getting rclone onto a machine', () => {
  // Python's own programs are scripts in some installations, which find the real one by the path.
  const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
  for (const shell of shells) {
    for (const [kind, tools] of [['curl and unzip', ['curl', 'unzip', 'sha256sum']], ['nothing but python3', []], ['wget and busybox', ['wget', 'busybox', 'openssl']]] as const) {
      if (!tools.every((tool) => findTool(tool) !== undefined)) continue;
      it(`takes ${kind}, by ${shell}`, async () => {
        using temporary = temporaryFolder();
        using there = await site(join(temporary.path, 'site'));
        const machine = new ShellMachine(join(temporary.path, 'a pod'), shell);
        equip(machine, ...tools);
        if (tools.length === 0) symlinkSync(python, join(machine.folder, 'bin/python3'));
        const { stdout } = await machine.run(installRcloneScript(there.origin));
        assert.equal(installProblem(stdout), undefined, stdout);
        assert.deepEqual(readdirSync(join(machine.home, '.gpu-rental/bin')), ['rclone'], 'nothing else stays');
        assert.equal(parseDataTools((await machine.run(dataToolsScript([machine.work]))).stdout)?.rclone, '1.99.0');
      });
    }

    it(`keeps nothing that is not what was published, by ${shell}`, async () => {
      using temporary = temporaryFolder();
      const name = `rclone-${version}-${arch}.zip`;
      for (const [change, problem] of [
        [{ sums: `${'a'.repeat(64)}  ${name}\n` }, 'checksum'],
        [{ sums: `x${name}\n` }, 'checksum'],
        [{ sums: '' }, 'checksum'],
        [{ files: { '/version.txt': 'rclone v1.99.0; rm -rf /\n' } }, 'download'],
        [{ files: { '/version.txt': '<html>' } }, 'download'],
        [{ files: { '/version.txt': 'rclone v1.0\n' } }, 'download'],
      ] as const) {
        using there = await site(join(temporary.path, 'site'), change);
        const machine = new ShellMachine(join(temporary.path, 'pod'), shell);
        assert.equal(installProblem((await machine.run(installRcloneScript(there.origin))).stdout), problem);
        assert.deepEqual(readdirSync(join(machine.home, '.gpu-rental/bin')), []);
      }
    });

    it(`says what is missing, by ${shell}`, async () => {
      using temporary = temporaryFolder();
      using there = await site(join(temporary.path, 'site'));
      const bare = new ShellMachine(join(temporary.path, 'bare'), shell);
      equip(bare);
      assert.equal(installProblem((await bare.run(installRcloneScript(there.origin))).stdout), 'noFetch');
      const strange = new ShellMachine(join(temporary.path, 'strange'), shell);
      equip(strange, 'curl');
      const { rmSync } = await import('node:fs');
      rmSync(join(strange.folder, 'bin/uname'));
      put(join(strange.folder, 'bin/uname'), '#!/bin/sh\necho Plan9\n', 0o755);
      assert.equal(installProblem((await strange.run(installRcloneScript(there.origin))).stdout), 'machine');
      assert.equal(existsSync(join(strange.home, '.gpu-rental/bin/rclone')), false);
    });
  }
});

describe('the tools of a machine', () => {
  const said = (...lines: string[]) => parseDataTools(['gpu-rental:folder=/workspace', ...lines.map((line) => `gpu-rental:${line}`), 'gpu-rental:end='].join('\n'));

  it('are used when they are new enough', () => {
    assert.equal(said('rclone=1.53.3-DEV')?.rclone, undefined);
    assert.equal(said('rclone=1.60.1-DEV')?.rclone, '1.60.1-DEV');
    assert.equal(said('rclone=2.0.0')?.rclone, '2.0.0');
    assert.equal(said('rclone=1.75.2', 'rclone=1.40.0')?.rclone, '1.75.2', 'ours goes before the system’s');
    assert.equal(said('rclone=new')?.rclone, undefined);
  });

  it('read the hub with python alone, and write to it with its own', () => {
    const can = (...has: string[]) => [said(...has.map((tool) => `has=${tool}`))?.hubPull, said(...has.map((tool) => `has=${tool}`))?.hubPush];
    assert.deepEqual([can(), can('python3'), can('hf'), can('module')], [[false, false], [true, false], [true, true], [true, true]]);
  });

  it('are unknown when a machine says anything else', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.equal(parseDataTools(text), undefined);
      assert.equal(installProblem(text), 'unknown');
    }));
    assert.equal(parseDataTools('gpu-rental:folder=../x\ngpu-rental:end='), undefined);
    assert.equal(said('freeKib=1000')?.freeBytes, 1_024_000);
  });
});
