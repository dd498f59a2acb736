import assert from 'node:assert/strict';
import { createHash, KeyObject, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Client } from 'ssh2';
import { dial } from '../../../src/ssh/dial.ts';
import { newKey, soundKey } from '../../../src/ssh/keys.ts';
import { keepKeys } from '../../../src/ssh/keptKeys.ts';
import type { SshConnection } from '../../../src/ssh/connection.ts';
import { type Machine, startMachine } from './support/machine.ts';
import { createTestClock } from './support/testClock.ts';

/** Where ssh2 has them: a version that has them elsewhere is slower, and is to be looked into. */
const keysOf = (client: Client): readonly unknown[] => {
  const { _cipher, _decipher } = (client as unknown as { _protocol: { _cipher: { _encKey: unknown }; _decipher: { _decipherKey: unknown } } })._protocol;
  return [_cipher._encKey, _decipher._decipherKey];
};

describe('the keys of a line', () => {
  let there: Machine;
  let connection: SshConnection;
  before(async () => {
    const privateKey = await newKey('test');
    const publicLine = `ssh-ed25519 ${(await soundKey(privateKey))?.getPublicSSH().toString('base64')} test`;
    there = await startMachine({ authorized: () => [publicLine] });
    connection = await dial({ endpoint: there.endpoint, privateKey, pinned: undefined, clock: createTestClock(), signal: new AbortController().signal });
  });
  after(async () => {
    await connection.close();
    await there.close();
  });

  it('are made once for all packets', () => {
    for (const key of keysOf(connection.client)) assert.ok(key instanceof KeyObject);
  });

  it('are made once again when the two sides agree on new ones, in the middle of everything', async () => {
    const [before] = keysOf(connection.client);
    const input = randomBytes(2 ** 20);
    const hashing = connection.exec('sha256sum', { input });
    const agreed = once(connection.client, 'handshake');
    (connection.client as unknown as { _protocol: { rekey(): void } })._protocol.rekey();
    await agreed;
    assert.equal((await hashing).stdout.split(' ')[0], createHash('sha256').update(input).digest('hex'));
    for (const key of keysOf(connection.client)) assert.ok(key instanceof KeyObject);
    assert.notEqual(keysOf(connection.client)[0], before);
  });

  it('are left alone where the library has none, or keeps them elsewhere', () => {
    const insides = [{}, { _protocol: {} }, { _protocol: { _cipher: {}, _decipher: { _decipherKey: 'other' } } }];
    for (const inside of insides) {
      const before = structuredClone(inside);
      let shake = (): void => assert.fail('nobody listens');
      const client = Object.assign(inside, { on: (_: string, heard: () => void) => void (shake = heard) });
      keepKeys(client as unknown as Client);
      shake();
      const { on: _, ...after } = client;
      assert.deepEqual(after, before);
    }
  });
});
