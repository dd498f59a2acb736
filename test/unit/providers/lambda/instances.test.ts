import assert from 'node:assert/strict';
import fc from 'fast-check';
import { burnOf, isAtRest } from '../../../../src/domain/instance.ts';
import { getInstance, listInstances, restart, terminate } from '../../../../src/providers/lambda/instanceCalls.ts';
import { anyText, answer, codeThrown, data, instance, instanceType, readAt, refused } from './support.ts';

const id = '0920582c7ff041399e34823a0be62549';
const list = (...rows: unknown[]) => listInstances().read(data(rows));
const seen = (change: object = {}) => list(instance(change)).instances[0] ?? assert.fail('it was not read');

describe("Lambda's instances", () => {
  it('are read whole', () => {
    assert.deepEqual(list(instance()), {
      instances: [{
        id: `lambda:${id}`, provider: 'lambda', key: id, label: 'gpu-rental-abcdef-01', gpu: 'A10', vramGb: 24, gpuCount: 1, place: 'Texas, US', kind: 'on-demand', diskGb: 1503,
        state: 'ready', outbid: false, rates: { running: 750_000, starting: 0, stopped: 0 }, endpoints: [{ host: '198.51.100.2', port: 22, user: 'ubuntu', viaProxy: false }], statusText: 'active',
      }],
      complete: true, at: readAt,
    });
  });

  it('are known by our tag, which a new name in the console does not change, else by their name', () => {
    assert.equal(seen({ name: 'renamed' }).label, 'gpu-rental-abcdef-01');
    assert.equal(seen({ tags: undefined }).label, 'My Instance');
    assert.equal(seen({ tags: [{ key: 'other', value: 'x' }], name: undefined }).label, '');
  });

  it('are in the state that Lambda says, and cost nothing while they boot', () => {
    const states = ['booting', 'active', 'unhealthy', 'preempted', 'terminating', 'dreaming'].map((status) => {
      const one = seen({ status });
      return [status, one.state, burnOf(one), one.endpoints.length, isAtRest(one)];
    });
    assert.deepEqual(states, [
      ['booting', 'starting', 0, 0, false], ['active', 'ready', 750_000, 1, false], ['unhealthy', 'failed', 750_000, 0, false],
      ['preempted', 'failed', 750_000, 0, false], ['terminating', 'ending', 750_000, 0, false], ['dreaming', 'unknown', 750_000, 0, false],
    ]);
    assert.equal(seen({ ip: undefined }).state, 'unknown', 'what runs and has no address cannot be reached');
  });

  it('are gone when they are terminated, whoever still shows them', () => {
    assert.deepEqual(list(instance({ status: 'terminated' }), instance({ id: 'b' })).instances.map(({ key }) => key), ['b']);
    assert.equal(getInstance(id).read(data(instance({ status: 'terminated' }))), undefined);
  });

  it('name a port only where they are on this computer, and no other address than a plain one', () => {
    const endpoint = (ip: unknown) => seen({ ip }).endpoints.map(({ host, port }) => `${host} ${port}`).join();
    assert.equal(endpoint('127.0.0.1:40123'), '127.0.0.1 40123');
    for (const ip of ['198.51.100.2:2222', 'example.com', '-oProxyCommand=x', '198.51.100.2\nx', '::1', 5, null]) assert.equal(endpoint(ip), '', String(ip));
  });

  it('make a list incomplete when one that bills cannot be read', () => {
    for (const change of [{ id: '../x' }, { id: undefined }, { status: 5 }, { instance_type: instanceType({ price_cents_per_hour: '75' }) }, { instance_type: undefined }]) {
      const { instances, complete } = list(instance(change), instance({ id: 'b' }));
      assert.deepEqual([instances.map(({ key }) => key), complete], [['b'], false], JSON.stringify(change));
    }
    const odd = list(instance({ region: 5, tags: 'x', ip: {}, name: 7, hostname: [], actions: null, instance_type: instanceType({ gpu_description: 'Something new' }) }));
    assert.deepEqual([odd.complete, odd.instances[0]?.gpu, odd.instances[0]?.vramGb, odd.instances[0]?.rates.running], [true, 'Something new', 0, 750_000]);
  });

  it('are none only where Lambda says so', () => {
    assert.deepEqual(list(), { instances: [], complete: true, at: readAt });
    for (const body of [{}, { data: null }, { data: {} }, [], '', '<html>', '{"data":[']) assert.equal(codeThrown(() => listInstances().read(answer(200, body))), 'badResponse', JSON.stringify(body));
  });

  it('do not exist only where Lambda itself says so', () => {
    assert.equal(getInstance(id).read(refused(404, 'global/object-does-not-exist')), undefined);
    for (const [status, body, code] of [[404, '<html>not found</html>', 'badResponse'], [404, { error: { code: 'global/not-found' } }, 'badRequest'], [502, '', 'serverError'], [200, { data: instance({ id: 'other' }) }, 'badResponse']] as const) {
      assert.equal(codeThrown(() => getInstance(id).read(answer(status, body))), code, `${status} ${JSON.stringify(body)}`);
    }
  });

  it('quote no token of what runs on them', () => {
    const text = JSON.stringify({ data: [instance()] });
    for (const body of [text.slice(0, -2), { data: instance() }]) {
      try {
        listInstances().read(answer(200, body));
        assert.fail('it was read');
      } catch (error) {
        assert.doesNotMatch(String(error), /canary/);
      }
    }
  });

  it('are terminated when they are, when they were, and not by a gateway', () => {
    assert.deepEqual(terminate(id).body, { instance_ids: [id] });
    assert.equal(terminate(id).retry, 'safe');
    assert.equal(codeThrown(() => terminate(id).read(data({ terminated_instances: [] }))), undefined);
    assert.equal(codeThrown(() => terminate(id).read(refused(404, 'global/object-does-not-exist'))), undefined);
    assert.equal(codeThrown(() => terminate(id).read(answer(404, '<html>'))), 'badResponse');
    assert.equal(codeThrown(() => terminate(id).read(refused(403, 'global/account-inactive'))), 'accountInactive');
  });

  it('are restarted once', () => {
    assert.equal(restart(id).retry, 'refused');
    assert.equal(codeThrown(() => restart(id).read(refused(409, 'global/conflict'))), 'notAllowed');
  });

  it('lead to no other address by their id', () => {
    for (const key of ['', '..', 'a/b', 'a?b', 'x'.repeat(65)]) for (const call of [getInstance, terminate, restart]) assert.equal(codeThrown(() => call(key)), 'badRequest', key);
  });

  it('never come of an answer that throws something else', () => {
    fc.assert(fc.property(fc.oneof(fc.jsonValue(), fc.array(fc.oneof(fc.jsonValue(), fc.constant(instance())))), fc.constantFrom(200, 400, 404, 500), (body, status) => {
      for (const text of [answer(status, { data: body }), answer(status, JSON.stringify(body))]) {
        codeThrown(() => listInstances().read(text));
        codeThrown(() => getInstance(id).read(text));
      }
    }));
    fc.assert(fc.property(anyText, (text) => {
      const { label, statusText, gpu } = seen({ name: text, tags: [], status: text, instance_type: instanceType({ gpu_description: text }) });
      for (const shown of [label, statusText, gpu]) assert.doesNotMatch(shown, /[\p{Cc}\u202a-\u202e]/u);
    }));
  });
});
