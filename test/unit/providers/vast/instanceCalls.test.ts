import assert from 'node:assert/strict';
import { usdPerHour } from '../../../../src/domain/money.ts';
import { attachKey, changeBid, destroy, getInstance, listInstances, reboot, setState } from '../../../../src/providers/vast/instanceCalls.ts';
import { answer, at, outcome, recorded, recordedRefusals, withCode } from './support.ts';

const one = (row: unknown): { instances: unknown } => ({ instances: row });
const refusalNamed = (name: string) => {
  const [, { status, body }] = recordedRefusals('refusals').find(([each]) => each === name) ?? assert.fail(name);
  return answer(body, status);
};

describe('what is sent about an instance', () => {
  for (const [what, call, expected] of [
    ['list', listInstances(), ['GET', '/api/v1/instances/', undefined, 'safe']],
    ['get', getInstance('7'), ['GET', '/api/v0/instances/7/', undefined, 'safe']],
    ['start', setState('7', 'running'), ['PUT', '/api/v0/instances/7/', { state: 'running' }, 'refused']],
    ['stop', setState('7', 'stopped'), ['PUT', '/api/v0/instances/7/', { state: 'stopped' }, 'safe']],
    ['reboot', reboot('7'), ['PUT', '/api/v0/instances/reboot/7/', {}, 'refused']],
    ['destroy', destroy('7'), ['DELETE', '/api/v0/instances/7/', {}, 'safe']],
    ['bid', changeBid('7', usdPerHour(0.213334)), ['PUT', '/api/v0/instances/bid_price/7/', { client_id: 'me', price: 0.213334 }, 'refused']],
    ['key', attachKey('7', 'ssh-ed25519 AAAA me\n'), ['POST', '/api/v0/instances/7/ssh/', { ssh_key: 'ssh-ed25519 AAAA me' }, 'safe']],
  ] as const) {
    it(`is right for a ${what}`, () => {
      assert.deepEqual([call.method, call.path, call.body, call.retry], expected);
      assert.equal(call.key, 'required');
    });
  }

  it('keeps the gaps that Vast asks for, with something to spare', () => {
    const gaps = Object.fromEntries([listInstances(), getInstance('7'), setState('7', 'stopped'), destroy('7'), changeBid('7', usdPerHour(1)), attachKey('7', 'k'), reboot('7')]
      .map(({ pace }) => [pace.name, pace.gapMs ?? 0]));
    for (const [name, least] of Object.entries({ 'vast.list': 1_000, 'vast.show': 2_000, 'vast.state': 1_000, 'vast.destroy': 3_000, 'vast.bid': 5_500, 'vast.ssh': 1_000, 'vast.reboot': 1_000 })) {
      assert.ok((gaps[name] ?? 0) > least, name);
    }
  });

  it('never goes to another address, whatever the key holds', () => {
    for (const key of ['', '..', '7/../8', '7?x=1', '-7', '07', 'me', '7 ', '1'.repeat(40)]) {
      for (const make of [() => getInstance(key), () => destroy(key), () => reboot(key), () => setState(key, 'stopped'), () => changeBid(key, usdPerHour(1)), () => attachKey(key, 'k')]) {
        assert.throws(make, withCode('badRequest'), key);
      }
    }
  });

  it('is no bid of nothing, which Vast would fill in by itself', () => {
    assert.throws(() => changeBid('7', usdPerHour(0)), withCode('bidTooLow'));
    assert.throws(() => changeBid('7', usdPerHour(0.0009)), withCode('bidTooLow'));
  });

  it('asks for further pages by their token', () => {
    assert.deepEqual(listInstances('abc=').query, { limit: '25', order_by: '[{"col":"id","dir":"asc"}]', after_token: 'abc=' });
  });
});

