/**
 * What listens on a machine, read from the kernel's own tables: `ss` and `netstat` are missing in half of the images.
 * Which program holds a port is told only of programs of our own user.
 */
import type { Listener } from '../domain/listening.ts';

const mark = 'gpu-rental:';

/** Of a command line as much as names a program; the rest is none of our business. */
const commandBytes = 200;

export const listeningScript = `
printf '\\n${mark}begin\\n'
inodes=' '
for table in /proc/net/tcp /proc/net/tcp6; do
  [ -r "$table" ] || continue
  printf '${mark}table\\n'
  while read -r _ local _ state _ _ _ _ _ inode _; do
    [ "$state" = 0A ] || continue
    printf '${mark}tcp %s %s\\n' "$local" "$inode"
    inodes="$inodes$inode "
  done <"$table"
done
# One ls for all programs: a readlink for each open file of a busy machine takes a minute.
ls -l /proc/[0-9]*/fd 2>/dev/null </dev/null |
  sed -n -e 's|^/proc/\\([0-9]*\\)/fd:$|pid \\1|p' -e 's|.* -> socket:\\[\\([0-9]*\\)\\]$|socket \\1|p' |
  while read -r kind number; do
    case $kind in
      pid) pid=$number said= ;;
      socket)
        case $inodes in *" $number "*) ;; *) continue ;; esac
        printf '${mark}owner %s %s\\n' "$number" "$pid"
        [ -z "$said" ] || continue
        said=1
        printf '${mark}program %s ' "$pid"; tr -c '[:print:]' ' ' <"/proc/$pid/comm" 2>/dev/null; echo
        printf '${mark}command %s ' "$pid"; tr -c '[:print:]' ' ' <"/proc/$pid/cmdline" 2>/dev/null | cut -c 1-${commandBytes}; echo
        ;;
    esac
  done
printf '${mark}end\\n'
exit 0
`;

const mostListeners = 500;

/**
 * Undefined when the machine cannot tell. Of one port the widest address counts, and one that only an address of its
 * own reaches is left out: it cannot be forwarded from loopback.
 */
export function parseListening(printed: string): Listener[] | undefined {
  const said = printed.split('\n').filter((line) => line.startsWith(mark)).map((line) => line.slice(mark.length).trimEnd());
  if (!said.includes('table') || !said.includes('end')) return undefined;
  const owners = new Map(matches(said, /^owner (\d{1,20}) (\d{1,10})$/));
  const programs = new Map(matches(said, /^program (\d{1,10}) (.{1,64})$/));
  const commands = new Map(matches(said, /^command (\d{1,10}) (.{1,400})$/));
  const found = new Map<number, Listener>();
  for (const [local, inode] of matches(said, /^tcp ([0-9A-Fa-f]{8}(?:[0-9A-Fa-f]{24})?:[0-9A-Fa-f]{4}) (\d{1,20})$/)) {
    const [address = '', hexPort = ''] = local.split(':');
    const port = parseInt(hexPort, 16);
    const reach = reachOf(address);
    if (port === 0 || reach === 'elsewhere' || (found.has(port) && found.get(port)?.onlyLocal === false)) continue;
    const pid = owners.get(inode) ?? '';
    const [program, command] = [programs.get(pid)?.trim(), commands.get(pid)?.trim()];
    found.set(port, { port, onlyLocal: reach === 'loopback', ...(program ? { program } : {}), ...(command ? { command } : {}) });
  }
  return [...found.values()].toSorted((a, b) => a.port - b.port).slice(0, mostListeners);
}

const matches = (lines: readonly string[], shape: RegExp): [string, string][] =>
  lines.flatMap((line) => {
    const [, first, second] = shape.exec(line) ?? [];
    return first === undefined || second === undefined ? [] : [[first, second]];
  });

/** The kernel prints each word of 32 bits in the machine's own order, which is the small end first on all that rent GPUs. */
function reachOf(hex: string): 'everywhere' | 'loopback' | 'elsewhere' {
  const address = hex.toUpperCase();
  if (/^0+$/.test(address)) return 'everywhere';
  const four = /^0{16}FFFF0000([0-9A-F]{8})$/.exec(address)?.[1] ?? (address.length === 8 ? address : undefined);
  if (four !== undefined) return /^0+$/.test(four) ? 'everywhere' : four.endsWith('7F') ? 'loopback' : 'elsewhere';
  return address === '00000000000000000000000001000000' ? 'loopback' : 'elsewhere';
}
