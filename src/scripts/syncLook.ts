/**
 * What a machine is asked before anything is sent or fetched, and how its answers are read. Names go in separated by
 * zero bytes and come back behind a mark that is new every time, because they may hold anything, line breaks too.
 */
import { shellQuote } from './shellQuote.ts';

export interface Tools {
  readonly tar: boolean;
  readonly gzip: boolean;
  readonly sha256: boolean;
  /** Bytes on the disk of the folder; undefined where it does not say. */
  readonly free: number | undefined;
  /** What `stampScript` left there, in seconds. */
  readonly stamp: number | undefined;
  /** By the machine's own clock, in seconds. */
  readonly now: number | undefined;
}

/** BusyBox has all of these as well; `commands` are what the answers to the other questions need. */
const commands = ['tar', 'gzip', 'sha256sum'] as const;

/** With `make`, the folder is there afterwards, and what broken transfers left in it long ago is gone. */
export const toolsScript = (folder: string, incoming: string, stamp: string, mark: string, make: boolean): string => `
${make ? `mkdir -p ${shellQuote(folder)} || exit 1` : ''}
cd ${shellQuote(folder)} || exit 1
${make ? `[ -w . ] || { echo 'Permission denied' >&2; exit 1; }
if [ -d ${incoming} ]; then
  find ${incoming} -name 'p-*' -type f -mtime +7 -exec rm -f {} + 2>/dev/null
  find ${incoming} -name 'b-*' -prune -mtime +0 -exec rm -rf {} + 2>/dev/null
fi` : ''}
for tool in ${commands.join(' ')}; do
  command -v "$tool" >/dev/null 2>&1 && printf '${mark}%s=1\\n' "$tool"
done
printf '${mark}free=%s\\n' "$(df -Pk . 2>/dev/null | awk 'NR == 2 { print $4 }')"
printf '${mark}stamp=%s\\n' "$(cat ~/.gpu-rental/sync/${stamp} 2>/dev/null)"
printf '${mark}now=%s\\n' "$(date +%s)"
printf '${mark}end=1\\n'`;

/** Undefined when the machine did not come to the end of it. */
export function readTools(stdout: string, mark: string): Tools | undefined {
  const said = (name: string): string | undefined => new RegExp(`^${mark}${name}=(.*)$`, 'm').exec(stdout)?.[1];
  const count = (text: string | undefined): number | undefined => (/^\d{1,12}$/.test(text ?? '') ? Number(text) : undefined);
  if (said('end') === undefined) return undefined;
  const freeKib = count(said('free'));
  return {
    tar: said('tar') === '1', gzip: said('gzip') === '1', sha256: said('sha256sum') === '1',
    free: freeKib === undefined ? undefined : freeKib * 1024, stamp: count(said('stamp')), now: count(said('now')),
  };
}

/** From when on changes may have been missed; the name is a hash of which folders these are. */
export const stampScript = (stamp: string, seconds: number): string =>
  `umask 077; mkdir -p ~/.gpu-rental/sync && printf '%s' ${seconds} >~/.gpu-rental/sync/${stamp}`;

const inFolder = (folder: string): string => `cd ${shellQuote(folder)} 2>/dev/null || exit 0`;

/** Of the names that come on standard input. */
export const statScript = (folder: string, mark: string): string =>
  `${inFolder(folder)}\nxargs -0 stat -c '${mark}%f %s %Y %n' 2>/dev/null\nexit 0`;

/** Of everything below the folder, folders before what is in them. */
export const listScript = (folder: string, incoming: string, mark: string): string => `
cd ${shellQuote(folder)} || exit 1
printf '${mark}begin\\n'
find . -name . -o -name ${incoming} -prune -o -exec stat -c '${mark}%f %s %Y %n' {} +
printf '${mark}end\\n'`;

export interface RemoteLook {
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  readonly bytes: number;
  readonly modified: number;
  readonly mode: number;
}

/** One answer of `stat`, without its mark; undefined for what is none. */
export function readLook(answer: string): RemoteLook | undefined {
  const [, raw = '', bytes, modified, path] = /^([0-9a-f]{1,8}) (\d{1,16}) (-?\d{1,12}) (?:\.\/)?(.*)$/s.exec(answer.replace(/\n$/, '')) ?? [];
  if (path === undefined) return undefined;
  const mode = parseInt(raw, 16);
  const kind = ({ 0x8000: 'file', 0x4000: 'folder', 0xa000: 'link' } as const)[mode & 0xf000] ?? 'other';
  return { path, kind, bytes: Number(bytes), modified: Number(modified), mode: mode & 0o777 };
}

export const readLooks = (stdout: string, mark: string): RemoteLook[] => stdout.split(mark).slice(1).flatMap((answer) => readLook(answer) ?? []);

/** Where each of the named links leads, in their order. */
export const linksScript = (folder: string, mark: string): string => `
${inFolder(folder)}
xargs -0 sh -c 'for link do printf %s ${mark}; readlink "$link"; done' sh
exit 0`;

/** Undefined for what is no link any more. */
export const readLinks = (stdout: string, mark: string): (string | undefined)[] =>
  stdout.split(mark).slice(1).map((answer) => (answer === '' ? undefined : answer.replace(/\n$/, '')));

export const hashScript = (folder: string): string => `${inFolder(folder)}\nxargs -0 sha256sum 2>/dev/null\nexit 0`;

/** By name. One that cannot be read is missing, and then counts as different. */
export function readHashes(stdout: string): Map<string, string> {
  const hashes = new Map<string, string>();
  for (const line of stdout.split('\n')) {
    const [, escaped, hash, name] = /^(\\?)([0-9a-f]{64}) [ *](?:\.\/)?(.+)$/.exec(line) ?? [];
    if (hash === undefined || name === undefined) continue;
    hashes.set(escaped === '' ? name : name.replace(/\\([\\nr])/g, (_, sign: string) => ({ n: '\n', r: '\r' })[sign] ?? '\\'), hash);
  }
  return hashes;
}

/** Of a file's parts, each of `blocks` blocks, up to the `parts`th and as far as there are any. */
export const partsScript = (path: string, blocks: number, parts: number): string => `
[ -f ${shellQuote(path)} ] || exit 0
size=$(wc -c <${shellQuote(path)}); at=0
while [ $at -lt ${parts} ] && [ $((at * ${blocks} * ${blockBytes})) -lt $size ]; do
  dd if=${shellQuote(path)} bs=${blockBytes} skip=$((at * ${blocks})) count=${blocks} 2>/dev/null | sha256sum
  at=$((at + 1))
done`;

export const readParts = (stdout: string): string[] => [...stdout.matchAll(/^([0-9a-f]{64}) /gm)].map(([, hash]) => hash ?? '');

/** What dd reads and writes at once; offsets are multiples of it. */
export const blockBytes = 64 * 1024;
