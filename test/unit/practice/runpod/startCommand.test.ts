import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { shellQuote, splitArgs, startCommandOf, startsSshd } from '../../../../src/practice/runpod/startCommand.ts';

const official = { image: 'runpod/pytorch:x', args: '', cmd: null, entrypoint: null };

describe('practice RunPod container commands', () => {
  it('splits arguments as a shell does, without expanding anything', () => {
    assert.deepEqual(splitArgs(''), []);
    assert.deepEqual(splitArgs("  bash -c 'echo $HOME && exit 1'  "), ['bash', '-c', 'echo $HOME && exit 1']);
    assert.deepEqual(splitArgs('a "b \\" c" d\\ e \'f\'g "" \\$x'), ['a', 'b " c', 'd e', 'fg', '', '$x']);
    assert.deepEqual(splitArgs('"unclosed quote'), ['unclosed quote']);
  });

  it('reads back what it quoted', () => {
    fc.assert(fc.property(fc.array(fc.string({ unit: 'grapheme' })), (words) => assert.deepEqual(splitArgs(words.map(shellQuote).join(' ')), words)));
  });

  it('quotes so that a real shell sees the same words', function () {
    if (process.platform === 'win32') this.skip();
    const word = fc.string({ unit: fc.constantFrom('a', ' ', "'", '"', '$', '`', '\\', '*', '\n', ';', '&', '#', '~', 'é') });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 4 }), (words) => {
        const seen = execFileSync('/bin/sh', ['-c', `printf '%s\\0' end ${words.map(shellQuote).join(' ')}`], { encoding: 'utf8' });
        assert.deepEqual(seen.split('\0').slice(1, -1), words);
      }),
      { numRuns: 40 },
    );
  });

  it("runs the image's start script when nothing is asked for", () => {
    assert.equal(startCommandOf(official, '/pod/start.sh'), 'exec /pod/start.sh');
  });

  it('puts the stand-in where /start.sh was named, inside quotes too', () => {
    assert.equal(startCommandOf({ ...official, args: "bash -c 'guard & exec /start.sh'" }, '/pod/start.sh'), "bash -c 'guard & exec /pod/start.sh'");
    assert.equal(startCommandOf({ ...official, cmd: ['/start.sh'] }, '/a b/start.sh'), "'/a b/start.sh'");
    assert.equal(startCommandOf({ ...official, args: 'sh /opt/start.sh /start.sh.bak' }, '/pod/start.sh'), 'sh /opt/start.sh /start.sh.bak');
  });

  it('joins entrypoint and cmd, and prefers cmd to args', () => {
    assert.equal(startCommandOf({ ...official, entrypoint: ['sh', '-c'], cmd: ['sleep 1; id'], args: 'ignored' }, '/s'), "sh -c 'sleep 1; id'");
    assert.equal(startCommandOf({ ...official, entrypoint: ['python3'], args: 'train.py --lr 1' }, '/s'), 'python3 train.py --lr 1');
  });

  it('knows when nothing brings sshd up', () => {
    assert.equal(startsSshd(official), true);
    assert.equal(startsSshd({ ...official, image: 'ubuntu:24.04' }), false);
    assert.equal(startsSshd({ ...official, args: 'sleep infinity' }), false);
    assert.equal(startsSshd({ ...official, args: "bash -c 'guard & /start.sh'" }), true);
    assert.equal(startsSshd({ ...official, image: 'ubuntu:24.04', cmd: ['bash', '-c', 'service ssh start; sleep infinity'] }), true);
  });
});
