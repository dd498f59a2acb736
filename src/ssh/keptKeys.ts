import { createSecretKey } from 'node:crypto';
import type { Client } from 'ssh2';

/** Nothing that ssh2 promises: where it looks otherwise inside, it goes on as it would have, only slower. */
interface Inside {
  readonly _protocol?: { readonly _cipher?: { _encKey?: unknown }; readonly _decipher?: { _decipherKey?: unknown } };
}

/**
 * ssh2 gives node the bytes of an AES-GCM key anew for each packet, and node 24 makes a key object of them each time,
 * which takes longer than the packet itself. A key object that is made once is taken as it is.
 */
export function keepKeys(client: Client): void {
  client.on('handshake', () => { // said again whenever the two sides agreed on new keys
    const { _cipher: out, _decipher: into } = (client as unknown as Inside)._protocol ?? {};
    if (Buffer.isBuffer(out?._encKey)) out._encKey = createSecretKey(out._encKey);
    if (Buffer.isBuffer(into?._decipherKey)) into._decipherKey = createSecretKey(into._decipherKey);
  });
}
