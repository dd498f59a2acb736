/**
 * What may be written into an SSH configuration or handed to ssh. A host, port or user comes from
 * a provider, and one line break or leading dash in it would be an option of somebody else's choice.
 */
import { isIP } from 'node:net';
import { RentError } from '../domain/errors.ts';
import type { Endpoint } from '../domain/instance.ts';

const aliasShape = /^[a-z0-9][a-z0-9-]{0,127}$/;
const userShape = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/;
const labelShape = /^[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/;

/** An address without a zone, or a DNS name. */
export function isHost(host: string): boolean {
  if (isIP(host) !== 0) return !host.includes('%');
  return host.length <= 253 && host.split('.').every((label) => labelShape.test(label));
}

export function checkedAlias(alias: string): string {
  if (!aliasShape.test(alias)) throw unusable('SSH alias', alias);
  return alias;
}

const isPort = (port: number): boolean => Number.isInteger(port) && port >= 1 && port <= 65_535;

export const isUsable = ({ host, port, user }: Endpoint): boolean =>
  isHost(host) && isPort(port) && userShape.test(user);

export function checkedEndpoint(endpoint: Endpoint): Endpoint {
  if (!isHost(endpoint.host)) throw unusable('SSH host', endpoint.host);
  if (!isPort(endpoint.port)) throw unusable('SSH port', String(endpoint.port));
  if (!userShape.test(endpoint.user)) throw unusable('SSH user', endpoint.user);
  return endpoint;
}

/** JSON makes line breaks and quotes visible instead of letting them act in a log. */
const unusable = (what: string, value: string) =>
  new RentError('sshConfig', { detail: `not usable as ${what}: ${JSON.stringify(value.slice(0, 80))}` });

/**
 * A path in the form every OpenSSH reads inside double quotes. Windows takes forward slashes and
 * would read backslashes as escapes. What cannot be escaped in all versions is refused.
 */
export function configPath(path: string, platform: NodeJS.Platform = process.platform): string {
  const plain = platform === 'win32' ? path.replaceAll('\\', '/') : path;
  if (/["\\\p{Cc}]|\$\{/u.test(plain)) throw unusable('a path in an SSH configuration', path);
  return plain;
}

export const endpointText = ({ host, port }: Pick<Endpoint, 'host' | 'port'>): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
