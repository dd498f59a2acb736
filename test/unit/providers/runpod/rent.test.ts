import assert from 'node:assert/strict';
import type { Offer } from '../../../../src/domain/offer.ts';
import type { CreateOrder, Provider } from '../../../../src/domain/provider.ts';
import type { GuardTerms } from '../../../../src/domain/guard.ts';
import { usd, usdPerHour } from '../../../../src/domain/money.ts';
import { podRequest as requestAt } from '../../../../src/providers/runpod/createCall.ts';
import { createRunpod } from '../../../../src/providers/runpod/runpod.ts';
import { answer, collect, fakeHttp, fixture, never, ok, problem, withCode, type Asked, type FakeHttp, type Reply } from './support.ts';

const deps = { signedIn: async () => true };
const podRequest = (wanted: CreateOrder) => requestAt(wanted, 'https://api.runpod.io');
const label = 'gpu-rental-a1b2c3-01k9xq2m4n5p6r7s8t9v0wxyza';
const running = fixture('podRunning.json');

function adapter(reply: (call: Asked) => Reply): { http: FakeHttp; runpod: Provider } {
  const http = fakeHttp(reply);
  return { http, runpod: createRunpod(http, deps) };
}

/** Offers as a search finds them, so that what is created is what was shown. */
async function offers(count: number): Promise<Offer[]> {
  const { runpod } = adapter((call) => ok(fixture(call.query?.['cloud'] === 'COMMUNITY' ? 'catalogueCommunity.json' : 'catalogueSecure.json')));
  return (await collect(runpod.search({ diskGb: 40, count }, never()))).items.flatMap((page) => page.offers);
}

async function order(change: Partial<CreateOrder> = {}): Promise<CreateOrder> {
  const offer = (await offers(2)).find(({ place }) => place === 'EU-RO-1');
  assert.ok(offer);
  return { offer, label, image: 'runpod/pytorch:1.0.2-cu1281-torch280-ubuntu2404', publicKey: 'ssh-ed25519 AAAA mine', env: { GREETING: 'hello' }, ...change };
}

