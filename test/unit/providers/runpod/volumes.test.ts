import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isDefiniteRefusal } from '../../../../src/domain/errors.ts';
import { perMonth, toDollars } from '../../../../src/domain/money.ts';
import type { Volume, VolumeSite } from '../../../../src/domain/volume.ts';
import { monthlyUsd } from '../../../../src/practice/runpod/rest/volumes.ts';
import { podRequest } from '../../../../src/providers/runpod/createCall.ts';
import { encodeOfferKey } from '../../../../src/providers/runpod/offerKey.ts';
import { attach } from '../../../../src/providers/runpod/attach.ts';
import { createVolume, deleteVolume, listSites, listVolumes, runpodVolumes, standardRate } from '../../../../src/providers/runpod/volumes.ts';
import { offer } from '../../../fakes/offers.ts';
import { answer, fakeHttp, fixture, never, ok, withCode } from './support.ts';

const volume: Volume = { id: 'runpod:grvtso8ftn', provider: 'runpod', key: 'grvtso8ftn', name: 'models', sizeGb: 50, site: 'EU-RO-1', place: 'EU-RO-1', usedBy: [] };
const site: VolumeSite = { provider: 'runpod', key: 'EU-RO-1', site: 'EU-RO-1', place: 'EU-RO-1', leastGb: 10, mostGb: 4096, rateFor: standardRate };
const refused = (detail: string, status: number): ReturnType<typeof answer> => answer(status, { title: 'Bad', status, detail });
const at = (cloud: 'SECURE' | 'COMMUNITY', dataCenterId: string): ReturnType<typeof offer> =>
  offer({ id: `runpod:${encodeOfferKey({ cloud, count: 1, dataCenterId, gpuTypeId: 'NVIDIA L4' })}`, provider: 'runpod', place: dataCenterId });

