// The market refuses the bodies the vendor's contract refuses, and no others:
// both judge the same made-up requests.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createPodBody, createVolumeBody, podActionBody, sshKeysBody, updatePodBody, updateVolumeBody, violations } from '../../src/practice/runpod/bodies.ts';
import { usdPerHour } from '../../src/domain/money.ts';
import { podRequest } from '../../src/providers/runpod/createCall.ts';
import { endpointRequest, setWorkers } from '../../src/providers/runpod/endpointCalls.ts';
import { encodeOfferKey } from '../../src/providers/runpod/offerKey.ts';
import { createVolume, standardRate } from '../../src/providers/runpod/volumes.ts';
import { offer } from '../fakes/offers.ts';
import { podBody } from '../unit/practice/runpod/testRunpod.ts';
import { loadContract, type Contract } from './openapiContract.ts';

// Live since September, but not in the published contract.
const newer = /"(cmd|entrypoint|minRamPerGpu|minVcpuCountPerGpu)"/;

const leaf = fc.oneof(
  fc.constantFrom<unknown>('', 'x', '22/tcp', 'SECURE', 'COMMUNITY', 'start', 'terminate', 'STANDARD', '12.8', '12', 'ssh-ed25519 AAAA c', 'ssh-ed25519', null, true, false),
  fc.integer({ min: -1, max: 12 }),
  fc.constantFrom(4096, 4097, 0.5),
);
const gpu = fc.record({ id: fc.constantFrom<unknown>('a', '', 5), count: leaf, allowedCudaVersions: fc.array(leaf, { maxLength: 2 }), minCudaVersion: leaf, extra: leaf }, { requiredKeys: [] });
const mounts = fc.record(
  {
    persistent: fc.oneof(leaf, fc.record({ size: leaf, path: leaf, extra: leaf }, { requiredKeys: [] })),
    network: fc.oneof(leaf, fc.array(fc.record({ volumeId: leaf, path: leaf, extra: leaf }, { requiredKeys: [] }), { maxLength: 2 })),
    other: leaf,
  },
  { requiredKeys: [] },
);
const anyValue = fc.oneof(leaf, fc.array(leaf, { maxLength: 3 }), fc.dictionary(fc.constantFrom('A', 'B', 'id'), leaf, { maxKeys: 2 }), gpu, mounts);
const names = ['name', 'image', 'args', 'disk', 'env', 'ports', 'registry', 'cloud', 'cpu', 'gpu', 'dataCenterIds', 'globalNetworking', 'mounts', 'startJupyter', 'startSsh', 'templateId', 'locked', 'action', 'keys', 'size', 'dataCenter', 'type', 'surprise'];
const changes = fc.dictionary(fc.constantFrom(...names), anyValue, { maxKeys: 3 });
const whole = fc.oneof({ weight: 1, arbitrary: anyValue }, { weight: 3, arbitrary: changes });

describe('RunPod contract: request bodies', function () {
  this.timeout(30_000);
  let contract: Contract;

  before(function () {
    const found = loadContract();
    if (found === undefined) {
      console.warn('  SKIPPED: the RunPod contract is not beside the checkout, request bodies are not checked against it');
      return this.skip();
    }
    contract = found;
  });

  for (const [schema, shape, base] of [
    ['CreatePodRequest', createPodBody, podBody],
    ['UpdatePodRequest', updatePodBody, {}],
    ['PodActionRequest', podActionBody, { action: 'stop' }],
    ['UpdateSshKeysRequest', sshKeysBody, { keys: ['ssh-ed25519 AAAA'] }],
    ['CreateNetworkVolumeRequest', createVolumeBody, { name: 'v', size: 10, dataCenter: 'US-KS-2' }],
    ['UpdateNetworkVolumeRequest', updateVolumeBody, { size: 10 }],
  ] as const) {
    it(`agrees about ${schema}`, () => {
      const verdicts = { accepted: 0, refused: 0 };
      const agree = (body: unknown) => {
        const json: unknown = JSON.parse(JSON.stringify(body));
        const theirs = contract.schemaProblem(schema, json);
        const ours = violations(shape, json);
        verdicts[theirs === null ? 'accepted' : 'refused'] += 1;
        assert.equal(ours.length === 0, theirs === null, `${JSON.stringify(json)}\nours: ${ours.join('; ')}\ntheirs: ${theirs}`);
      };
      agree(base);
      fc.assert(fc.property(changes, (changed) => agree({ ...base, ...changed })), { numRuns: 2000 });
      fc.assert(fc.property(whole, (body) => (newer.test(JSON.stringify(body)) || isBareBody(schema, body) ? undefined : agree(body))), { numRuns: 500 });
      assert.ok(verdicts.accepted > 5 && verdicts.refused > 50, JSON.stringify(verdicts));
    });
  }
});

