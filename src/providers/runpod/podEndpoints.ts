/**
 * Where SSH answers. Only the direct door counts: RunPod's proxy gives an interactive shell and
 * nothing else, so no editor can work through it. The port changes at every start, and the first
 * reading after a start may still show the old one.
 */
import type { Endpoint } from '../../domain/instance.ts';
import type { PodRow } from './schemas/pod.ts';

export function endpointsOf(pod: PodRow): Endpoint[] {
  if (pod.status !== 'RUNNING') return [];
  const direct = pod.ssh?.direct;
  const found = direct ? endpoint(direct.host, direct.port, direct.username) : mappedPort(pod);
  return found === undefined ? [] : [found];
}

/** The same door, seen in the port table before `ssh.direct` is filled. */
function mappedPort(pod: PodRow): Endpoint | undefined {
  for (const port of pod.runtime?.ports ?? []) {
    if (port?.type !== 'tcp' || port.private !== 22 || typeof port.public !== 'number') continue;
    const found = endpoint(port.ip ?? '', port.public, 'root');
    if (found !== undefined) return found;
  }
  return undefined;
}

/** These strings end in an SSH configuration: anything but a plain host, port and user is no endpoint. */
function endpoint(host: string, port: number, user: string | null | undefined): Endpoint | undefined {
  const usable = /^[A-Za-z0-9][A-Za-z0-9.:-]{0,252}$/.test(host) && !carrierNat(host) && Number.isInteger(port) && port > 0 && port < 65_536;
  return usable ? { host, port, user: /^[a-z_][a-z0-9_-]{0,31}$/.test(user ?? '') ? (user ?? 'root') : 'root', viaProxy: false } : undefined;
}

/** 100.64.0.0/10 is RunPod's inner network for its HTTP proxy, unreachable from outside. */
function carrierNat(host: string): boolean {
  const [, second] = /^100\.(\d{1,3})\./.exec(host) ?? [];
  return second !== undefined && Number(second) >= 64 && Number(second) < 128;
}