describe('volumes of RunPod', () => {
  it('are read as RunPod answered them, with the published price', () => {
    const { volumes, complete } = listVolumes().read(ok(fixture('networkVolumes.json')));
    assert.equal(complete, true);
    assert.deepEqual(volumes, [{ id: 'runpod:grvtso8ftn', provider: 'runpod', key: 'grvtso8ftn', name: 'image-toolbox-models', sizeGb: 50, site: 'EU-RO-1', place: 'EU-RO-1', rate: standardRate(50), usedBy: [] }]);
    assert.ok(Math.abs(toDollars(perMonth(standardRate(50))) - 3.5) < 0.001);
  });

  it('have no price where none is published, and are no whole list where a row is unreadable', () => {
    const { volumes, complete } = listVolumes().read(ok({ networkVolumes: [{ id: 'a', name: '', size: 10, dataCenter: 'US-KS-2', type: 'HIGH_PERFORMANCE' }, { id: '../b', name: 'x', size: 10, dataCenter: 'US-KS-2', type: 'STANDARD' }] }));
    assert.deepEqual(volumes.map(({ name, rate }) => [name, rate]), [['a', undefined]]);
    assert.equal(complete, false);
    assert.equal(listVolumes().read(ok({ networkVolumes: [], pagination: { hasNextPage: true } })).complete, false);
  });

  it('know the pods that have them, where the pods can be listed', async () => {
    const pod = (id: string, volumeId: string): object => ({ id, status: 'RUNNING', cost: 1, mounts: { network: [{ volumeId, path: '/workspace' }] } });
    const read = (pods: ReturnType<typeof answer>) => runpodVolumes(fakeHttp(({ path }) => (path === '/v2/pods' ? pods : ok(fixture('networkVolumes.json'))))).list(never());
    assert.deepEqual((await read(ok({ pods: [pod('a', 'grvtso8ftn'), pod('b', 'other')] }))).volumes[0]?.usedBy, ['a']);
    const without = await read(answer(502, '<html>'));
    assert.deepEqual([without.volumes[0]?.usedBy, without.complete], [[], true]);
    const none = fakeHttp(({ path }) => (path === '/v2/pods' ? assert.fail('asked') : ok({ networkVolumes: [] })));
    assert.deepEqual(await runpodVolumes(none).list(never()), { volumes: [], complete: true });
  });

  it('cost what the practice market charges, to the cent and month, at any size', () => {
    fc.assert(fc.property(fc.integer({ min: 10, max: 4096 }), (size) => {
      assert.ok(Math.abs(toDollars(perMonth(standardRate(size))) - monthlyUsd({ size, type: 'STANDARD' })) < 0.001);
    }));
  });

  it('can be made where the standard kind is sold', async () => {
    const call = listSites();
    assert.deepEqual([call.path, call.query], ['/v2/catalog/datacenters', { networkVolumeTypes: 'STANDARD' }]);
    const dataCenters = [{ id: 'EU-RO-1', networkVolumeTypes: ['STANDARD', 'HIGH_PERFORMANCE'] }, { id: 'US-GA-1', networkVolumeTypes: [] }, { id: 'a/b', networkVolumeTypes: ['STANDARD'] }];
    const sites = await runpodVolumes(fakeHttp(() => ok({ dataCenters }))).sites(['ignored'], never());
    assert.deepEqual(sites.map(({ key, leastGb, mostGb }) => [key, leastGb, mostGb]), [['EU-RO-1', 10, 4096]]);
  });

  it('are made once, of the kind whose price was named', () => {
    const call = createVolume({ site, name: 'datasets', sizeGb: 99.5 });
    assert.deepEqual([call.method, call.path, call.retry, call.body], ['POST', '/v2/network-volumes', 'never', { name: 'datasets', size: 100, dataCenter: 'EU-RO-1', type: 'STANDARD' }]);
    assert.equal(call.read(answer(201, { id: 'agv6w2qcg7', name: 'datasets', size: 100, dataCenter: 'EU-RO-1', type: 'STANDARD' })), 'agv6w2qcg7');
    const isRefusal = (given: ReturnType<typeof answer>): boolean => {
      try {
        call.read(given);
        return assert.fail('it went well');
      } catch (error) {
        return isDefiniteRefusal(error);
      }
    };
    assert.ok(isRefusal(refused('data center "X" does not support this network volume', 400)) && isRefusal(refused('x', 422)) && isRefusal(refused('x', 402)));
    assert.ok(!isRefusal(answer(502, '<html>')) && !isRefusal(answer(201, '{')));
  });

  it('go, are gone already, or stay while a pod uses them', () => {
    const call = deleteVolume('grvtso8ftn');
    assert.deepEqual([call.method, call.path, call.retry], ['DELETE', '/v2/network-volumes/grvtso8ftn', 'safe']);
    for (const given of [answer(204, ''), refused('network volume not found', 404)]) assert.equal(call.read(given), undefined);
    assert.throws(() => call.read(refused('network volume is in use by a pod', 400)), withCode('notAllowed'));
    assert.throws(() => call.read(answer(404, '<html>')), withCode('badResponse'));
    for (const key of ['', '..', 'a/b', 'a?b']) assert.throws(() => deleteVolume(key), withCode('badRequest'), key);
  });

  it('can be had in their data centre, in the Secure cloud, and keep what a stop would', () => {
    const there = at('SECURE', 'EU-RO-1');
    assert.deepEqual(attach(there, volume)?.price, { ...there.price, stoppedDisk: 0 });
    for (const other of [at('SECURE', 'US-KS-2'), at('SECURE', ''), at('COMMUNITY', ''), at('COMMUNITY', 'EU-RO-1'), offer()]) assert.equal(attach(other, volume), undefined, other.id);
    assert.equal(attach(there, { ...volume, provider: 'vast' }), undefined);
  });

  it('take the place of the pod\'s own mount, and the whole disk is the container\'s', () => {
    const body = podRequest({ offer: at('SECURE', 'EU-RO-1'), label: 'l', image: 'a/b', publicKey: 'k', env: {}, volume, command: 'python a.py' }, 'https://api.runpod.io');
    assert.deepEqual([body['disk'], body['mounts'], body['args'], body['dataCenterIds']], [40, { network: [{ volumeId: 'grvtso8ftn', path: '/workspace' }] }, 'python a.py', ['EU-RO-1']]);
  });
});
