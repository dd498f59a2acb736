/** A pod in a temporary folder and the clients that talk to it. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import ssh2, { type ClientChannel, type ConnectConfig, type ExecOptions } from 'ssh2';
import { newHostKey } from '../../../../../src/practice/pod/hostKey.ts';
import { type GpuReading, type Pod, type PodOptions, removePod, startPod } from '../../../../../src/practice/pod/pod.ts';

export const GPU: GpuReading = {
  name: 'NVIDIA GeForce RTX 4090', memoryMib: 24564, usedMib: 1024, utilPct: 37, tempC: 52, powerW: 211.4, driver: '550.54.15', cuda: '12.4',
};

export interface Keys {
  readonly secret: string;
  readonly line: string;
}

/** A user's key is made as a host's is. */
export const newKeys = (): Keys => newHostKey();

export interface TestPod {
  readonly pod: Pod;
  readonly dir: string;
  readonly outside: string;
  readonly keys: Keys;
  readonly lines: string[];
  /** Stops the pod and starts it again in its folder. */
  restart(): Promise<void>;
}

/** Folder names with a space and a quote: both must survive every shell on the way. */
export async function makePod(options: Partial<PodOptions> = {}): Promise<TestPod & AsyncDisposable> {
  const outside = mkdtempSync(join(tmpdir(), "practice pod's "));
  const dir = join(outside, 'pod');
  const keys = newKeys();
  const lines: string[] = [];
  const settings: PodOptions = {
    dir, env: {}, authorizedKeys: () => [keys.line], gpus: () => [GPU], log: (line) => void lines.push(line), stopGraceMs: 300, ...options,
  };
  let pod = await startPod(settings);
  return {
    get pod() {
      return pod;
    },
    dir, outside, keys, lines,
    async restart() {
      await pod.stop();
      pod = await startPod(settings);
    },
    async [Symbol.asyncDispose]() {
      await pod.stop();
      await removePod(dir);
      await rm(outside, { recursive: true, force: true });
    },
  };
}

/** One pod for the tests of a describe. */
export function usePod(options: Partial<PodOptions> = {}): () => TestPod {
  let made: (TestPod & AsyncDisposable) | undefined;
  before(async () => void (made = await makePod(options)));
  after(() => made?.[Symbol.asyncDispose]());
  return () => made ?? assert.fail('The pod has not started');
}

export async function until(what: string, probe: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 15_000; !(await probe()); await pause(5)) {
    if (Date.now() > deadline) assert.fail(`${what}: it did not come true`);
  }
}

export function connect(test: Pick<TestPod, 'pod' | 'keys'>, config: ConnectConfig = {}): Promise<ssh2.Client & Disposable> {
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    const disposable = Object.assign(client, { [Symbol.dispose]: () => void client.end() });
    client.once('ready', () => resolve(disposable)).once('close', () => reject(new Error('The connection was closed'))).on('error', reject);
    client.once('connect', () => client.setNoDelay(true));
    client.connect({ host: '127.0.0.1', port: test.pod.port, username: 'root', privateKey: test.keys.secret, ...config });
  });
}

export interface Ended {
  readonly code: number | null;
  readonly signal: string | undefined;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

export const open = (client: ssh2.Client, command: string, options: ExecOptions = {}): Promise<ClientChannel> =>
  new Promise((resolve, reject) => client.exec(command, options, (error, channel) => (error ? reject(error) : resolve(channel))));

export async function ended(channel: ClientChannel): Promise<Ended> {
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  let status: [number | null, string | undefined] = [null, undefined];
  channel.on('data', (chunk: Buffer) => void out.push(chunk));
  channel.stderr.on('data', (chunk: Buffer) => void err.push(chunk));
  channel.on('exit', (code: number | null, signal?: string) => void (status = [code, signal]));
  await Promise.all([once(channel, 'close'), once(channel.stderr, 'end')]);
  return { code: status[0], signal: status[1], stdout: Buffer.concat(out), stderr: Buffer.concat(err) };
}

/** Listens from the first moment: a quick exit status arrives together with the channel. */
export function exec(client: ssh2.Client, command: string, input: string | Buffer = '', options: ExecOptions = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    client.exec(command, options, (error, channel) => {
      if (error) {
        reject(error);
        return;
      }
      resolve(ended(channel));
      channel.end(input);
    });
  });
}

/** Standard output of a command that must succeed. */
export async function output(client: ssh2.Client, command: string, input: string | Buffer = ''): Promise<string> {
  const { code, stdout, stderr } = await exec(client, command, input);
  assert.equal(code, 0, stderr.toString());
  return stdout.toString().trim();
}

export const alive = (pid: number): boolean => {
  try {
    // Signal 0 also finds a zombie that nobody has asked for its status yet.
    return !/^\s*Z/.test(execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }));
  } catch {
    return false;
  }
};

export const hasTool = (file: string): boolean => {
  try {
    execFileSync('/bin/sh', ['-c', `command -v ${file}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** Options that keep the machine's own ssh configuration, agent and known hosts out of a test. */
export function sshOptions(test: TestPod, keys = test.keys): string[] {
  const key = join(test.outside, keys === test.keys ? 'id' : 'other-id');
  const hosts = join(test.outside, 'hosts');
  writeFileSync(key, keys.secret, { mode: 0o600 });
  writeFileSync(hosts, `pod ${test.pod.hostKey ?? ''}\n`);
  const options = {
    IdentityFile: `"${key}"`, UserKnownHostsFile: `"${hosts}"`, GlobalKnownHostsFile: '/dev/null', HostKeyAlias: 'pod',
    StrictHostKeyChecking: 'yes', IdentitiesOnly: 'yes', IdentityAgent: 'none', BatchMode: 'yes', LogLevel: 'ERROR', Port: String(test.pod.port),
  };
  return ['-F', '/dev/null', ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`])];
}

export async function runTool(file: string, args: readonly string[], input: string | Buffer = '', cwd?: string): Promise<Ended> {
  const child = spawn(file, args, { cwd });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => void out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => void err.push(chunk));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [code, signal]: unknown[] = await once(child, 'close');
  return {
    code: typeof code === 'number' ? code : null,
    signal: typeof signal === 'string' ? signal : undefined,
    stdout: Buffer.concat(out),
    stderr: Buffer.concat(err),
  };
}