describe('reading one instance', () => {
  const row = recorded('instance');
  const call = getInstance('27104455');

  it('gives it, dated by the server', () => {
    const read = call.read(answer(one(row)));
    assert.deepEqual([read?.instance.id, read?.at], ['vast:27104455', at]);
  });

  it('is certain of its absence only when Vast says so', () => {
    assert.equal(call.read(answer(one(null))), undefined);
    assert.equal(call.read(refusalNamed('noSuchInstance')), undefined);
    assert.equal(call.read(refusalNamed('notFound')), undefined);
  });

  for (const [name, { status, body, code }] of recordedRefusals('refusals')) {
    if (code === 'gone') continue;
    it(`is not taken for its absence: ${name}`, () => assert.deepEqual(outcome(call, answer(body, status)), { code, instanceKey: undefined }));
  }

  for (const [what, body] of [
    ['nothing', {}], ['a list', one([])], ['an empty row', one({})], ['a row without an id', one({ ...row, id: null })], ['another instance', one({ ...row, id: 9 })],
    ['text', one('gone')], ['an empty list of all', { success: true, instances_found: 0 }],
  ] as const) {
    it(`is a bad response for ${what}`, () => assert.throws(() => call.read(answer(body)), withCode('badResponse')));
  }
});

describe('reading a page of instances', () => {
  const page = recorded('instancesPage');

  it('gives the instances and where to go on', () => {
    const read = listInstances().read(answer(page));
    assert.deepEqual([read.instances.map(({ id }) => id), read.whole, read.total, read.next, read.at], [['vast:412'], true, 2, 'eyJ2YWx1ZXMiOiB7ImlkIjogNDEyfX0=', at]);
    assert.equal(read.instances[0]?.endpoints[1]?.port, 10_413);
  });

  it('notices rows that are unreadable or missing', () => {
    const rows = page['instances'] as unknown[];
    assert.equal(listInstances().read(answer({ ...page, instances: [...rows, { id: 1 }], instances_found: 2 })).whole, false);
    assert.equal(listInstances().read(answer({ ...page, instances_found: 5 })).whole, false);
    assert.equal(listInstances().read(answer({ ...page, instances_found: undefined })).whole, true);
  });

  for (const [what, body] of [
    ['no list', { success: true }], ['a null list', { success: true, instances: null }], ['an object', { success: true, instances: {} }],
    ['a token that is none', { success: true, instances: [], next_token: 7 }],
  ] as const) {
    it(`is a bad response for ${what}`, () => assert.throws(() => listInstances().read(answer(body)), withCode('badResponse')));
  }

  for (const name of ['retiredList', 'saysNoWith200', 'pageWith200', 'halfAnswer', 'serverError', 'unknownKey'] as const) {
    it(`fails for ${name}`, () => assert.throws(() => listInstances().read(refusalNamed(name))));
  }
});

describe('reading what an action brought', () => {
  it('is content with a success', () => {
    for (const call of [setState('7', 'running'), reboot('7'), destroy('7'), changeBid('7', usdPerHour(1)), attachKey('7', 'k')]) assert.equal(call.read(answer({ success: true })), undefined);
  });

  it('takes what does not exist for destroyed, and nothing else', () => {
    for (const name of ['noSuchInstance', 'notFound']) assert.equal(destroy('7').read(refusalNamed(name)), undefined);
    for (const name of ['unknownKey', 'pageWith404', 'saysNoWith200', 'serverError', 'halfAnswer', 'tooFrequentText']) assert.throws(() => destroy('7').read(refusalNamed(name)), name);
  });

  it('says of other actions that the instance is gone', () => {
    for (const call of [setState('7', 'running'), setState('7', 'stopped'), reboot('7'), changeBid('7', usdPerHour(1)), attachKey('7', 'k')]) {
      assert.deepEqual(outcome(call, refusalNamed('noSuchInstance')), { code: 'gone', instanceKey: undefined });
    }
  });

  it('takes a start that is queued for a refusal', () => {
    const queued = answer({ success: false, error: 'resources_unavailable', msg: 'Required resources are currently unavailable, state change queued.' });
    assert.throws(() => setState('7', 'running').read(queued), withCode('startQueued'));
  });

  it('is content with a key that is there already', () => {
    for (const body of [{ success: false, error: 'duplicate_ssh_key', msg: 'This key is on the instance already.' }, { success: false, msg: 'SSH key already exists' }]) {
      assert.equal(attachKey('7', 'k').read(answer(body, 400)), undefined);
    }
    assert.throws(() => attachKey('7', 'k').read(answer({ success: false, error: 'invalid_args', msg: 'not a key' }, 400)), withCode('badRequest'));
  });
});
