/** Asks a machine for its runs and reads its answer, which is its owner's word and no more. */
import { afterwardsKinds, isRunId, longestAbout, type RunAbout, type RunSeen, type RunState } from '../domain/run.ts';
import { asking } from './runPlaces.ts';

const mark = 'gpu-rental-runs 1';
const mostRuns = 50;
const tailBytes = 4096;

/** The last lines are told of those that live, and of the few newest. */
export const listRuns = (): string => asking(`cd "$g/runs" || { echo "${mark} $(date +%s)"; exit; }
fact() {
  l=
  read -r l <"$1"
  printf '%s\\n' "\${l:--}"
}
echo "${mark} $(date +%s)"
set -- */
[ -d "$1" ] || exit
while [ $# -gt ${mostRuns} ]; do shift; done
for d; do
  d=\${d%/}
  live=dead
  ! is_live "$d" || live=live
  size=$(wc -c <"$d/log")
  echo "run $d $live $(fact "$d/started") $(fact "$d/ended") $(fact "$d/exit") $(fact "$d/then") $(fact "$d/stage") $(fact "$d/stopped") $((size + 0))"
  printf 'about %s\\n' "$(fact "$d/about")"
  [ $live = live ] || [ $# -le 3 ] || { shift; continue; }
  tail -c ${tailBytes} "$d/log" | tr '\\r' '\\n' | sed 's/^/| /'
  echo
  shift
done`);

/** Undefined where no answer of ours is found in it. Runs that cannot be read are left out. Oldest first. */
export function readRuns(printed: string): RunSeen[] | undefined {
  const lines = printed.split('\n');
  const at = lines.findIndex((line) => line.startsWith(`${mark} `));
  const now = whole(lines[at]?.slice(mark.length + 1));
  if (at < 0 || now === undefined) return undefined;
  const parts: string[][] = [];
  for (const line of lines.slice(at + 1)) {
    if (line.startsWith('run ')) parts.push([line]);
    else parts.at(-1)?.push(line);
  }
  return parts.flatMap((part) => readRun(part, now) ?? []);
}

function readRun([line = '', about = '', ...tail]: readonly string[], now: number): RunSeen | undefined {
  const [, id = '', live, started, ended, exit, then, stage, stopped, size] = line.split(' ');
  const startedAt = whole(started);
  const says = readAbout(about);
  if (!isRunId(id) || startedAt === undefined || says === undefined) return undefined;
  const exitCode = whole(exit);
  const until = whole(ended) ?? now;
  return {
    id,
    about: says,
    state: stateOf(live, stage, exitCode),
    afterwards: afterwardsKinds.find((each) => each === then) ?? 'keep',
    startedAt: startedAt * 1000,
    // Somebody may have set the machine's clock meanwhile.
    ranMs: Math.max(0, until - startedAt) * 1000,
    ...(exitCode === undefined || exitCode > 255 ? {} : { exitCode }),
    stopped: stopped === '1',
    unprepared: exitCode !== undefined && stage === 'environment',
    logBytes: whole(size) ?? 0,
    tail: tail.flatMap((one) => (one.startsWith('| ') ? [one.slice(2)] : [])).join('\n'),
  };
}

function stateOf(live: string | undefined, stage: string | undefined, exitCode: number | undefined): RunState {
  if (exitCode !== undefined) return 'ended';
  if (live !== 'live') return 'lost';
  return stage === 'environment' ? 'preparing' : 'running';
}

function readAbout(line: string): RunAbout | undefined {
  if (!line.startsWith('about ') || line.length > longestAbout) return undefined;
  try {
    const { words, folder } = JSON.parse(line.slice(6)) as Partial<Record<keyof RunAbout, unknown>>;
    if (!Array.isArray(words) || !words.every((word) => typeof word === 'string') || typeof folder !== 'string') return undefined;
    return { words, folder };
  } catch {
    return undefined;
  }
}

function whole(text: string | undefined): number | undefined {
  return /^\d{1,15}$/.test(text ?? '') ? Number(text) : undefined;
}
