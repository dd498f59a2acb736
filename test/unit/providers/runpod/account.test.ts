import assert from 'node:assert/strict';
import { RentError } from '../../../../src/domain/errors.ts';
import { toDollars, usd, usdPerHour } from '../../../../src/domain/money.ts';
import type { Account } from '../../../../src/domain/provider.ts';
import { createRunpod } from '../../../../src/providers/runpod/runpod.ts';
import { aborted, answer, at, fakeHttp, fixture, fixtureText, never, ok, problem, withCode, type Reply } from './support.ts';

const keys = ok({ keys: ['ssh-ed25519 AAAA somebody'] });

async function account(graphql: Reply, rest: Reply = answer(500, '')): Promise<{ account: Account; asked: string[] }> {
  const http = fakeHttp((call) => (call.path === '/graphql' ? graphql : rest));
  const read = await createRunpod(http, { signedIn: async () => true }).account(never());
  assert.ok(http.asked.every((call) => call.key === 'required'));
  return { account: read, asked: http.asked.map(({ method, path }) => `${method} ${path}`) };
}

describe('the account', () => {
  it('is the balance and what RunPod charges now', async () => {
    const { account: read, asked } = await account(ok({ data: { myself: { clientBalance: 24.317, currentSpendPerHr: 1.385 } } }));
    assert.deepEqual(read, { balance: usd(24.317), burn: usdPerHour(1.385) });
    assert.deepEqual(asked, ['POST /graphql']);
  });

  it('takes a balance below zero as it is', async () => {
    assert.equal(toDollars((await account(ok({ data: { myself: { clientBalance: -0.4 } } }))).account.balance ?? usd(0)), -0.4);
  });

  it('is there without a balance when GraphQL is gone, hides it or breaks, as long as REST takes the key', async () => {
    const restricted = { data: { myself: { clientBalance: null, currentSpendPerHr: null } }, errors: [{ message: 'not authorized' }] };
    for (const graphql of [
      ok({ data: { myself: null } }), ok(restricted), answer(410, '{}'), answer(404, '<html>'), answer(502, '<html>'), answer(200, '{"data":'),
      problem('unauthorized'), problem('forbidden'), new RentError('network'), new RentError('rateLimited'), ok({ errors: [{ message: 'no' }], data: null }),
    ]) assert.deepEqual(await account(graphql, keys), { account: {}, asked: ['POST /graphql', 'GET /v2/account/ssh-keys'] });
  });

  it('keeps what a restricted key may see', async () => {
    assert.deepEqual((await account(ok({ data: { myself: { clientBalance: null, currentSpendPerHr: 0.5 } } }), keys)).account, { burn: usdPerHour(0.5) });
  });

  it('is refused with the verdict of REST', async () => {
    await assert.rejects(account(problem('unauthorized'), problem('unauthorized')), withCode('auth'));
    await assert.rejects(account(ok({ data: { myself: null } }), problem('unauthorized')), withCode('auth'));
    await assert.rejects(account(problem('unauthorized'), problem('forbidden')), withCode('forbidden'));
    await assert.rejects(account(answer(410, '{}'), answer(503, '')), withCode('serverError'));
    await assert.rejects(account(answer(410, '{}'), answer(200, '<html>')), withCode('badResponse'));
  });

  it('believes GraphQL about a bad key when REST cannot say', async () => {
    await assert.rejects(account(problem('unauthorized'), answer(503, '')), withCode('auth'));
    await assert.rejects(account(problem('unauthorized'), new RentError('network')), withCode('auth'));
  });

  it('is not asked for further when it is cancelled', async () => {
    const control = new AbortController();
    const http = fakeHttp(() => {
      control.abort();
      return new DOMException('cancelled', 'AbortError');
    });
    await assert.rejects(createRunpod(http, { signedIn: async () => true }).account(control.signal), aborted);
    assert.equal(http.asked.length, 1);
  });
});

