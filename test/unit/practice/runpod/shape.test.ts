import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createPodBody, podActionBody, sshKeysBody, violations } from '../../../../src/practice/runpod/bodies.ts';
import { dictionary, flag, integer, list, oneOf, orNull, record, text, type Shape } from '../../../../src/practice/runpod/shape.ts';

describe('practice RunPod body checks', () => {
  for (const [name, shape, value, problems] of [
    ['a wrong action, as recorded from the live service', podActionBody, { action: 'reboot' }, ["$.action: value must be one of 'start', 'stop', 'restart', 'terminate'"]],
    ['a missing member', podActionBody, {}, ["$: missing property 'action'"]],
    ['no object at all', podActionBody, [], ['$: got array, want object']],
    ['a body that is not there', podActionBody, undefined, ['$: got undefined, want object']],
    ['an unknown member', podActionBody, { action: 'stop', force: true }, ["$: additional properties 'force' not allowed"]],
    ['a bad SSH key', sshKeysBody, { keys: ['ssh-rsa'] }, [`$.keys[0]: 'ssh-rsa' does not match pattern '^(ssh|ecdsa|sk)-[^\\s]+ [^\\s]+([ \\t][^\\n\\r]*)?$'`]],
    ['a key with a line break', sshKeysBody, { keys: ['ssh-ed25519 AAAA me\nssh-ed25519 BBBB you'] }, [`$.keys[0]: 'ssh-ed25519 AAAA me\nssh-ed25519 BBBB you' does not match pattern '^(ssh|ecdsa|sk)-[^\\s]+ [^\\s]+([ \\t][^\\n\\r]*)?$'`]],
    ['an empty name', createPodBody, { name: '' }, ['$.name: minLength: got 0, want 1']],
    ['a small mount', createPodBody, { name: 'a', mounts: { persistent: { size: 9 } } }, ["$.mounts.persistent: missing property 'path'", '$.mounts.persistent.size: minimum: got 9, want 10']],
    ['two network mounts', createPodBody, { name: 'a', mounts: { network: [{ volumeId: 'v', path: '/a' }, { volumeId: 'w', path: '/b' }] } }, ['$.mounts.network: maxItems: got 2, want 1']],
    ['a number for a string', createPodBody, { name: 'a', env: { A: 1 } }, ['$.env.A: got number, want string']],
    ['51 variables', createPodBody, { name: 'a', env: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`A${index}`, ''])) }, ['$.env: maxProperties: got 51, want 50']],
    ['half a GPU', createPodBody, { name: 'a', gpu: { id: 'x', count: 0.5 } }, ['$.gpu.count: got number, want integer']],
    ['null for a GPU', createPodBody, { name: 'a', gpu: null }, ['$.gpu: got null, want object']],
    ['a bare CUDA major', createPodBody, { name: 'a', gpu: { id: 'x', minCudaVersion: '12' } }, ["$.gpu.minCudaVersion: '12' does not match pattern '^\\d+\\.\\d+$'"]],
    ['a string for a flag', createPodBody, { name: 'a', startSsh: 'yes' }, ['$.startSsh: got string, want boolean']],
    ['everything wrong at once', createPodBody, { cloud: 'ALL', disk: 0 }, ["$: missing property 'name'", '$.disk: minimum: got 0, want 1', "$.cloud: value must be one of 'SECURE', 'COMMUNITY'"]],
  ] satisfies [string, Shape<unknown>, unknown, string[]][]) {
    it(`names ${name}`, () => {
      assert.deepEqual(violations(shape, value), problems);
    });
  }

  it('accepts a body with every member', () => {
    const full = {
      name: 'n', image: 'i', args: '', disk: 1, ports: ['22/tcp'], env: {}, registry: null, cmd: ['a'], entrypoint: ['b'], cloud: 'COMMUNITY',
      gpu: { id: 'x', count: 1, allowedCudaVersions: ['12.8'], minCudaVersion: '12.8', minRamPerGpu: 1, minVcpuCountPerGpu: 1 },
      cpu: { id: 'cpu3c', vcpuCount: 2 }, dataCenterIds: [], globalNetworking: false, mounts: { persistent: { size: 10, path: '/workspace' }, network: [] },
      startJupyter: false, startSsh: true, templateId: 't',
    };
    assert.deepEqual(violations(createPodBody, full), []);
  });

  it('accepts exactly what it has no complaint about', () => {
    const shape = record({ a: integer(1, 5), b: oneOf('x', 'y') }, { c: list(text({ min: 1 }), 2), d: orNull(flag), e: dictionary(integer(0), 2) });
    const piece = fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constantFrom('x', 'y', '', 'z'), fc.boolean(), fc.constant(null), fc.array(fc.constantFrom('', 'p'), { maxLength: 3 }), fc.dictionary(fc.constantFrom('k', 'l', 'm'), fc.integer({ min: -1, max: 1 })));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), piece), (value) => {
        const { a, b, c, d, e, f } = value;
        const isInt = (item: unknown, min: number, max: number) => typeof item === 'number' && item >= min && item <= max;
        const good =
          isInt(a, 1, 5) &&
          (b === 'x' || b === 'y') &&
          (c === undefined || (Array.isArray(c) && c.length <= 2 && c.every((item) => item !== ''))) &&
          (d === undefined || d === null || typeof d === 'boolean') &&
          (e === undefined || (typeof e === 'object' && e !== null && !Array.isArray(e) && Object.keys(e).length <= 2 && Object.values(e).every((item) => isInt(item, 0, 1)))) &&
          f === undefined;
        const problems: string[] = [];
        assert.equal(shape.accepts(value, '$', problems), good, problems.join());
        assert.equal(problems.length === 0, good);
      }),
      { numRuns: 3000 },
    );
  });
});
