// The request bodies of RunPod's REST v2.
import { dictionary, flag, integer, list, oneOf, orNull, record, text, type Shape, type Shaped } from './shape.ts';

export const container = {
  image: text(),
  args: text(),
  disk: integer(1),
  ports: list(text()),
  env: dictionary(text(), 50),
  registry: orNull(text()),
  // In the live service since September, not yet in the published contract.
  cmd: list(text()),
  entrypoint: list(text()),
};

const cudaVersion = text({ pattern: /^\d+\.\d+$/ });

const mounts = record(
  {},
  {
    persistent: record({ size: integer(10), path: text() }, {}),
    network: list(record({ volumeId: text(), path: text() }, {}), 1),
  },
);

export const createPodBody = record(
  { name: text({ min: 1 }) },
  {
    ...container,
    cloud: oneOf('SECURE', 'COMMUNITY'),
    gpu: record({ id: text() }, { count: integer(1), allowedCudaVersions: list(cudaVersion), minCudaVersion: cudaVersion, minRamPerGpu: integer(1), minVcpuCountPerGpu: integer(1) }),
    cpu: record({ id: text({ min: 1 }), vcpuCount: integer(2) }, {}),
    dataCenterIds: list(text()),
    globalNetworking: flag,
    mounts,
    startJupyter: flag,
    startSsh: flag,
    templateId: text({ min: 1 }),
  },
);
export type CreatePodBody = Shaped<typeof createPodBody>;

export const updatePodBody = record({}, { ...container, name: text({ min: 1 }), mounts, locked: flag, globalNetworking: flag, templateId: text() });
export type UpdatePodBody = Shaped<typeof updatePodBody>;

export const podActionBody = record({ action: oneOf('start', 'stop', 'restart', 'terminate') }, {});

export const sshKeysBody = record({ keys: list(text({ pattern: /^(ssh|ecdsa|sk)-[^\s]+ [^\s]+([ \t][^\n\r]*)?$/ })) }, {});

const volumeSize = integer(10, 4096);
export const createVolumeBody = record({ name: text({ min: 1 }), size: volumeSize, dataCenter: text({ min: 1 }) }, { type: oneOf('STANDARD', 'HIGH_PERFORMANCE') });
export const updateVolumeBody = record({}, { name: text({ min: 1 }), size: volumeSize });

/** Everything that is wrong with a body; the create rule about image and template included. */
export function violations(shape: Shape<unknown>, body: unknown): string[] {
  const problems: string[] = [];
  shape.accepts(body, '$', problems);
  return problems;
}
