import assert from 'node:assert/strict';
import fc from 'fast-check';
import { environmentOf, gitPlaceOf, publicUrl } from '../../../src/services/projectFacts.ts';

const one = '1'.repeat(40);
const two = '2'.repeat(40);
const config = '[core]\n\tbare = false\n[remote "upstream"]\n\turl = https://example.org/other.git\n[remote "origin"]\n\turl = https://me:hunter2@example.org/me/lora.git\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n[branch "main"]\n';
const of = (files: Readonly<Record<string, string>>) => gitPlaceOf(async (path) => files[path]);

describe('what git’s own files say', () => {
  it('is the commit and where it can be had', async () => {
    const files = { '.git/config': config, '.git/HEAD': 'ref: refs/heads/feature/x\n', '.git/refs/heads/feature/x': `${one}\n` };
    const url = 'https://example.org/me/lora.git';
    assert.deepEqual(await of(files), { url, commit: one, pushed: false });
    assert.deepEqual(await of({ ...files, '.git/refs/remotes/origin/feature/x': `${two}\n` }), { url, commit: one, pushed: false });
    assert.deepEqual(await of({ ...files, '.git/packed-refs': `# pack-refs\n${one} refs/remotes/origin/feature/x\n` }), { url, commit: one, pushed: true });
    assert.deepEqual(await of({ '.git/config': config, '.git/HEAD': `${two}\n` }), { url, commit: two, pushed: false });
    assert.deepEqual((await of({ '.git/config': config, '.git/HEAD': 'ref: refs/heads/main\n', '.git/packed-refs': `${two} refs/heads/main\n` }))?.commit, two);
  });

  it('is nothing without a remote or a commit', async () => {
    assert.equal(await of({}), undefined);
    assert.equal(await of({ '.git/config': '[core]', '.git/HEAD': one }), undefined);
    assert.equal(await of({ '.git/config': config, '.git/HEAD': 'ref: refs/heads/main' }), undefined);
    assert.equal(await of({ '.git/config': config, '.git/HEAD': `${one}; rm -rf /` }), undefined);
  });

  it('never holds a name or a password', () => {
    for (const [url, clean] of [
      ['https://example.org/a/b.git', 'https://example.org/a/b.git'],
      ['https://tok3n@example.org/a/b.git', 'https://example.org/a/b.git'],
      ['https://me:tok3n@example.org:8443/a/b?x=tok3n#tok3n', 'https://example.org:8443/a/b'],
      ['git@example.org:a/b.git', 'https://example.org/a/b.git'],
      ['example.org:a/b.git', 'https://example.org/a/b.git'],
      ['ssh://git@example.org:2222/a/b.git', 'https://example.org/a/b.git'],
      ['/home/me/b.git', undefined], ['../b.git', undefined], ['file:///b.git', undefined], ['C:\\b', undefined], ['', undefined],
    ] as const) assert.equal(publicUrl(url), clean, url);
    fc.assert(fc.property(fc.webUrl(), fc.stringMatching(/^[a-z0-9]{12,20}$/), (url, secret) => {
      assert.ok(!publicUrl(url.replace('://', `://me:${secret}@`))?.includes(secret));
    }));
  });
});

it('the environment is made of the first file that says what is wanted', async () => {
  const kind = async (...files: readonly string[]) => (await environmentOf(async (path) => files.includes(path)))?.kind;
  assert.deepEqual(await Promise.all([kind('pyproject.toml', 'uv.lock'), kind('pyproject.toml', 'requirements.txt'), kind('pyproject.toml'), kind('environment.yaml'), kind('Makefile')]), ['uv', 'requirements', 'pyproject', 'conda', undefined]);
});
