import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseKeyLine } from '../../../../src/practice/pod/authorizedKeys.ts';
import { newKeys } from './support/pod.ts';

describe('lines of authorized_keys', () => {
  const { line } = newKeys();
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

  it('never throw', () => {
    fc.assert(fc.property(fc.string(), (text) => {
      parseKeyLine(text);
      parseKeyLine(`ssh-ed25519 ${Buffer.from(text).toString('base64')}`);
    }));
  });
});
