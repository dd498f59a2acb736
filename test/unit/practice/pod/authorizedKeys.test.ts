import assert from 'node:assert/strict';
import fc from 'fast-check';
import ssh2 from 'ssh2';
import { isAuthorized, parseKeyLine, type Proof } from '../../../../src/practice/pod/authorizedKeys.ts';
import { newKeys } from './support/pod.ts';

describe('lines of authorized_keys', () => {
  const keys = newKeys();
  const { line } = keys;
  const bare = line.split(' ').slice(0, 2).join(' ');
  const read = (text: string): string | undefined => parseKeyLine(text)?.getPublicSSH().toString('base64');

  it('are read with and without a comment, options before them and spaces around them', () => {
    const key = line.split(' ')[1];
    for (const text of [bare, line, `  ${line}\r\n`, `${bare} me@home with words`, `restrict,pty ${bare}`, `command="echo hi",no-pty ${bare} c`]) {
      assert.equal(read(text), key, text);
    }
  });

  it('give nothing when they are comments, empty or broken', () => {
    for (const text of ['', '   ', '# a comment', `#${line}`, 'ssh-ed25519', 'ssh-ed25519 AAAA', 'ssh-rsa AAAAB3NzaC1yc2E=', 'no key at all']) {
      assert.equal(read(text), undefined, text);
    }
  });

  it('let in who signed, and neither a wrong signature nor one that cannot be checked', () => {
    const { secret } = keys;
    const key = ssh2.utils.parseKey(secret);
    assert.ok(!(key instanceof Error));
    const blob = Buffer.from('what is signed');
    const proof = (more: Partial<Proof>): Proof => ({ key: { algo: 'ssh-ed25519', data: key.getPublicSSH() }, blob, signature: key.sign(blob), ...more });
    const list = ['# nobody', newKeys().line, line];
    assert.ok(isAuthorized(proof({}), list));
    assert.ok(isAuthorized({ key: proof({}).key }, list), 'a question without a signature');
    assert.ok(!isAuthorized(proof({}), [newKeys().line]));
    assert.ok(!isAuthorized({ key: proof({}).key }, []));
    assert.ok(!isAuthorized(proof({ signature: key.sign('something else') }), list));
    assert.ok(!isAuthorized(proof({ signature: Buffer.from('short') }), list));
    assert.ok(!isAuthorized(proof({ hashAlgo: 'no such hash' }), list));
  });

  it('never throw', () => {
    fc.assert(fc.property(fc.string(), (text) => {
      parseKeyLine(text);
      parseKeyLine(`ssh-ed25519 ${Buffer.from(text).toString('base64')}`);
    }));
  });
});
