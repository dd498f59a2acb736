/** An instance as the rest of the program sees one. It says neither when it began nor what it has cost. */
import type { Endpoint, InstanceState, SeenInstance, StartStage } from '../../domain/instance.ts';
import { zeroRate } from '../../domain/money.ts';
import { plainText } from '../http/plainText.ts';
import { diskGbOf, gpuOf, rateOf } from './hardware.ts';
import { placeOf } from './place.ts';
import type { InstanceRow } from './schemas/instance.ts';

/** The name can be changed in Lambda's console, this tag not by accident. */
export const labelTag = 'gpu-rental';

export function seenInstance(row: InstanceRow): SeenInstance {
  const { instance_type: type } = row;
  const endpoints = endpointsOf(row);
  return {
    id: `lambda:${row.id}`,
    provider: 'lambda',
    key: row.id,
    label: plainText(row.tags?.find((tag) => tag?.key === labelTag)?.value ?? row.name ?? '', 200),
    ...(gpuOf(type.gpu_description) ?? { gpu: type.specs.gpus === 0 ? 'CPU' : plainText(type.gpu_description, 60), vramGb: 0 }),
    gpuCount: type.specs.gpus,
    place: row.region ? placeOf(row.region).place : '',
    kind: 'on-demand',
    diskGb: diskGbOf(type),
    ...stateOf(row, endpoints),
    outbid: false,
    // Billing begins when it has booted. Stopped it never is.
    rates: { running: rateOf(type), starting: zeroRate, stopped: zeroRate },
    endpoints,
    statusText: plainText(row.status, 80),
  };
}

function stateOf({ status }: InstanceRow, endpoints: readonly Endpoint[]): { state: InstanceState; stage?: StartStage } {
  switch (status) {
    case 'booting':
      return { state: 'starting', stage: 'booting' };
    case 'active':
      return endpoints.length > 0 ? { state: 'ready' } : { state: 'unknown' };
    case 'unhealthy':
    case 'preempted':
      return { state: 'failed' };
    case 'terminating':
    case 'terminated':
      return { state: 'ending' };
    default:
      return { state: 'unknown' };
  }
}

/**
 * These strings end in an SSH configuration: anything but a plain address is none. A machine of Lambda answers on port
 * 22. One of the practice market is a process on this computer, which has no 22 to give away: an address of this
 * computer, and no other, may name a port.
 */
function endpointsOf({ status, ip }: InstanceRow): Endpoint[] {
  const [, host = '', port] = /^((?:\d{1,3}\.){3}\d{1,3})(?::(\d{1,5}))?$/.exec(ip ?? '') ?? [];
  if (status !== 'active' || host === '' || (port !== undefined && !host.startsWith('127.'))) return [];
  return [{ host, port: Number(port ?? 22), user: 'ubuntu', viaProxy: false }];
}
