import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sensitiveSigns, type SensitiveSign } from '../../../src/domain/sensitiveSigns.ts';

const config = (url: string, email?: string): string =>
  `[core]\n\trepositoryformatversion = 0\n[remote "origin"]\n\turl = ${url}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n${email === undefined ? '' : `[user]\n\tname = Somebody\n\temail = ${email}\n`}`;
const signs = (gitConfig: string, files: readonly string[] = []): SensitiveSign[] => sensitiveSigns({ gitConfig, files });

describe('what looks like sensitive work', () => {
  it('is a remote at a host that is nobody’s public one', () => {
    for (const url of ['git@git.acme.com:ml/models.git', 'https://git.acme.com/ml/models.git', 'https://user:secret@git.acme.com:8443/x.git', 'ssh://git@git.acme.com:2222/ml/models', '"git@git.acme.com:ml/models.git"', 'GIT@GIT.ACME.COM:x/y']) {
      assert.deepEqual(signs(config(url)), [{ is: 'privateRemote', host: 'git.acme.com' }], url);
    }
  });

  it('is no remote where everybody has their public work, whoever’s account it is, and none on this computer', () => {
    for (const url of ['git@github.com:me/x.git', 'https://token@github.com/me/x', 'git@github.com-work:acme/x.git', 'https://huggingface.co/me/model', 'git@gitlab.com:me/x', 'ssh://git@altssh.bitbucket.org:443/x', '/srv/git/x.git', '../x', 'file:///srv/x', 'C:\\repos\\x', 'http://localhost:3000/x']) {
      assert.deepEqual(signs(config(url)), [], url);
    }
  });

  it('is an address that not anybody can have', () => {
    assert.deepEqual(signs(config('git@github.com:me/x', 'jane.doe@acme.com')), [{ is: 'companyAddress', domain: 'acme.com' }]);
    for (const email of ['jane@gmail.com', '12345+jane@users.noreply.github.com', 'jane@laptop', 'jane@laptop.local', 'jane@proton.me', '']) assert.deepEqual(signs(config('git@github.com:me/x', email)), [], email);
    assert.deepEqual(signs('[sendemail]\n\temail = jane@acme.com'), [], 'of the user alone');
  });

  it('is a file with an environment, and not one to copy from', () => {
    assert.deepEqual(signs('', ['train.py', '.env']), [{ is: 'envFile', name: '.env' }]);
    assert.deepEqual(signs('', ['.env.production']), [{ is: 'envFile', name: '.env.production' }]);
    for (const name of ['.env.example', '.env.sample', '.env.template', '.envrc', 'my.env', '.environment', '.env/']) assert.deepEqual(signs('', [name]), [], name);
  });

  it('is told once each, and never with a token', () => {
    const twice = `${config('https://token@git.acme.com/a')}[remote "backup"]\n url = git@git.acme.com:b\n`;
    assert.deepEqual(signs(twice, ['.env', '.env.local']), [{ is: 'privateRemote', host: 'git.acme.com' }, { is: 'envFile', name: '.env' }]);
    fc.assert(fc.property(fc.stringMatching(/^[A-Za-z0-9]{8,30}$/), (token) => {
      assert.doesNotMatch(JSON.stringify(signs(config(`https://oauth2:${token}@git.acme.com/x`))), new RegExp(token));
    }));
  });

  it('is read of whatever stands in a file', () => {
    fc.assert(fc.property(fc.string(), fc.array(fc.string()), (text, files) => {
      for (const sign of signs(text, files)) assert.ok(['privateRemote', 'companyAddress', 'envFile'].includes(sign.is));
    }));
    assert.deepEqual(sensitiveSigns({ files: [] }), []);
  });

  it('takes no longer than it should for a long line', () => {
    const began = performance.now();
    signs(`[remote "x"]\nurl = ${'a@'.repeat(50_000)}\n[user]\nemail = a@${'b.'.repeat(50_000)}\n${' '.repeat(50_000)}`);
    assert.ok(performance.now() - began < 2000);
  });
});
