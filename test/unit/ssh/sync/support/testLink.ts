/** A link over one plain connection, as far as a transfer needs one. */
import ssh2, { type ClientChannel } from 'ssh2';
import { once } from 'node:events';
import { RentError } from '../../../../../src/domain/errors.ts';
import type { Endpoint } from '../../../../../src/domain/instance.ts';
import type { MachineLink, RemoteProcess } from '../../../../../src/domain/machineLink.ts';

export interface TestLink extends MachineLink {
  /** As when a line is lost. */
  cut(): void;
  close(): void;
}

export function testLink(endpoint: Endpoint, privateKey: string): TestLink {
  let open: Promise<ssh2.Client> | undefined;
  const lost = () => new RentError('sshUnreachable', { detail: 'lost' });
  const client = (): Promise<ssh2.Client> =>
    (open ??= new Promise<ssh2.Client>((resolve, reject) => {
      const made = new ssh2.Client();
      made.on('ready', () => resolve(made)).on('error', (error) => (reject(error), (open = undefined))).on('close', () => (open = undefined));
      made.connect({ host: endpoint.host, port: endpoint.port, username: endpoint.user, privateKey, algorithms: { cipher: ['aes128-gcm@openssh.com'] } });
    }));
  async function start(command: string, signal?: AbortSignal): Promise<RemoteProcess> {
    signal?.throwIfAborted();
    const connected = await client().catch(() => Promise.reject(lost()));
    const channel = await new Promise<ClientChannel>((resolve, reject) => connected.exec(command, (error, made) => (error ? reject(lost()) : resolve(made))));
    const exit = new Promise<number | null>((resolve, reject) => {
      channel.on('error', () => undefined);
      channel.once('close', (code?: number | null) => (code === undefined ? reject(lost()) : resolve(code)));
    });
    exit.catch(() => undefined);
    signal?.addEventListener('abort', () => channel.destroy());
    return {
      async write(chunk) {
        if (channel.destroyed || !channel.writable) throw lost();
        if (!channel.write(chunk)) await Promise.race([once(channel, 'drain'), once(channel, 'close').then(() => Promise.reject(lost()))]);
      },
      end: () => void channel.end(),
      stdout: channel, stderr: channel.stderr, exit, kill: () => void channel.destroy(),
    };
  }
  return {
    alias: 'test', state: { kind: 'connected' }, onDidChange: () => ({ dispose() {} }), hold: () => ({ dispose() {} }), start,
    async run(script, { input = new Uint8Array(), signal } = {}) {
      const process = await start(`exec sh -c 'eval "$(dd bs=1 count=${Buffer.byteLength(script)} 2>/dev/null)"'`, signal);
      const texts = Promise.all([process.stdout, process.stderr].map(async (stream) => {
        const chunks: Uint8Array[] = [];
        for await (const chunk of stream) chunks.push(chunk);
        return Buffer.concat(chunks).toString();
      }));
      await process.write(Buffer.concat([Buffer.from(script), input]));
      process.end();
      const [stdout = '', stderr = ''] = await texts;
      return { stdout, stderr, code: await process.exit };
    },
    cut: () => void open?.then((made) => made.destroy()),
    close: () => void open?.then((made) => made.end()),
    terminal: () => Promise.reject(new Error('not here')), forward: () => Promise.reject(new Error('not here')),
    get files(): never { throw new Error('not here'); },
  };
}
