// The routes that are not about pods: catalogue, SSH keys, billing, volumes.
import { createVolumeBody, sshKeysBody, updateVolumeBody } from '../bodies.ts';
import { createWithFaults } from '../../createFaults.ts';
import type { HttpAnswer } from '../../httpServer.ts';
import { problem, Refusal, refusalAnswer } from '../problems.ts';
import type { Runpod } from '../runpod.ts';
import { allBilling, endpointBilling, podBilling, volumeBilling } from './billing.ts';
import { getCpu, getDataCenter, listCpus, listDataCenters, listOwnTemplates, listTemplates } from './catalog.ts';
import { getGpu, listGpus, type View } from './gpuCatalog.ts';
import type { Parameters } from './query.ts';
import { bodyOf, type RestRoute } from './routes.ts';
import { createVolume, deleteVolume, findVolume, listVolumes, updateVolume, volumeView } from './volumes.ts';

function read(path: string, view: (query: Parameters, id: string) => View): RestRoute {
  return { method: 'GET', path, handle: (call, query) => ({ status: 200, body: view(query, call.params['id'] ?? '') }) };
}

export function accountRoutes(runpod: Runpod): RestRoute[] {
  const { account } = runpod;
  return [
    read('/v2/catalog/gpus', (query) => listGpus(runpod, query)),
    read('/v2/catalog/gpus/{id}', (query, id) => getGpu(runpod, id, query)),
    read('/v2/catalog/cpus', (query) => listCpus(runpod, query)),
    read('/v2/catalog/cpus/{id}', (query, id) => getCpu(runpod, id, query)),
    read('/v2/catalog/datacenters', (query) => listDataCenters(runpod, query)),
    read('/v2/catalog/datacenters/{id}', (query, id) => getDataCenter(runpod, id, query)),
    read('/v2/catalog/templates', (query) => listTemplates(query)),
    read('/v2/templates', () => listOwnTemplates()),
    read('/v2/account/ssh-keys', () => ({ keys: account.sshKeys })),
    {
      method: 'PUT',
      path: '/v2/account/ssh-keys',
      handle(call) {
        account.sshKeys = bodyOf(sshKeysBody, call.body).keys;
        return { status: 200, body: { keys: account.sshKeys } };
      },
    },
    read('/v2/billing', (query) => allBilling(runpod, query)),
    read('/v2/billing/pods', (query) => podBilling(runpod, query)),
    read('/v2/billing/serverless', (query) => endpointBilling(runpod, query)),
    read('/v2/billing/network-volumes', (query) => volumeBilling(runpod, query)),
    read('/v2/network-volumes', () => listVolumes(runpod)),
    read('/v2/network-volumes/{id}', (_, id) => volumeView(findVolume(runpod, id))),
    { method: 'POST', path: '/v2/network-volumes', handle: (call) => makeVolume(runpod, call.body) },
    {
      method: 'PATCH',
      path: '/v2/network-volumes/{id}',
      handle(call) {
        const volume = findVolume(runpod, call.params['id'] ?? '');
        updateVolume(runpod, volume, bodyOf(updateVolumeBody, call.body));
        return { status: 200, body: volumeView(volume) };
      },
    },
    {
      method: 'DELETE',
      path: '/v2/network-volumes/{id}',
      handle(call) {
        deleteVolume(runpod, findVolume(runpod, call.params['id'] ?? ''));
        return { status: 204 };
      },
    },
  ];
}

function makeVolume(runpod: Runpod, body: unknown): Promise<HttpAnswer> {
  return createWithFaults(runpod.world.faults, 'runpod', {
    make() {
      try {
        return { status: 201, body: volumeView(createVolume(runpod, bodyOf(createVolumeBody, body))) };
      } catch (error) {
        if (error instanceof Refusal) return refusalAnswer(error);
        throw error;
      }
    },
    failed: () => problem(500, 'Something went wrong. Please try again later or contact support.'),
  });
}
