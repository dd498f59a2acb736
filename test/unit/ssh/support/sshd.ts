/** OpenSSH's own server on loopback, for one test and with keys of its own. It ends with whoever started it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Endpoint } from '../../../../src/domain/instance.ts';
import { newHostKey } from './machine.ts';
import { closedPort } from './tools.ts';

export interface SshdOptions {
  readonly folder: string;
  /** OpenSSH public key lines. */
  readonly authorized: readonly string[];
  /** A shell script that runs in place of every command, which it finds in SSH_ORIGINAL_COMMAND. */
  readonly instead?: string;
  /** Lines of sshd_config. */
  readonly more?: readonly string[];
}

export interface Sshd {
  readonly endpoint: Endpoint;
  stop(): Promise<void>;
}

const program = '/usr/sbin/sshd';
const sftpServers = ['/usr/lib/openssh/sftp-server', '/usr/libexec/openssh/sftp-server', '/usr/libexec/sftp-server'];

export const hasSshd = (): boolean => existsSync(program);

export async function startSshd({ folder, authorized, instead, more = [] }: SshdOptions): Promise<Sshd> {
  mkdirSync(folder, { recursive: true });
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const file = (name: string, content: string, mode = 0o600): string => {
    writeFileSync(join(folder, name), content);
    chmodSync(join(folder, name), mode);
    return join(folder, name);
  };
  const port = await closedPort();
  const sftp = sftpServers.find(existsSync);
  const config = file('sshd_config', [
    `Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey "${file('host', newHostKey())}"`, 'PidFile none', 'StrictModes no', 'UsePAM no', 'PasswordAuthentication no',
    'PermitRootLogin yes', `AuthorizedKeysFile "${file('authorized', `${authorized.join('\n')}\n`)}"`, ...(sftp === undefined ? [] : [`Subsystem sftp ${sftp}`]),
    ...(instead === undefined ? [] : [`ForceCommand '${file('instead', `#!/bin/sh\n${instead}\n`, 0o755)}'`]), ...more, '',
  ].join('\n'));
  const child = spawn(program, ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => void (said += chunk.toString()));
  const ended = once(child, 'exit');
  process.once('exit', () => child.kill());
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`sshd did not start: ${said}`);
    await pause(5);
  }
  return {
    endpoint: { host: '127.0.0.1', port, user: userInfo().username, viaProxy: false },
    async stop() {
      child.kill();
      await ended;
    },
  };
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('data', () => resolve(true)).once('error', () => resolve(false)).once('close', () => resolve(false));
    socket.once('data', () => socket.destroy());
  });
