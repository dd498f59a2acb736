import { spawn } from 'node:child_process';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export interface S3Server {
  readonly endpoint: string;
  /** Of its program, whose own command line holds the keys. */
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

/** A real S3 server on loopback over a folder: each folder in it is a bucket. */
export async function startS3(rclone: string, folder: string, keyId: string, secret: string): Promise<S3Server> {
  const port = await freePort();
  const server = spawn(rclone, ['serve', 's3', '--config', '', '--auth-key', `${keyId},${secret}`, '--addr', `127.0.0.1:${port}`, folder], { stdio: 'ignore' });
  const gone = new Promise<void>((resolve) => void server.once('close', () => resolve()));
  for (const deadline = Date.now() + 15_000; !(await answers(port)); await pause(20)) {
    if (Date.now() > deadline || server.exitCode !== null) throw new Error('the S3 server does not answer');
  }
  return {
    endpoint: `http://127.0.0.1:${port}`,
    pid: server.pid,
    stop: () => {
      server.kill();
      return gone;
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => void probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => void probe.close(resolve));
  return port;
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => (socket.destroy(), resolve(true))).once('error', () => resolve(false));
  });
