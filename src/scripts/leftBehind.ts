/**
 * Looks at a machine before it goes: what works there, and which files changed since a moment. That moment is told as
 * an age, because a machine's clock is its own. It leaves nothing behind and asks nothing of bash, GNU or `timeout`.
 */
import type { LeftBehind } from '../domain/leftBehind.ts';
import { mark, Said } from './marked.ts';
import { shellQuote } from './shellQuote.ts';
import { findFolder } from './workFolder.ts';

export interface LookOrder {
  /** The first that is there and writable is the one to look at; home is the last resort. */
  readonly folders: readonly string[];
  /** Only files changed in so many last seconds count; all when undefined. */
  readonly withinSeconds?: number;
}

/** Made again by whoever needs them, and often by the hundred thousand. What git keeps may be nowhere else. */
const passedOver = [
  '__pycache__', 'node_modules', '.venv', 'venv', '.cache', '.ipynb_checkpoints', '.gpu-rental', '.ssh', '.vscode-server', '.local',
  '.config', 'lost+found', '.bash_history', '.python_history', '.wget-hsts', '.lesshst', '.Trash-0',
];
const findSeconds = 5;
const useSeconds = 3;

/** Goes to `$folder` and leaves in the arguments what `find` tells newer files by, and in `$ref` the file to remove afterwards. */
const sinceWords = (withinSeconds: number | undefined): string => `now=$(date +%s)
cd "$folder" || exit 1
ref=$(mktemp 2>/dev/null) || ref=
set --
${withinSeconds === undefined ? '' : `if [ "$ref" ]; then
  since=$((now - ${Math.max(0, Math.ceil(withinSeconds))}))
  touch -d "@$since" "$ref" 2>/dev/null || TZ=UTC touch -t "$(date -u -d "@$since" +%Y%m%d%H%M.%S)" "$ref" 2>/dev/null || touch -t 197001020000 "$ref"
  set -- -newer "$ref"
fi`}
# At home lie the settings of shells and tools, and what Vast.ai's own start leaves.
hidden=./
[ "$folder" != "$home" ] || hidden='./.*'`;

const changedFiles = `find . \\( ${passedOver.map((name) => `-name ${shellQuote(name)}`).join(' -o ')} -o -path "$hidden" -o -path ./onstart.sh -o -path ./ports.log \\) -prune -o -type f "$@"`;

/** The names of the changed files below the work folder, a zero byte behind each. */
export const changedScript = ({ folders, withinSeconds }: LookOrder): string => `
${findFolder(folders)}
${sinceWords(withinSeconds)}
printf '\\n${mark}names\\n'
${changedFiles} -exec printf '%s\\0' {} +
printf '/\\0'
[ "$ref" ] && rm -f "$ref"
exit 0
`;

