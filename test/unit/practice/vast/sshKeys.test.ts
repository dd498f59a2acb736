import assert from 'node:assert/strict';
import { until } from '../until.ts';
import { isRecord } from '../../../../src/practice/vast/answers.ts';
import { records, testVast, type TestVast } from './testVast.ts';

const one = 'ssh-ed25519 AAAAone me@here';
const two = 'ssh-ed25519 AAAAtwo me@there';

describe('SSH keys on Vast', () => {
  let vast: TestVast;
  beforeEach(async () => {
    vast = await testVast();
  });
  afterEach(() => vast.close());

  const add = (line: unknown) => vast.call('POST', '/api/v0/ssh/', { ssh_key: line });
  const account = async () => {
    const { status, text } = await vast.call('GET', '/api/v0/ssh/');
    return status === 404 ? null : records(JSON.parse(text)).map((key) => key['public_key']);
  };
  const onInstance = async (id: number) => {
    const { body } = await vast.call('GET', `/api/v0/instances/${id}/ssh/`);
    assert.equal(typeof body['ssh_keys'], 'string', 'JSON inside a string');
    return records(JSON.parse(String(body['ssh_keys'])));
  };

  it('are added to the account, listed, changed and deleted', async () => {
    assert.equal(await account(), null);
    const added = await add(one);
    assert.equal(added.body['success'], true);
    const key = added.body['key'];
    assert.ok(isRecord(key) && key['public_key'] === one && typeof key['id'] === 'number' && key['deleted_at'] === null);
    assert.deepEqual(await account(), [one]);
    assert.equal((await vast.call('PUT', `/api/v0/ssh/${key['id']}/`, { id: key['id'], ssh_key: two })).status, 200);
    assert.deepEqual(await account(), [two]);
    assert.equal((await vast.call('DELETE', `/api/v0/ssh/${key['id']}/`, {})).status, 200);
    assert.equal(await account(), null);
    const gone = await vast.call('DELETE', `/api/v0/ssh/${key['id']}/`, {});
    assert.deepEqual([gone.status, gone.body['error']], [400, 'no_ssh_key']);
  });

  it('are stored as given, a path by mistake included, but not twice', async () => {
    assert.equal((await add('~/.ssh/id_ed25519.pub')).status, 200);
    assert.equal((await add(one)).status, 200);
    const again = await add('ssh-ed25519 AAAAone another-comment');
    assert.deepEqual([again.status, again.body['error']], [400, 'duplicate_ssh_key']);
    for (const bad of ['', undefined, 5]) assert.equal((await add(bad)).body['error'], 'invalid_args');
  });

  it('of the account reach only instances made afterwards', async () => {
    const before = await vast.rent();
    await add(one);
    const after = await vast.rent();
    assert.deepEqual(
      (await onInstance(before)).map((key) => key['public_key']),
      [],
    );
    assert.deepEqual(
      (await onInstance(after)).map((key) => key['public_key']),
      [one],
    );
  });

  it('are attached to a running instance and detached, at once', async () => {
    const id = await vast.rent();
    vast.world.pass(200);
    const pod = await until('the pod', () => vast.world.pods.started[0]);
    assert.deepEqual(pod.authorizedKeys(), []);
    assert.equal((await vast.call('POST', `/api/v0/instances/${id}/ssh/`, { ssh_key: `${one}\n` })).body['success'], true);
    assert.deepEqual(pod.authorizedKeys(), [one]);
    assert.equal((await vast.call('POST', `/api/v0/instances/${id}/ssh/`, { ssh_key: one })).body['error'], 'duplicate_ssh_key');
    const [key] = await onInstance(id);
    assert.equal((await vast.call('DELETE', `/api/v0/instances/${id}/ssh/${String(key?.['id'])}/`, {})).status, 200);
    assert.deepEqual(pod.authorizedKeys(), []);
    assert.equal((await vast.call('DELETE', `/api/v0/instances/${id}/ssh/${String(key?.['id'])}/`, {})).body['error'], 'no_ssh_key');
    assert.deepEqual(await account(), null);
  });

  it('of an instance that is not there', async () => {
    for (const [method, path] of [
      ['GET', '55/ssh/'],
      ['POST', '55/ssh/'],
      ['DELETE', '55/ssh/9/'],
    ] as const) {
      assert.equal(
        (await vast.call(method, `/api/v0/instances/${path}`, method === 'GET' ? undefined : { ssh_key: one })).body['error'],
        'no_such_instance',
      );
    }
  });
});
