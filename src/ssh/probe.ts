/**
 * What a machine says of itself, asked by one POSIX sh script. It goes to `sh` on standard input:
 * the login shell may be anything and prints what it likes, so only our own marked lines count.
 */
import { RentError } from '../domain/errors.ts';
import type { Clock } from '../domain/ports.ts';
import type { MachineReport } from '../domain/ssh.ts';
import { findFolder } from '../scripts/workFolder.ts';
import type { SshConnection } from './connection.ts';
import { within } from './within.ts';

export type SelfReport = Pick<MachineReport, 'folder' | 'home' | 'freeDiskGb' | 'gpus'>;

const mark = 'gpu-rental:';
const probeMs = 45_000;

export async function probe(
  connection: SshConnection,
  wanted: readonly string[],
  clock: Clock,
  signal: AbortSignal,
): Promise<SelfReport> {
  const expired = () => new RentError('sshUnreachable', { detail: 'the machine let us in and then did not answer' });
  const { stdout } = await within({ clock, ms: probeMs, signal, expired }, (inTime) =>
    connection.exec('exec sh -s', { input: probeScript(wanted), signal: inTime, mostBytes: 256 * 1024 }),
  );
  return parseProbe(stdout);
}

/** The first folder that is there and writable is the one to work in; home is the last resort. */
export function probeScript(wanted: readonly string[]): string {
  return `${findFolder(wanted)}printf '\\n${mark}home=%s\\n${mark}folder=%s\\n' "$home" "$folder"
df -Pk "$folder" 2>/dev/null | awk 'NR == 2 { print "${mark}freeKib=" $4 }'
# A broken driver makes nvidia-smi hang instead of fail. Standard input is this script.
limit=$(command -v timeout >/dev/null 2>&1 && echo 'timeout 20')
$limit nvidia-smi -L </dev/null 2>/dev/null | sed 's/^/${mark}gpu=/'
printf '${mark}end=\\n'
exit 0
`;
}

export function parseProbe(stdout: string): SelfReport {
  const said = stdout
    .split('\n')
    .filter((line) => line.startsWith(mark))
    .map((line) => line.slice(mark.length).trimEnd());
  const all = (name: string) =>
    said.filter((line) => line.startsWith(`${name}=`)).map((line) => line.slice(name.length + 1));

  const home = all('home')[0];
  const folder = all('folder')[0];
  if (home === undefined || folder === undefined || all('end').length === 0 || ![home, folder].every(isPlainPath))
    throw new RentError('sshUnreachable', { detail: 'the machine lets us in and runs no commands' });

  const freeKib = /^\d{1,15}$/.exec(all('freeKib')[0] ?? '')?.[0];
  return {
    home,
    folder,
    ...(freeKib === undefined ? {} : { freeDiskGb: (Number(freeKib) * 1024) / 1e9 }),
    gpus: all('gpu').flatMap(gpuName).slice(0, 64),
  };
}

/** `GPU 0: NVIDIA GeForce RTX 4090 (UUID: GPU-…)`; a slice of a GPU is indented and has another word. */
function gpuName(line: string): string[] {
  const name = /^GPU \d+: (.{1,100}?) \(UUID: /.exec(line)?.[1];
  return name === undefined ? [] : [printable(name)];
}

// The machine's owner can make it say anything; paths go into commands and names on the screen.
const printable = (text: string): string => text.replace(/\p{Cc}/gu, '');
const isPlainPath = (path: string): boolean => path.startsWith('/') && path.length <= 1024 && path === printable(path);