/** Undefined when not all of them are told, or one cannot be: then everything is to be fetched. */
export function parseChanged(stdout: string): readonly string[] | undefined {
  const begin = `\n${mark}names\n`;
  const at = stdout.indexOf(begin);
  const names = at < 0 ? [] : stdout.slice(at + begin.length).split('\0');
  // The last is a name that no file has, and behind it comes nothing.
  if (names.at(-2) !== '/') return undefined;
  const paths = names.slice(0, -2).map((name) => name.replace(/^\.\//, ''));
  return paths.some((path) => path === '' || path.startsWith('/') || path.split('/').includes('..') || path.includes('\uFFFD')) ? undefined : paths;
}

export const lookScript = ({ folders, withinSeconds }: LookOrder): string => `
${findFolder(folders)}
printf '\\n${mark}folder=%s\\n' "$folder"
limit() { s=$1; shift; if command -v timeout >/dev/null 2>&1; then timeout "$s" "$@"; else "$@"; fi; }

# What works: whoever holds a GPU, whoever said so to the guard, and whoever stands in the work folder.
clean() { tr '\\000-\\037\\177' ' ' | cut -c1-200; }
tell() {
  case " $told " in *" $1 "*) return ;; esac
  words=$(clean <"/proc/$1/cmdline" 2>/dev/null) || return
  told="$told $1"
  [ "$words" ] && printf '${mark}running=%s\\n' "$words"
}
told=" $$ $PPID"
limit 5 nvidia-smi --query-compute-apps=pid --format=csv,noheader </dev/null 2>/dev/null >"\${TMPDIR:-/tmp}/.gr$$"
while read -r pid; do case $pid in *[!0-9]*|'') ;; *) tell "$pid" ;; esac; done <"\${TMPDIR:-/tmp}/.gr$$"
rm -f "\${TMPDIR:-/tmp}/.gr$$"
g=$home/.gpu-rental
[ -r "$g/status" ] || [ "$GPU_RENTAL_PRACTICE_POD" ] || [ ! -r /root/.gpu-rental/status ] || g=/root/.gpu-rental
# A run is told by its program, not by what stands over it.
for run in "$g"/runs/*/; do
  [ -e "$run/exit" ] || ! read -r pid rest <"$run/pid" || told="$told $pid"
  [ -e "$run/exit" ] || ! read -r pid rest <"$run/child" || case $pid in *[!0-9]*|'') ;; *) tell "$pid" ;; esac
done 2>/dev/null
for job in "$g"/jobs/[0-9]*; do
  pid=\${job##*/}
  case $pid in *[!0-9]*) continue ;; esac
  kill -0 "$pid" 2>/dev/null && tell "$pid"
done
for at in /proc/[0-9]*; do
  pid=\${at#/proc/}
  cwd=$(readlink "$at/cwd" 2>/dev/null) || continue
  case $cwd/ in "$home"/.gpu-rental/*) continue ;; "$folder"/*) ;; *) continue ;; esac
  read -r name <"$at/comm" 2>/dev/null || continue
  # Shells wait for others, and a server that came with the image works for nobody.
  case $name in sh|bash|dash|zsh|fish|ash|busybox|tmux*|screen|script|sshd*|sftp-server|login|sleep|jupyter*|tini|find|awk|readlink) continue ;; esac
  tell "$pid"
done

now=$(date +%s)
last=
for ended in "$g"/runs/*/exit; do
  [ -f "$ended" ] || continue
  at=$(stat -c %Y "$ended" 2>/dev/null) || continue
  [ "\${last:-0}" -ge "$at" ] || last=$at
done
[ "$last" ] && printf '${mark}runEndedAgo=%s\\n' $((now > last ? now - last : 0))

${sinceWords(withinSeconds)}
# Which size a file has is told by stat; where there is none the files are counted all the same.
if stat -c %s . >/dev/null 2>&1; then size='stat -c %s --'; else size="printf 0%.0s\\\\n"; fi
{
  limit ${findSeconds} ${changedFiles} -exec $size {} + 2>/dev/null
  echo "end $?"
} | awk '/^end/ { cut = ($2 >= 124) ; next } { n++; b += $1 } END { printf "${mark}files=%d\\n${mark}bytes=%.0f\\n${mark}cut=%d\\n", n, b, cut }'
[ "$ref" ] && rm -f "$ref"
if command -v timeout >/dev/null 2>&1; then
  timeout ${useSeconds} du -skx . 2>/dev/null | awk '{ print "${mark}usedKib=" $1; exit }'
fi
printf '${mark}end=\\n'
exit 0
`;

/** Undefined when the machine did not say all of it. `now` is ours, epoch milliseconds. */
export function parseLook(stdout: string, now: number): LeftBehind | undefined {
  const said = new Said(stdout);
  const folder = said.one('folder');
  const files = said.count('files');
  const bytes = said.count('bytes');
  if (folder === undefined || !/^\/[^\p{Cc}]{0,1023}$/u.test(folder) || files === undefined || bytes === undefined || said.one('end') === undefined) return undefined;
  const usedKib = said.count('usedKib');
  const ago = said.count('runEndedAgo');
  return {
    folder,
    changed: { files, bytes, partial: said.one('cut') !== '0' },
    ...(usedKib === undefined ? {} : { usedBytes: usedKib * 1024 }),
    running: [...new Set(said.all('running').map((line) => line.trim()).filter((line) => line !== ''))].slice(0, 20),
    ...(ago === undefined ? {} : { lastRunEndedAt: now - ago * 1000 }),
  };
}
