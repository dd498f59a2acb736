import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sumRates, timesRate, usdPerHour } from '../../../../src/domain/money.ts';
import type { CreateOrder } from '../../../../src/domain/provider.ts';
import { worstRate } from '../../../../src/domain/serverless.ts';
import { endpointRequest } from '../../../../src/providers/runpod/endpointCalls.ts';
import { seenEndpoint } from '../../../../src/providers/runpod/endpoints.ts';
import type { EndpointRow, ServerlessGpu, WorkerRow } from '../../../../src/providers/runpod/schemas/endpoint.ts';
import { offer } from '../../../fakes/offers.ts';

const gpus: ServerlessGpu[] = [
  { id: 'NVIDIA GeForce RTX 4090', memory: 24, pool: 'ADA_24', price: { serverless: 1.12 } },
  { id: 'NVIDIA L4', memory: 24, pool: 'AMPERE_24', price: { serverless: 0.68 } },
  { id: 'NVIDIA RTX A5000', memory: 24, pool: 'AMPERE_24', price: { serverless: 0.5 } },
];
const row = (change: Partial<EndpointRow> = {}): EndpointRow => ({ id: 'ep1', name: 'gpu-rental-a', workers: { min: 0, max: 3 }, gpu: { pools: ['AMPERE_24'], count: 1 }, ...change });
const worker = (status: string, gpuTypeId?: string): WorkerRow => ({ status, ...(gpuTypeId === undefined ? {} : { gpuTypeId }) });

describe('an endpoint as an instance', () => {
  it('costs what its workers cost that are there', () => {
    const seen = seenEndpoint(row(), [worker('RUNNING', 'NVIDIA RTX A5000'), worker('IDLE', 'NVIDIA L4'), worker('THROTTLED', 'NVIDIA L4')], gpus);
    assert.deepEqual([seen.id, seen.key, seen.label, seen.state], ['runpod:serverless-ep1', 'serverless-ep1', 'gpu-rental-a', 'ready']);
    assert.deepEqual([seen.rates.running, seen.rates.stopped, seen.workers], [usdPerHour(1.18), 0, { active: 2, most: 3 }]);
    assert.deepEqual(seenEndpoint(row(), [], gpus).rates.running, 0);
  });

  it('counts the most that it can cost while its workers cannot be asked', () => {
    const seen = seenEndpoint(row(), undefined, gpus);
    assert.deepEqual([seen.state, seen.rates.running], ['unknown', usdPerHour(2.04)]);
  });

  it('is stopped when it may have none, and counts a card that it cannot price as the dearest', () => {
    assert.equal(seenEndpoint(row({ workers: { min: 0, max: 0 } }), [], gpus).state, 'stopped');
    assert.equal(seenEndpoint(row(), [worker('RUNNING', 'NVIDIA New')], gpus).rates.running, usdPerHour(0.68));
    assert.equal(seenEndpoint(row({ gpu: { pools: ['NEW_POOL'], count: 2 } }), [worker('RUNNING')], gpus).rates.running, usdPerHour(2.24));
    assert.equal(seenEndpoint(row({ gpu: { pools: ['AMPERE_24'], excludedTypes: ['NVIDIA L4'] } }), [worker('RUNNING')], gpus).rates.running, usdPerHour(0.5));
  });

  it('never costs more than was agreed to of its pool', () => {
    const workers = fc.array(fc.record({ status: fc.constantFrom('RUNNING', 'IDLE', 'INITIALIZING', 'THROTTLED', 'UNHEALTHY', 'NEWER'), gpuTypeId: fc.constantFrom('NVIDIA L4', 'NVIDIA RTX A5000', undefined) }), { maxLength: 3 });
    fc.assert(fc.property(workers, (list) => {
      const { rates } = seenEndpoint(row(), list.map(({ status, gpuTypeId }) => worker(status, gpuTypeId)), gpus);
      assert.ok(rates.running <= worstRate({ workersMax: 3, each: usdPerHour(0.68) }));
      assert.ok(rates.running >= timesRate(usdPerHour(0.5), list.filter(({ status }) => status !== 'THROTTLED').length));
      assert.equal(sumRates([rates.running]), rates.running);
    }));
  });
});

describe('the request for an endpoint', () => {
  const order: CreateOrder = { offer: offer(), label: 'gpu-rental-a-1', image: 'i:1', publicKey: '', env: { MODEL_NAME: 'm' }, serverless: { pool: 'ADA_24', gpuCount: 1, workersMin: 0, workersMax: 2, idleSeconds: 10, each: usdPerHour(1.12) } };

  it('says everything that money depends on, and is named by our label', () => {
    assert.deepEqual(endpointRequest(order), {
      name: 'gpu-rental-a-1', type: 'QUEUE', image: 'i:1', env: { MODEL_NAME: 'm' }, gpu: { pools: ['ADA_24'], count: 1 },
      workers: { min: 0, max: 2, idleTimeout: 10 }, scaling: { type: 'QUEUE_DELAY', queueDelay: 4 }, flashboot: 'OFF',
    });
  });

  it('is none without terms', () => {
    const { serverless: _, ...bare } = order;
    assert.throws(() => endpointRequest(bare));
  });
});
