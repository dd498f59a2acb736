/** A rented machine as SSH shows it, with every misbehaviour a test asks for. Loopback only. */
import { spawn } from 'node:child_process';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import ssh2, { type AuthContext, type ParsedKey, type Session } from 'ssh2';
import type { Endpoint } from '../../../../src/domain/instance.ts';
import { hostKeyOf } from '../../../../src/ssh/knownHosts.ts';

export interface MachineOptions {
  /** OpenSSH public key lines, asked at every login. */
  readonly authorized: () => readonly string[];
  readonly hostKeys?: readonly string[];
  /** Connections are accepted and stay silent until this resolves. */
  readonly greets?: Promise<void>;
  /** Lets anybody in without a key. */
  readonly letsAnybodyIn?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Replaces running the command; `silence` never answers. */
  readonly answer?: (command: string) => { readonly stdout: string | Buffer; readonly code: number } | 'silence';
}

export interface Machine {
  readonly endpoint: Endpoint;
  readonly hostKey: string;
  /** Connections accepted so far, and open now. */
  readonly accepted: () => number;
  readonly open: () => number;
  readonly attempts: readonly string[];
  readonly resizes: readonly { readonly rows: number; readonly cols: number }[];
  dropAll(): void;
  close(): Promise<void>;
}

export const newHostKey = (type: 'ed25519' | 'ecdsa' = 'ed25519'): string => {
  for (;;) {
    const made = (type === 'ecdsa' ? ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 })
      : ssh2.utils.generateKeyPairSync('ed25519')).private;
    if (!(ssh2.utils.parseKey(made) instanceof Error)) return made; // one in 256 of ssh2's own is spoiled
  }
};

const parsed = (key: string): ParsedKey => {
  const result = ssh2.utils.parseKey(key);
  if (result instanceof Error) throw result;
  return result;
};

export async function startMachine(options: MachineOptions): Promise<Machine> {
  const hostKeys = options.hostKeys ?? [newHostKey()];
  const attempts: string[] = [];
  const resizes: { rows: number; cols: number }[] = [];
  const sockets = new Set<Socket>();
  let accepted = 0;

  const server = new ssh2.Server({ hostKeys: [...hostKeys] }, (client) => {
    client.on('error', () => undefined);
    client.on('authentication', (context) => {
      attempts.push(context.method);
      if (options.letsAnybodyIn || isOurs(context, options.authorized())) context.accept();
      else context.reject(['publickey']);
    });
    client.on('session', (accept) => serve(accept(), options, resizes));
  });
  const door = createServer((socket) => {
    accepted++;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    if (!options.greets) return void server.injectSocket(socket);
    socket.resume();
    void options.greets.then(() => !socket.destroyed && server.injectSocket(socket));
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const { port } = door.address() as AddressInfo;

  const dropAll = () => sockets.forEach((socket) => socket.destroy());
  return {
    endpoint: { host: '127.0.0.1', port, user: 'root', viaProxy: false },
    hostKey: hostKeyOf(parsed(hostKeys[0] ?? '').getPublicSSH()),
    accepted: () => accepted,
    open: () => sockets.size,
    attempts,
    resizes,
    dropAll,
    async close() {
      dropAll();
      await new Promise((resolve) => door.close(resolve));
    },
  };
}

function isOurs(context: AuthContext, authorized: readonly string[]): boolean {
  if (context.method !== 'publickey') return false;
  const key = authorized.map(parsed).find((one) => one.getPublicSSH().equals(context.key.data));
  if (!key) return false;
  if (context.signature === undefined || context.blob === undefined) return true; // only asking whether it would do
  return key.verify(context.blob, context.signature, context.hashAlgo);
}

function serve(session: Session, { env, answer }: MachineOptions, resizes: { rows: number; cols: number }[]): void {
  session.on('pty', (accept, _reject, { rows, cols }) => {
    resizes.push({ rows, cols });
    accept();
  });
  session.on('window-change', (accept, _reject, { rows, cols }) => {
    resizes.push({ rows, cols });
    accept?.();
  });
  session.on('shell', (accept) => {
    const channel = accept();
    channel.on('data', (chunk: Buffer) => {
      channel.write(`got ${chunk.toString()}`);
      if (chunk.includes('exit')) {
        channel.exit(3);
        channel.end();
      }
    });
  });
  session.on('exec', (accept, _reject, { command }) => {
    const ready = answer?.(command);
    if (ready === 'silence') return;
    const channel = accept();
    if (ready) {
      channel.write(ready.stdout, () => {
        channel.exit(ready.code);
        channel.end();
      });
      return;
    }
    const child = spawn('sh', ['-c', command], { env: { PATH: process.env['PATH'], ...env }, detached: true });
    channel.pipe(child.stdin);
    child.stdin.on('error', () => undefined);
    // What the command goes on saying after the client has closed the channel.
    channel.on('error', () => undefined);
    channel.stderr.on('error', () => undefined);
    child.stdout.pipe(channel, { end: false });
    child.stderr.pipe(channel.stderr, { end: false });
    // The whole group: what the shell started would go on, and hold our pipes open.
    channel.on('close', () => {
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, 'SIGKILL');
    });
    child.on('close', (code, signal) => {
      if (code === null) channel.exit(signal?.replace('SIG', '') ?? 'TERM');
      else channel.exit(code);
      channel.end();
    });
  });
}
