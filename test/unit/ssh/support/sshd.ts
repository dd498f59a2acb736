/** OpenSSH's own server on loopback, with keys and a home folder of its own; it ends with the test. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Endpoint } from '../../../../src/domain/instance.ts';
import { runTool, until } from './tools.ts';

const program = '/usr/sbin/sshd';
/** Debian's openssh-server, and the right to switch users that it needs. */
export const hasSshd = existsSync(program) && process.getuid?.() === 0;

export interface Sshd {
  readonly endpoint: Endpoint;
  readonly home: string;
  readonly close: () => Promise<void>;
}

export async function startSshd(folder: string, authorized: readonly string[], more: readonly string[] = []): Promise<Sshd> {
  const home = join(folder, 'home');
  mkdirSync(home, { recursive: true });
  mkdirSync('/run/sshd', { recursive: true });
  await runTool('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'host')]);
  writeFileSync(join(folder, 'authorized'), `${authorized.join('\n')}\n`);
  const port = await freePort();
  const lines = [
    `Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey "${join(folder, 'host')}"`, `AuthorizedKeysFile "${join(folder, 'authorized').replaceAll('%', '%%')}"`,
    'StrictModes no', 'UsePAM no', 'PermitRootLogin yes', 'PidFile none', `SetEnv "HOME=${home}"`, ...more,
    ...(more.some((line) => line.startsWith('Subsystem sftp')) ? [] : ['Subsystem sftp internal-sftp']),
  ];
  writeFileSync(join(folder, 'config'), `${lines.join('\n')}\n`);
  const child = spawn(program, ['-D', '-e', '-f', join(folder, 'config')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => void (said += chunk.toString()));
  await until(() => {
    if (child.exitCode !== null) throw new Error(`sshd ended: ${said}`);
    return said.includes('Server listening');
  }, 'sshd listening');
  return {
    endpoint: { host: '127.0.0.1', port, user: userInfo().username, viaProxy: false },
    home,
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      // Its sessions outlive it otherwise.
      await runTool('pkill', ['-KILL', '-P', String(child.pid)]);
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