describe('creating a pod', () => {
  it('sends everything that RunPod would otherwise choose', async () => {
    const { http, runpod } = adapter(() => answer(201, { ...running, status: 'PROVISIONING' }));
    assert.equal(await runpod.create(await order()), 'q7w2e9r4t1y8u5');
    const [call] = http.asked;
    assert.deepEqual(call?.body, {
      name: label,
      image: 'runpod/pytorch:1.0.2-cu1281-torch280-ubuntu2404',
      gpu: { id: 'NVIDIA GeForce RTX 4090', count: 2 },
      cloud: 'SECURE',
      dataCenterIds: ['EU-RO-1'],
      disk: 10,
      mounts: { persistent: { size: 30, path: '/workspace' } },
      ports: ['22/tcp'],
      env: { GREETING: 'hello', PUBLIC_KEY: 'ssh-ed25519 AAAA mine' },
    });
    assert.deepEqual([call?.method, call?.path, call?.key, call?.retry], ['POST', '/v2/pods', 'required', 'never']);
  });

  it('names no data centre where the offer has none', async () => {
    const offer = (await offers(1)).find(({ tier }) => tier === 'community');
    assert.ok(offer);
    const body = podRequest(await order({ offer }));
    assert.equal(body['cloud'], 'COMMUNITY');
    assert.ok(!('dataCenterIds' in body));
  });

  it('lets no variable of the order replace our key', async () => {
    const body = podRequest(await order({ env: { PUBLIC_KEY: 'ssh-rsa somebody else' } }));
    assert.deepEqual(body['env'], { PUBLIC_KEY: 'ssh-ed25519 AAAA mine' });
  });

  it('starts the guard and then what the image starts by itself', async () => {
    const guard: GuardTerms = { label, rate: usdPerHour(0.31), offRate: usdPerHour(0.01), budget: usd(5), useMs: 3_600_000, deadlineAt: 1_800_000_000_000, idleMs: 1_800_000, action: 'stop' };
    const body = podRequest(await order({ guard, env: { GPU_RENTAL_GUARD: 'mine' } })) as { args: string; env: Record<string, string> };
    assert.match(body.args, /^sh -c '\(G=[^']+ g start gpu-rental-[^']+ 310000 10000 5000000 3600 1800000000 1800 stop api\.runpod\.io\)& unset GPU_RENTAL_GUARD;exec \/start\.sh'$/);
    // The images copy the environment into a file of shell code.
    assert.match(body.env['GPU_RENTAL_GUARD'] ?? '', /^[A-Za-z0-9+/]{1000,}={0,2}$/);
  });

  it('leaves the start of an image alone that it does not know, and says so', async () => {
    const guard: GuardTerms = { label, rate: usdPerHour(0.31), offRate: usdPerHour(0.01), budget: usd(5), useMs: 3_600_000, deadlineAt: 1_800_000_000_000, idleMs: 0, action: 'stop' };
    const body = podRequest(await order({ guard, image: 'ghcr.io/me/runpod:latest' }));
    assert.ok(!('args' in body));
    assert.deepEqual(Object.keys(body['env'] as object), ['GREETING', 'PUBLIC_KEY']);
    const { runpod } = adapter(() => answer(201, running));
    assert.deepEqual(['ghcr.io/me/runpod:latest', 'runpod/base:1.0'].map((image) => runpod.traits.carriesGuard(image)), [false, true]);
  });

  it('sends one request for every offer of a search, with the disk that was priced', async () => {
    for (const offer of [...(await offers(1)), ...(await offers(2))]) {
      const body = podRequest(await order({ offer })) as { disk: number; mounts: { persistent: { size: number } }; gpu: { count: number } };
      assert.equal(body.disk + body.mounts.persistent.size, offer.diskGb);
      assert.equal(body.gpu.count, offer.gpuCount);
    }
  });

  it('sends nothing for an offer that is not RunPod’s', async () => {
    const { http, runpod } = adapter(() => answer(201, running));
    const { offer, ...rest } = await order();
    await assert.rejects(async () => runpod.create({ ...rest, offer: { ...offer, id: 'runpod:12345' } }), withCode('offerGone'));
    assert.equal(http.asked.length, 0);
  });

  it('says what a refusal means, after exactly one request', async () => {
    const table = [
      [problem('noCapacity'), 'noCapacity'], [problem('crossField'), 'badRequest'], [problem('unauthorized'), 'auth'], [problem('noCredit'), 'noCredit'],
      [problem('forbidden'), 'forbidden'], [problem('badImage'), 'badImage'], [problem('limited'), 'rateLimited'], [answer(500, '{}'), 'serverError'],
    ] as const;
    for (const [given, code] of table) {
      const { http, runpod } = adapter(() => given);
      await assert.rejects(runpod.create(await order()), withCode(code));
      assert.equal(http.asked.length, 1);
    }
  });

  it('is not taken for refused when the answer is a success that cannot be read', async () => {
    for (const text of ['', '<html>', '{"id":', '{}', '{"id":7}', '{"id":"../x"}']) {
      const { runpod } = adapter(() => answer(201, text));
      await assert.rejects(runpod.create(await order()), withCode('badResponse'), text);
    }
  });
});

describe('stopping', () => {
  it('asks for the action, which may be repeated', async () => {
    const { http, runpod } = adapter(() => ok({ ...running, status: 'EXITED' }));
    await runpod.stop('a1');
    assert.deepEqual(http.asked.map(({ method, path, body, retry }) => ({ method, path, body, retry })), [
      { method: 'POST', path: '/v2/pods/a1/action', body: { action: 'stop' }, retry: 'safe' },
    ]);
  });

  it('is done when the pod turns out to be stopped already', async () => {
    const { http, runpod } = adapter((call) => (call.method === 'POST' ? problem('conflict') : ok({ ...running, status: 'EXITED' })));
    await runpod.stop('a1');
    assert.deepEqual(http.asked.map(({ method }) => method), ['POST', 'GET']);
  });

  it('takes a pod that failed by way of its start, for nothing else ends what it bills', async () => {
    let starts = 0;
    const { http, runpod } = adapter(({ method, body }) => {
      if (method === 'GET') return ok({ ...running, status: 'ERROR' });
      if (JSON.stringify(body).includes('start')) starts++;
      return starts === 0 ? problem('conflict') : ok(running);
    });
    await runpod.stop('a1');
    assert.deepEqual(http.asked.map(({ body }) => body), [{ action: 'stop' }, undefined, { action: 'start' }, { action: 'stop' }]);
  });

  it('is refused when the pod runs on', async () => {
    await assert.rejects(adapter((call) => (call.method === 'POST' ? problem('conflict') : ok(running))).runpod.stop('a1'), withCode('notAllowed'));
    await assert.rejects(adapter((call) => (call.method === 'POST' ? problem('conflict') : problem('notFound'))).runpod.stop('a1'), withCode('notAllowed'));
  });

  it('says gone, or what else went wrong', async () => {
    await assert.rejects(adapter(() => problem('notFound')).runpod.stop('a1'), withCode('gone'));
    await assert.rejects(adapter(() => problem('violations')).runpod.stop('a1'), withCode('badRequest'));
    await assert.rejects(adapter(() => answer(503, '')).runpod.stop('a1'), withCode('serverError'));
  });
});