describe('RunPod contract: what we send about endpoints', () => {
  it('is what the contract takes', function () {
    const contract = loadContract() ?? this.skip();
    const serverless = { pool: 'ADA_24', gpuCount: 1, workersMin: 0, workersMax: 3, idleSeconds: 10, each: usdPerHour(1) };
    for (const command of [undefined, 'serve --fast']) {
      const order = { offer: offer(), label: 'gpu-rental-a-1', image: 'owner/worker:1', publicKey: '', env: { MODEL_NAME: 'm' }, serverless, ...(command === undefined ? {} : { command }) };
      // The judge loses sight of the properties of this schema, the vendor's own examples' too: names are held to the answer's.
      const problems = (contract.schemaProblem('CreateEndpointRequest', endpointRequest(order)) ?? '').split('\n').filter((line) => line !== 'data must NOT have unevaluated properties');
      assert.deepEqual(problems, []);
      const { name, ...rest } = endpointRequest(order);
      assert.equal(contract.schemaProblem('UpdateEndpointRequest', Object.fromEntries(Object.entries({ name, ...rest }).filter(([key]) => key !== 'type'))), null);
    }
    assert.equal(contract.schemaProblem('UpdateEndpointRequest', setWorkers('serverless-a', { min: 0, max: 0 }).body), null);
  });
});

describe('RunPod contract: what we send about volumes', () => {
  const contract = loadContract();
  const where = { provider: 'runpod', key: 'EU-RO-1', site: 'EU-RO-1', place: 'EU-RO-1', leastGb: 10, mostGb: 4096, rateFor: standardRate } as const;

  it('is what the contract takes', function () {
    if (contract === undefined) return this.skip();
    assert.equal(contract.schemaProblem('CreateNetworkVolumeRequest', createVolume({ site: where, name: 'datasets', sizeGb: 99.5 }).body), null);
    const volume = { id: 'runpod:v', provider: 'runpod', key: 'v', name: 'datasets', sizeGb: 100, site: 'EU-RO-1', place: 'EU-RO-1', usedBy: [] } as const;
    const secure = offer({ id: `runpod:${encodeOfferKey({ cloud: 'SECURE', count: 1, dataCenterId: 'EU-RO-1', gpuTypeId: 'NVIDIA L4' })}`, provider: 'runpod' });
    const body = podRequest({ offer: secure, label: 'gpu-rental-x', image: 'ghcr.io/me/trainer:2', publicKey: 'ssh-ed25519 AAAA', env: { A: 'b' }, volume, command: 'python serve.py' }, 'https://api.runpod.io');
    assert.equal(contract.schemaProblem('CreatePodRequest', JSON.parse(JSON.stringify(body))), null);
  });
});

// Two rules the market applies beside its shapes: a pod without image and
// template, and a change of a volume that changes nothing.
function isBareBody(schema: string, body: unknown): boolean {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return false;
  if (schema === 'CreatePodRequest') return !('image' in body) && !('templateId' in body);
  return schema === 'UpdateNetworkVolumeRequest' && Object.keys(body).length === 0;
}
