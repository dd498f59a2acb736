import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect as dial } from 'node:net';
import type { AuthMethod, ConnectConfig } from 'ssh2';
import { connect, makePod, newKeys, open, output, until, usePod } from './support/pod.ts';

describe('logging in', function () {
  this.timeout(20_000);
  const test = usePod();
  const refused = (config: ConnectConfig): Promise<void> =>
    assert.rejects(connect(test(), config), /All configured authentication methods failed|ended|closed|ECONNRESET|Too many/);

  it('works for root with a key on the list', async () => {
    using client = await connect(test());
    assert.equal(await output(client, 'echo "$USER $LOGNAME"'), 'root root');
  });

  it('is refused to another key, another user, a password and to nobody', async () => {
    await refused({ privateKey: newKeys().secret });
    await refused({ username: 'ubuntu' });
    await refused({ privateKey: '', password: 'root' });
    const nobody: AuthMethod[] = [{ type: 'none', username: 'root' }];
    await refused({ authHandler: nobody });
  });

  it('is refused to the right key signed by the wrong one', async () => {
    const forged = Buffer.from(test().keys.line.split(' ')[1] ?? '', 'base64');
    const other = newKeys();
    const { default: ssh2 } = await import('ssh2');
    const key = ssh2.utils.parseKey(other.secret);
    assert.ok(!(key instanceof Error));
    const liar = Object.create(key, { getPublicSSH: { value: () => forged } });
    await refused({ authHandler: (_left, _partial, next) => next({ type: 'publickey', username: 'root', key: liar }) });
  });

  it('asks for the keys anew every time', async () => {
    const [first, second] = [newKeys(), newKeys()];
    let allowed: string[] = [];
    await using made = await makePod({ authorizedKeys: () => allowed });
    const login = async (keys: typeof first): Promise<boolean> => connect({ pod: made.pod, keys }).then((client) => (client.end(), true), () => false);
    assert.deepEqual([await login(first), await login(second)], [false, false]);
    allowed = ['# keys of the account', first.line];
    assert.deepEqual([await login(first), await login(second)], [true, false]);
    allowed = [second.line];
    assert.deepEqual([await login(first), await login(second)], [false, true]);
  });

  it('shows the announced host key and an OpenSSH banner', async () => {
    let seen = '';
    using _client = await connect(test(), {
      hostVerifier: (key: Buffer) => {
        seen = createHash('sha256').update(key).digest('base64').replace(/=+$/, '');
        return true;
      },
    });
    const { pod } = test();
    assert.equal(`SHA256:${seen}`, pod.hostKeyFingerprint);
    const key = Buffer.from(pod.hostKey?.split(' ')[1] ?? '', 'base64');
    assert.equal(`SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`, pod.hostKeyFingerprint);
    const socket = dial(pod.port, '127.0.0.1');
    const [banner]: unknown[] = await once(socket, 'data');
    socket.destroy();
    assert.match(String(banner), /^SSH-2\.0-OpenSSH_\d/);
  });

  it('ends a connection that keeps trying', async () => {
    let tries = 0;
    await assert.rejects(
      connect(test(), {
        authHandler: (_left, _partial, next) => {
          tries++;
          next({ type: 'publickey', username: 'root', key: newKeys().secret });
        },
      }),
    );
    assert.equal(tries, 6);
  });

  it('answers a client that asks whether it is still there', async () => {
    let answers = 0;
    const debug = (text: string): void => void (answers += /Inbound: Received REQUEST_FAILURE/.test(text) ? 1 : 0);
    using client = await connect(test(), { keepaliveInterval: 20, keepaliveCountMax: 10, debug });
    await until('it has answered', () => answers >= 5);
    assert.equal(await output(client, 'echo here'), 'here');
  });

  it('allows ten sessions on a connection, and another when one has ended', async () => {
    using client = await connect(test());
    const held = await Promise.all(Array.from({ length: 10 }, () => open(client, 'cat')));
    await assert.rejects(open(client, 'true'), /open failure/);
    const [first] = held;
    first?.end();
    first?.resume();
    await once(first ?? assert.fail(), 'close');
    assert.equal(await output(client, 'echo again'), 'again');
    for (const channel of held) channel.end();
  });
});
