import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isAbort } from '../../../../src/domain/errors.ts';
import type { Answer } from '../../../../src/domain/http.ts';
import { logs, readLog, requestLogs } from '../../../../src/providers/vast/logs.ts';
import { FakeClock } from '../../../fakes/fakeClock.ts';
import { answer, never, scripted, withCode, type Asked } from './support.ts';

const address = 'https://s3.example.org/bucket/instance_logs/0a1b.log?X-Sig=abc';
const missing = answer('<Error><Code>NoSuchKey</Code></Error>', 404);
const log = async (reads: readonly Answer[]): Promise<{ text: string; asked: readonly Asked[]; sleptMs: number }> => {
  const clock = new FakeClock();
  const http = scripted((call, count) => (call.method === 'PUT' ? answer({ success: true, result_url: address, msg: '' }) : (reads[Math.min(count - 2, reads.length - 1)] ?? missing)));
  const text = await logs(http, clock, '7', never());
  return { text, asked: http.asked, sleptMs: clock.slept.reduce((sum, ms) => sum + ms, 0) };
};

describe('the log of an instance', () => {
  it('is asked for with the key and fetched without it, where Vast says', async () => {
    const { text, asked } = await log([answer('line 1\nline 2\n')]);
    assert.equal(text, 'line 1\nline 2\n');
    assert.deepEqual(asked.map(({ method, origin, path, key, body }) => ({ method, origin, path, key, body })), [
      { method: 'PUT', origin: undefined, path: '/api/v0/instances/request_logs/7/', key: 'required', body: { tail: '1000' } },
      { method: 'GET', origin: 'https://s3.example.org', path: '/bucket/instance_logs/0a1b.log?X-Sig=abc', key: 'none', body: undefined },
    ]);
  });

  it('is waited for until it is there', async () => {
    const { text, asked } = await log([missing, answer('', 403), answer(''), answer('Error response from daemon: No such container: C.7'), answer('there')]);
    assert.equal(text, 'there');
    assert.equal(asked.length, 6);
  });

  it('is what the daemon says, when it says nothing else for a minute', async () => {
    const { text, sleptMs } = await log([answer('Error response from daemon: No such container: C.7')]);
    assert.match(text, /No such container/);
    assert.equal(sleptMs, 60_000);
  });

  it('is given up after a minute', async () => {
    await assert.rejects(log([missing]), withCode('badResponse'));
  });

  it('is text without colours, bells and secrets, its newest part when it is long', async () => {
    const { text } = await log([answer('\u001B[32mok\u001B[0m\r\nprogress\rdone\u0007\tAuthorization: Bearer abcdef123\n')]);
    assert.equal(text, 'ok\nprogress\ndone\tAuthorization: Bearer •••\n');
    const long = await log([answer(`${'x'.repeat(400_000)}the end`)]);
    assert.ok(long.text.length <= 256 * 1024 && long.text.endsWith('the end'));
  });

  it('does nothing to whoever reads it, whatever a program printed', () => {
    const hostile = fc.string({ unit: fc.constantFrom('a', ' ', '\u001b', '[31m', ']8;;https://x', '\u0007', '\u009b', '\r', '\n', '\t', '\u202e', '\u2066', '\u2028', '\u0000', '\u007f') });
    fc.assert(fc.property(hostile, (printed) => {
      const text = readLog(new URL(address)).read(answer(printed)) ?? '';
      assert.doesNotMatch(text.replace(/[\n\t]/g, ''), /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
    }));
  });

  it('has an address or none', () => {
    for (const result_url of ['', 'no address', null]) assert.throws(() => requestLogs('7').read(answer({ success: true, result_url })), withCode('badResponse'));
    assert.throws(() => requestLogs('7').read(answer({ success: false, error: 'no_such_instance' }, 404)), withCode('gone'));
    assert.throws(() => requestLogs('../7'), withCode('badRequest'));
    assert.equal(readLog(new URL(address)).read(missing), undefined);
  });

  it('can be given up by the one who asked', async () => {
    const cancel = new AbortController();
    const http = scripted((call) => {
      if (call.method === 'GET') cancel.abort();
      return call.method === 'PUT' ? answer({ success: true, result_url: address }) : missing;
    });
    await assert.rejects(logs(http, new FakeClock(), '7', cancel.signal), isAbort);
  });
});
