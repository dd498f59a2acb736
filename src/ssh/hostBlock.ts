/** The text of our host file: one block per machine, the same bytes for the same machine. */
import type { SshHost } from '../domain/ssh.ts';
import { checkedAlias, checkedEndpoint, configPath } from './grammar.ts';

export interface HostPaths {
  readonly key: string;
  readonly knownHosts: string;
  readonly noHostKeys: string;
}

/** What ssh must end up with for this machine, by option name. */
export type HostOptions = Readonly<Record<string, string>>;

export function hostOptions(host: SshHost, paths: HostPaths, platform?: NodeJS.Platform): HostOptions {
  const { host: name, port, user } = checkedEndpoint(host.endpoint);
  // In these options ssh expands %; in GlobalKnownHostsFile it does not.
  const expanded = (path: string) => configPath(path, platform).replaceAll('%', '%%');
  return {
    CheckHostIP: 'no',
    ControlMaster: 'no',
    ControlPath: 'none',
    ForwardAgent: 'no', // whoever owns the machine could use a forwarded agent
    ForwardX11: 'no',
    GlobalKnownHostsFile: quoted(configPath(paths.noHostKeys, platform)),
    HostKeyAlias: checkedAlias(host.alias),
    HostName: name,
    IdentitiesOnly: 'yes', // a handful of other keys first would use up the tries a server allows
    IdentityFile: quoted(expanded(paths.key)),
    LogLevel: 'ERROR',
    Port: String(port),
    PreferredAuthentications: 'publickey',
    RemoteCommand: 'none',
    ServerAliveCountMax: '4',
    ServerAliveInterval: '15',
    StrictHostKeyChecking: 'yes',
    TCPKeepAlive: 'yes',
    UpdateHostKeys: 'no',
    User: user,
    UserKnownHostsFile: quoted(expanded(paths.knownHosts)),
    VerifyHostKeyDNS: 'no',
  };
}

const quoted = (path: string): string => `"${path}"`;

export const formatBlock = (alias: string, options: HostOptions): string =>
  [`Host ${checkedAlias(alias)}`, ...Object.keys(options).toSorted().map((name) => `  ${name} ${options[name]}`), '']
    .join('\n');

const header = '# Kept by GPU Rental: one block per rented machine. Changes made here are lost.\n';

/** Blocks by alias, each with its own text. */
export function parseBlocks(text: string): Map<string, string> {
  const blocks = new Map<string, string>();
  for (const block of text.split(/^(?=Host )/m)) {
    const alias = /^Host (\S+)/.exec(block)?.[1];
    if (alias !== undefined) blocks.set(alias, `${block.trimEnd()}\n`);
  }
  return blocks;
}

export const joinBlocks = (blocks: ReadonlyMap<string, string>): string =>
  [header, ...[...blocks].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, block]) => block)].join('\n');
