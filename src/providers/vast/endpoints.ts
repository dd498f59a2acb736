/** How SSH reaches an instance: the port mapped on its host, which is fast, before Vast's relay. */
import { isIP } from 'node:net';
import type { Endpoint } from '../../domain/instance.ts';
import type { InstanceRow } from './schemas/instance.ts';

type Addresses = Pick<InstanceRow, 'public_ipaddr' | 'ports' | 'ssh_host' | 'ssh_port' | 'image_runtype' | 'actual_status'>;

export function endpointsOf(row: Addresses): Endpoint[] {
  // The map exists as long as the container runs, even when its heartbeat is late and the status says otherwise.
  const mapped = row.ports?.['22/tcp']?.find(({ HostPort }) => HostPort !== undefined)?.HostPort;
  const direct = endpoint(row.public_ipaddr, mapped, false);
  // The relay takes connections before there is a machine, and for machines that are stopped.
  const relayed = row.actual_status === 'running' ? endpoint(row.ssh_host, relayPort(row), true) : undefined;
  return [direct, relayed].filter((each) => each !== undefined);
}

/** With Jupyter in the image's runtype the relay's SSH is one port higher than it says. */
function relayPort({ ssh_port: port, image_runtype: runtype }: Addresses): number | undefined {
  return port !== undefined && runtype?.includes('jupyter') === true ? port + 1 : port;
}

function endpoint(address: string | undefined, port: number | undefined, viaProxy: boolean): Endpoint | undefined {
  const host = address?.trim() ?? '';
  // A host's word ends up in an SSH configuration and on command lines.
  const named = isIP(host) !== 0 || /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/i.test(host);
  if (!named || port === undefined || !Number.isInteger(port) || port < 1 || port > 65_535) return undefined;
  return { host, port, user: 'root', viaProxy };
}