describe('starting', () => {
  it('asks once', async () => {
    const { http, runpod } = adapter(() => ok(running));
    await runpod.start('a1');
    assert.deepEqual(http.asked.map(({ body, retry }) => ({ body, retry })), [{ body: { action: 'start' }, retry: 'refused' }]);
  });

  it('lacks capacity when the host has no free GPU', async () => {
    for (const name of ['noHostGpu', 'noCapacity']) await assert.rejects(adapter(() => problem(name)).runpod.start('a1'), withCode('noCapacity'));
  });

  it('stops a pod again that came back without a GPU', async () => {
    const { http, runpod } = adapter(() => ok({ ...running, gpu: { id: 'NVIDIA L4', count: 0 } }));
    await assert.rejects(runpod.start('a1'), withCode('noCapacity'));
    assert.deepEqual(http.asked.map(({ body }) => body), [{ action: 'start' }, { action: 'stop' }]);
  });

  it('says so when that stop fails too', async () => {
    const { runpod } = adapter((call) => ((call.body as { action: string }).action === 'start' ? ok({ gpu: { count: 0 } }) : answer(500, '')));
    await assert.rejects(runpod.start('a1'), (error: unknown) =>
      withCode('noCapacity')(error) && error instanceof Error && /could not be stopped/.test(error.message) && withCode('serverError')(error.cause));
  });

  it('leaves a CPU pod alone', async () => {
    const { http, runpod } = adapter(() => ok({ ...running, gpu: undefined }));
    await runpod.start('a1');
    assert.equal(http.asked.length, 1);
  });

  it('says gone and not allowed', async () => {
    await assert.rejects(adapter(() => problem('notFound')).runpod.start('a1'), withCode('gone'));
    await assert.rejects(adapter(() => problem('conflict')).runpod.start('a1'), withCode('notAllowed'));
  });
});

describe('restarting and destroying', () => {
  it('restarts without repeating it after a lost answer', async () => {
    const { http, runpod } = adapter(() => ok(running));
    await runpod.reboot('a1');
    assert.deepEqual(http.asked.map(({ body, retry }) => ({ body, retry })), [{ body: { action: 'restart' }, retry: 'refused' }]);
    await assert.rejects(adapter(() => problem('conflict')).runpod.reboot('a1'), withCode('notAllowed'));
  });

  it('destroys what is there and what is not', async () => {
    for (const given of [answer(204, ''), answer(200, '{}'), problem('notFound')]) {
      const { http, runpod } = adapter(() => given);
      await runpod.destroy('a1');
      assert.deepEqual(http.asked.map(({ method, path, retry }) => ({ method, path, retry })), [{ method: 'DELETE', path: '/v2/pods/a1', retry: 'safe' }]);
    }
  });

  it('does not call a pod destroyed on the word of a gateway or against a refusal', async () => {
    for (const [given, code] of [
      [answer(404, '<html>'), 'badResponse'], [problem('conflict'), 'notAllowed'], [problem('unauthorized'), 'auth'], [answer(502, ''), 'serverError'],
      [problem('limited'), 'rateLimited'],
    ] as const) await assert.rejects(adapter(() => given).runpod.destroy('a1'), withCode(code));
  });

  it('has nothing to do to let a key in, since the create carries it', async () => {
    const { http, runpod } = adapter(() => answer(500, ''));
    await runpod.admitKey('a1', 'ssh-ed25519 AAAA', never());
    assert.equal(http.asked.length, 0);
  });
});