describe('charges', () => {
  const hour = (time: string): number => Date.parse(`2026-11-20T${time}:00Z`);
  const provider = (reply: Reply) => {
    const http = fakeHttp(() => reply);
    return { http, charges: createRunpod(http, { signedIn: async () => true }).charges };
  };
  const recorded = (now: number): Reply => ({ ...ok(fixture('billing.json')), at: now });

  it('are asked for by the hour', async () => {
    const { http, charges } = provider(recorded(at));
    await charges(hour('06:00'), hour('09:00'), never());
    assert.deepEqual([http.asked[0]?.path, http.asked[0]?.query], [
      '/v2/billing/pods', { bucketSize: 'hour', startTime: '2026-11-20T06:00:00.000Z', endTime: '2026-11-20T09:00:00.000Z' },
    ]);
  });

  it('come per pod and hour', async () => {
    const read = await provider(recorded(at)).charges(hour('06:00'), hour('09:00'), never());
    assert.deepEqual(read[0], { instanceKey: 'q7w2e9r4t1y8u5', from: hour('06:00'), to: hour('07:00'), amount: usd(1.0123) });
    assert.deepEqual(read.map(({ amount }) => toDollars(amount)), [1.0123, 1.3855, 0.69]);
  });

  it('leave out hours that may still change', async () => {
    assert.equal((await provider(recorded(hour('10:00'))).charges(hour('06:00'), hour('09:00'), never())).length, 2);
    assert.equal((await provider(recorded(hour('08:59'))).charges(hour('06:00'), hour('09:00'), never())).length, 0);
  });

  it('leave out hours that were asked for in part, which RunPod sends whole', async () => {
    const read = await provider(recorded(at)).charges(hour('06:30'), hour('08:30'), never());
    assert.deepEqual(read.map(({ from }) => from), [hour('07:00')]);
  });

  it('of no time at all are none, without a call', async () => {
    const { http, charges } = provider(recorded(at));
    assert.deepEqual(await charges(hour('06:00'), hour('06:00'), never()), []);
    assert.equal(http.asked.length, 0);
  });

  it('are refused as a whole when one record cannot be read', async () => {
    const { records } = fixture('billing.json') as { records: Record<string, unknown>[] };
    for (const change of [{ totalAmount: '1' }, { totalAmount: undefined }, { startTime: 'yesterday' }, { podId: '' }]) {
      const body = { records: [...records.slice(1), { ...records[0], ...change }] };
      await assert.rejects(provider(ok(body)).charges(hour('06:00'), hour('09:00'), never()), withCode('badResponse'));
    }
  });
});

describe('the log', () => {
  const logs = (reply: Reply) => {
    const http = fakeHttp(() => reply);
    return { http, text: createRunpod(http, { signedIn: async () => true }).logs('a1', never()) };
  };

  it('is asked for as a stream that ends when it falls silent', async () => {
    const { http, text } = logs(answer(200, ''));
    assert.equal(await text, '');
    const [call] = http.asked;
    assert.deepEqual([call?.path, call?.query, call?.accept], ['/v2/pods/a1/logs', { tail: '500' }, 'text/event-stream']);
    assert.ok(call?.openEnded && call.openEnded.quietMs < call.openEnded.maxMs);
  });

  it('shows who says what, without terminal codes and without the event that was cut off', async () => {
    assert.equal(await logs(answer(200, fixtureText('logs.txt'))).text, [
      '[system] pull runpod/pytorch:1.0.2-cu1281-torch280-ubuntu2404',
      '  epoch 1 done',
    ].join('\n'));
  });

  it('reads every kind of line end, and data in several lines', async () => {
    const stream = 'data: {"line":"one"}\r\n\r\ndata:{"line":"two"}\r\rid: 3\ndata: {"source":"container",\ndata: "line":"three"}\n';
    assert.equal(await logs(answer(200, stream)).text, 'one\ntwo\nthree');
  });

  it('keeps the last lines of many and the beginning of a long one', async () => {
    const stream = Array.from({ length: 700 }, (_, index) => `data: ${JSON.stringify({ line: `${index} ${'x'.repeat(5000)}` })}\n\n`).join('');
    const lines = (await logs(answer(200, stream)).text).split('\n');
    assert.equal(lines.length, 500);
    assert.ok(lines[0]?.startsWith('200 x') && lines.every((line) => line.length <= 2000));
  });

  it('says gone, or what else went wrong', async () => {
    await assert.rejects(logs(problem('notFound')).text, withCode('gone'));
    await assert.rejects(logs(problem('unauthorized')).text, withCode('auth'));
  });
});
