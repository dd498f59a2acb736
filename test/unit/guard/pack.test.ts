import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { isRentError } from '../../../src/domain/errors.ts';
import type { GuardTerms } from '../../../src/domain/guard.ts';
import { usd, usdPerHour } from '../../../src/domain/money.ts';
import { linesFor, minify, type Tag } from '../../../src/guard/minify.ts';
import { guardScript, packGuard } from '../../../src/guard/pack.ts';
import { isHere, runShell, shells, startShell } from './shells.ts';

const terms: GuardTerms = { label: 'gpu-rental-ab12cd-01kav', rate: usdPerHour(0.31), offRate: usdPerHour(0.008), budget: usd(5), useMs: 3_600_500, deadlineAt: 1_800_000_000_999, idleMs: 1_800_000, action: 'stop' };
const kinds: readonly (readonly ['vast' | 'runpod', 'http' | 'https', string])[] = [
  ['vast', 'https', 'https://console.vast.ai'], ['vast', 'http', 'http://127.0.0.1:4321'], ['runpod', 'https', 'https://api.runpod.io'], ['runpod', 'http', 'http://localhost:4321'],
];

describe('the packed guard', () => {
  it('is the script without what is for others, and starts with the terms in seconds', () => {
    for (const [provider, scheme, origin] of kinds) {
      const { program, start } = packGuard(provider, terms, origin);
      assert.match(program, /^[A-Za-z0-9+/]+={0,2}$/);
      assert.equal(gunzipSync(Buffer.from(program, 'base64')).toString(), minify(guardScript(), [provider, scheme]));
      assert.equal(start('echo X'), `(G=$(echo X|base64 -d|gzip -dc);export G;sh -c "$G" g start gpu-rental-ab12cd-01kav 310000 8000 5000000 3600 1800000000 1800 stop ${new URL(origin).host})&`);
    }
  });

  it('holds no way to another provider, and no secret', () => {
    const [vast, runpod] = [minify(guardScript(), ['vast', 'https']), minify(guardScript(), ['runpod', 'https'])];
    assert.ok(!/RUNPOD|runpodctl|\/v2\/pods/.test(vast) && !/CONTAINER|\/api\/v0/.test(runpod));
    assert.ok(!/\/dev\/tcp/.test(vast + runpod) && /\/dev\/tcp/.test(minify(guardScript(), ['vast', 'http'])));
  });

  it('takes idleness that is left out for a time that never comes', () => {
    assert.match(packGuard('vast', { ...terms, idleMs: 0 }, 'https://console.vast.ai').start(''), / 1800000000 99999999999 stop /);
  });

  it('is refused where no guard could do it', () => {
    const wrong = (change: Partial<GuardTerms>, origin = 'https://console.vast.ai'): void =>
      assert.throws(() => packGuard('vast', { ...terms, ...change }, origin), (error) => isRentError(error, 'badRequest'), JSON.stringify([change, origin]));
    for (const label of ['', 'a b', "a'b", '$(reboot)', 'A', `a${'b'.repeat(64)}`]) wrong({ label });
    for (const change of [{ useMs: 999 }, { useMs: Number.NaN }, { budget: usd(-1) }, { deadlineAt: 0 }, { idleMs: -5000 }, { rate: usdPerHour(-1) }, { offRate: usdPerHour(-1) }, { budget: usd(2_000_000) }]) wrong(change);
    for (const origin of ['', 'console.vast.ai', 'ftp://x', 'file:///etc/passwd', 'http://[::1]:80']) wrong({}, origin);
    packGuard('vast', { ...terms, rate: usdPerHour(0) }, 'https://console.vast.ai/');
  });

  for (const shell of shells) {
    it(`can be read by ${shell.name}, long and short`, async function () {
      if (!isHere(shell)) this.skip();
      for (const [provider, scheme] of kinds) {
        for (const script of [linesFor(guardScript(), [provider, scheme]), minify(guardScript(), [provider, scheme])]) {
          assert.equal(await startShell({ ...shell, command: [...shell.command, '-n'] }, script, { HOME: '/nowhere' }), '');
        }
      }
    });
  }

  it('has no fault that a linter knows', function () {
    const linted = spawnSync('shellcheck', [join(import.meta.dirname, '../../../src/guard/guard.sh')], { encoding: 'utf8' });
    if (linted.error) this.skip();
    assert.equal(linted.stdout, '');
  });
});

describe('the shortening of a script', () => {
  const [dash] = shells;
  const run = (script: string): string => (dash === undefined ? '' : runShell(dash, script));

  it('drops comments and lines for others, and keeps what only looks like them', () => {
    const script = '#!/bin/sh\n# one\n  echo "a # b" #vast\n\techo c #runpod-http\necho \'d#e\'\necho f #https\r\n';
    const lines = (...tags: Tag[]): string => linesFor(script, tags);
    assert.equal(lines('vast', 'https'), 'echo "a # b"\necho \'d#e\'\necho f');
    assert.equal(lines('runpod', 'http'), "echo c\necho 'd#e'");
    assert.equal(lines('runpod', 'https'), "echo 'd#e'\necho f");
  });

  it('says the same with fewer letters', () => {
    const script = [
      'add_up() { sum_n=0; for x; do sum_n=$((sum_n + x)); done; }', 'say_it() { echo "$sum_n and ${sum_n%0} and $((sum_n > 5 ? sum_n * (2 + 1) : 0))"; }',
      'add_up 4 6 && say_it || echo never', 'read -r got_a y <<X', 'p q r', 'X', 'echo "$y;$got_a" | cat',
    ].join('\n');
    const short = minify(script, []);
    assert.ok(short.length < script.length - 60 && !/[a-z]_[a-z]/.test(short), short);
    assert.equal(run(short), run(script));
    assert.equal(run(short), '10 and 1 and 30\nq r;p\n');
  });

  it('gives no name of ours one that is in use', () => {
    assert.equal(run(minify('a=1 b=2\nmy_a=3 my_b=4 my_c=5\necho $a$b$my_a$my_b$my_c', [])), '12345\n');
  });
});
