/** What people use without us, over the same server and with the same cipher. Each is undefined where it is not installed. */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { hasTool } from '../../unit/ssh/support/tools.ts';
import type { Bench } from './bench.ts';

type Peer = (way: 'up' | 'down', from: string, to: string) => Promise<void>;

export function peersOf({ keyFile, port, cipher }: Bench): Readonly<Record<'scp' | 'sftp' | 'rsync', Peer | undefined>> {
  const options = ['-i', keyFile, '-o', `Port=${port}`, '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR', '-o', 'IdentitiesOnly=yes', '-c', cipher];
  const there = 'root@127.0.0.1';
  const quoted = (path: string): string => `"${path}"`;
  const scp: Peer = async (way, from, to) => run('scp', ['-r', '-q', ...options, ...(way === 'up' ? [from, `${there}:${to}`] : [`${there}:${from}`, to])]);
  const sftp: Peer = async (way, from, to) => {
    mkdirSync(to, { recursive: true });
    const deed = way === 'up' ? `put -r ${quoted(`${from}/.`)} ${quoted(to)}` : `get -r ${quoted(`${from}/.`)} ${quoted(to)}`;
    await run('sftp', ['-q', ...options, '-b', '-', there], `${deed}\n`);
  };
  const rsync: Peer = async (way, from, to) => run('rsync', ['-a', '-s', '-e', ['ssh', ...options.map((one) => (one.includes(' ') ? `'${one}'` : one))].join(' '), ...(way === 'up' ? [`${from}/`, `${there}:${to}`] : [`${there}:${from}/`, to])]);
  return {
    scp: hasTool('scp', '-O', '--version') || hasTool('which', 'scp') ? scp : undefined,
    sftp: hasTool('which', 'sftp') ? sftp : undefined,
    rsync: hasTool('rsync', '--version') ? rsync : undefined,
  };
}

function run(program: string, args: readonly string[], input = ''): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => void (said += chunk.toString()));
    child.once('error', reject).once('close', (code) => (code === 0 ? resolve() : reject(new Error(`${program}: ${said.slice(0, 500)}`))));
    child.stdin.end(input);
  });
}
