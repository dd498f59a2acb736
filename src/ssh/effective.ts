/**
 * What ssh would really do for one of our machines. The first value wins in an SSH configuration,
 * so a line of the user's above our Include can send a machine elsewhere; this names the option.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { RentError } from '../domain/errors.ts';
import { childEnvironment } from './childEnvironment.ts';
import { checkedAlias } from './grammar.ts';
import type { HostOptions } from './hostBlock.ts';

export interface Difference {
  /** As people write it: `StrictHostKeyChecking`. */
  readonly option: string;
  readonly wanted: string;
  /** Undefined when ssh knows nothing of the option. */
  readonly effective: string | undefined;
}

export interface EffectiveQuery {
  readonly alias: string;
  /** remote.SSH.path where it is set. */
  readonly ssh?: string;
  /** remote.SSH.configFile where it is set; else ssh reads its usual files. */
  readonly configFile?: string;
}

const compared = [
  'HostName', 'Port', 'User', 'IdentityFile', 'UserKnownHostsFile', 'StrictHostKeyChecking', 'HostKeyAlias',
];

export async function checkEffective(query: EffectiveQuery, wanted: HostOptions): Promise<readonly Difference[]> {
  const file = query.ssh ?? 'ssh';
  const args = [...(query.configFile === undefined ? [] : ['-F', query.configFile]), '-G', checkedAlias(query.alias)];
  try {
    // A `Match exec` of the user's runs here too, and may never end.
    const { stdout } = await promisify(execFile)(file, args, { env: childEnvironment(), timeout: 15_000, windowsHide: true });
    return differences(stdout, wanted);
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    const detail = `${file} cannot read the SSH configuration${said === '' ? '' : `: ${said.slice(0, 500)}`}`;
    throw new RentError('sshConfig', { detail, cause: error });
  }
}

/** `printed` is what `ssh -G` says: one option a line, its name in lower case, several lines for a list. */
export function differences(printed: string, wanted: HostOptions): readonly Difference[] {
  const lines = printed.split(/\r?\n/).map((line) => /^(\S+) (.*)$/.exec(line)).filter((match) => match !== null);
  return compared.flatMap((option) => {
    const effective = lines.filter((match) => match[1] === option.toLowerCase()).map((match) => match[2] ?? '');
    const meant = wanted[option] ?? '';
    // Other keys may stand beside ours; every other option has one value.
    if (effective.some((value) => normal(option, value) === normal(option, meant))) return [];
    return [{ option, wanted: meant, effective: effective[0] }];
  });
}

function normal(option: string, value: string): string {
  const plain = value.replaceAll('"', '').replaceAll('%%', '%').replaceAll('\\', '/');
  if (option === 'StrictHostKeyChecking') return plain === 'true' ? 'yes' : plain; // versions differ
  return option === 'HostName' || /^[A-Za-z]:\//.test(plain) ? plain.toLowerCase() : plain;
}
