import assert from 'node:assert/strict';
import ssh2 from 'ssh2';
import { hostKeyOf } from '../../../src/ssh/knownHosts.ts';
import { watchLog, witnessLimits } from '../../../src/ssh/witness.ts';
import { newHostKey } from './support/machine.ts';
import { createTestClock } from './support/testClock.ts';
import { noLog, until } from './support/tools.ts';

const alias = 'gpu-rental-ab12-01j9z';
const key = (() => {
  const parsed = ssh2.utils.parseKey(newHostKey());
  if (parsed instanceof Error) throw parsed;
  return hostKeyOf(parsed.getPublicSSH());
})();
const line = `gpu-rental-hostkey ${alias} ${key}`;

/** `texts`: what each reading brings; the last one for ever. */
function watching(texts: readonly (string | Error)[], past: ReadonlySet<string> = new Set()) {
  const clock = createTestClock(0); // every sleep lasts until the time is moved
  const end = new AbortController();
  let reads = 0;
  const witness = watchLog({
    machineLog: {
      read() {
        const text = texts[Math.min(reads++, texts.length - 1)] ?? '';
        return text instanceof Error ? Promise.reject(text) : Promise.resolve(text);
      },
      fingerprints: false,
    },
    alias, past, clock, log: noLog, signal: end.signal,
  });
  /** Second by second, until it has spoken. */
  async function spoken(waiting = new AbortController().signal) {
    const from = clock.now();
    let word: string | undefined;
    witness.last(key, waiting).then((said) => (word = said), (error: unknown) => (word = String(error)));
    await until(() => {
      if (word === undefined && clock.pending.length > 0) clock.advance(1_000);
      return word !== undefined;
    });
    return { word, seconds: (clock.now() - from) / 1000 };
  }
  return { clock, end, witness, spoken, reads: () => reads };
}

describe('waiting for what a log says', () => {
  it('is over as soon as the log names the key', async () => {
    const { spoken, end } = watching([new Error('not yet'), '', 'booting', `booting\n${line}`]);
    const { word, seconds } = await spoken();
    assert.equal(word, 'log');
    assert.ok(seconds >= 15 && seconds <= 17, `${seconds} s`);
    end.abort();
  });

  it('is over twenty seconds after the machine is up, when the log can be read and is silent', async () => {
    const { spoken, end } = watching(['booting']);
    const { word, seconds } = await spoken();
    assert.equal(word, 'firstUse');
    assert.ok(seconds >= witnessLimits.silent / 1000 && seconds <= 27, `${seconds} s`);
    end.abort();
  });

  it('is over after a minute, when there is no log', async () => {
    for (const nothing of ['', new Error('Vast did not publish the log within a minute')]) {
      const { spoken, end } = watching([nothing]);
      const { word, seconds } = await spoken();
      assert.equal(word, 'firstUse');
      assert.equal(seconds, witnessLimits.unread / 1000);
      end.abort();
    }
  });

  it('counts the minute from the beginning, beside the waiting for SSH', async () => {
    const { clock, spoken, end, reads } = watching(['']);
    await until(() => reads() > 0 && clock.pending.length > 0);
    clock.advance(300_000);
    assert.equal((await spoken()).seconds, witnessLimits.silent / 1000);
    end.abort();
  });

  it('ends with whoever waits, and the reading with its signal', async () => {
    const { witness, end, clock, reads } = watching(['']);
    const caller = new AbortController();
    const waiting = witness.last(key, caller.signal);
    caller.abort();
    await assert.rejects(waiting, { name: 'AbortError' });
    await until(() => clock.pending.length === 1);
    end.abort();
    await until(() => clock.pending.length === 0);
    const before = reads();
    clock.advance(60_000);
    await new Promise(setImmediate);
    assert.equal(reads(), before);
  });

  it('says no at once when the log names another', async () => {
    const { witness, reads, end } = watching([line]);
    await until(() => reads() > 0 && witness.now(key) === 'log');
    const parsed = ssh2.utils.parseKey(newHostKey());
    assert.ok(!(parsed instanceof Error));
    assert.equal(witness.now(hostKeyOf(parsed.getPublicSSH())), 'refused');
    end.abort();
  });
});
