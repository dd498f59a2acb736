/**
 * What programs with a page of their own have in common on a machine: where they are looked for, how they are started
 * so that they go on without us, and how they are asked whether they are there yet.
 */
import { shellQuote } from './shellQuote.ts';

export const mark = 'gpu-rental:';

/** The image's own Python comes first: a session over SSH often gets less of a PATH than the image was made with. */
export const withPrograms = `
PATH=/venv/main/bin:/opt/conda/bin:/opt/venv/bin:$(tr '\\0' '\\n' 2>/dev/null </proc/1/environ | sed -n 's/^PATH=//p'):$PATH:$HOME/.local/bin
export PATH
`;

/** Sets `folder` to the first of them that is there and writable; home is the last resort. */
export const workFolder = (folders: readonly string[]): string => `
folder=\${HOME:-/}
for candidate in ${folders.map(shellQuote).join(' ')}; do
  if [ -d "$candidate" ] && [ -w "$candidate" ]; then folder=$candidate; break; fi
done
`;

/** Of a log as much as says why something did not start. */
const logLines = 30;

const home = (name: string): string => `"$HOME/.gpu-rental/${name}"`;

export interface Start {
  /** Of its own folder on the machine. */
  readonly name: string;
  /** Succeeds where it is installed. */
  readonly present: string;
  /** Run first, in its own folder, which is `$own`. */
  readonly prepare?: string;
  readonly command: string;
}

/** Starts it detached, with a folder and a log that nobody else can read. */
export const startScript = ({ name, present, prepare = '', command }: Start): string => `
umask 077
${withPrograms}
if ! { ${present}; } >/dev/null 2>&1; then printf '\\n${mark}missing\\n'; exit 0; fi
own=${home(name)}
mkdir -p "$own" || exit 1
${prepare}
detach=$(command -v setsid) || detach=
$detach nohup ${command} </dev/null >"$own/log" 2>&1 &
printf '\\n${mark}started %s\\n' "$!"
exit 0
`;

/** Prints whether the process that was started still lives, and what it said when it does not. */
export const livesScript = (name: string, pid: number): string => `
if kill -0 ${pid} 2>/dev/null; then printf '\\n${mark}alive\\n'
else printf '\\n${mark}gone\\n'; tail -n ${logLines} ${home(name)}/log 2>/dev/null | sed 's/^/${mark}log /'
fi
`;

/** Prints each readable file of the pattern as one line, when its process lives and was started as what is wanted. */
export const filesOfLiving = (patterns: string, pidOf: string, isIt: string): string => `
for file in ${patterns}; do
  [ -r "$file" ] || continue
  pid=${pidOf}
  case $pid in ''|*[!0-9]*) continue ;; esac
  tr '\\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qi ${shellQuote(isIt)} || continue
  printf '\\n${mark}server '; tr -d '\\r\\n' <"$file" | cut -c 1-4000; echo
done
`;

export const pipInstallScript = (program: string): string => `${withPrograms}
# A rented machine's Python is nobody's but ours: what Debian keeps for itself there is no reason to refuse.
PIP_BREAK_SYSTEM_PACKAGES=1 python3 -m pip install --no-input --disable-pip-version-check --progress-bar off ${shellQuote(program)} 2>&1 || exit 1
`;

export type Started = { readonly is: 'missing' } | { readonly is: 'started'; readonly pid: number } | { readonly is: 'unknown' };

export function readStarted(printed: string): Started {
  const lines = markedLines(printed);
  if (lines.includes('missing')) return { is: 'missing' };
  const pid = lines.map((line) => /^started (\d{1,9})$/.exec(line)?.[1]).find((found) => found !== undefined);
  return pid === undefined ? { is: 'unknown' } : { is: 'started', pid: Number(pid) };
}

/** What a process that is gone said last; undefined while it lives. */
export function readGone(printed: string): string | undefined {
  const lines = markedLines(printed);
  if (!lines.includes('gone')) return undefined;
  return lines.filter((line) => line.startsWith('log ')).map((line) => line.slice('log '.length)).join('\n');
}

/** The files that `filesOfLiving` printed, those of them that are objects. */
export const readServers = (printed: string): Readonly<Record<string, unknown>>[] =>
  markedLines(printed).filter((line) => line.startsWith('server ')).slice(0, 50).flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line.slice('server '.length));
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? [value as Record<string, unknown>] : [];
    } catch {
      return [];
    }
  });

export const portIn = (value: unknown): number | undefined => (typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 65_536 ? value : undefined);
export const pidIn = (value: unknown): number | undefined => (typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined);
/** A path that may stand in a URL as it is. */
export const pathIn = (value: unknown): string => (typeof value === 'string' && /^\/[\w\-./~]{0,200}$/.test(value) ? value.replace(/\/+$/, '') : '');

const markedLines = (printed: string): string[] => printed.split('\n').filter((line) => line.startsWith(mark)).map((line) => line.slice(mark.length).trimEnd());
