/** Starts a run and leaves it to itself. */
import type { Afterwards, RunAbout, RunId } from '../domain/run.ts';
import { within } from './runPlaces.ts';
import { runProgram } from './runProgram.ts';
import { runWrapper } from './runWrapper.ts';
import { shellQuote } from './shellQuote.ts';

/**
 * May be sent twice: the folder is made once, and whoever finds it there waits for the same wrapper. Prints `started`,
 * or what went wrong.
 */
export function startRun(id: RunId, about: RunAbout, afterwards: Afterwards): string {
  return within(id, `mkdir -p "$g/runs" "$g/jobs"
if mkdir "$d"; then
  printf '%s\\n' ${shellQuote(JSON.stringify(about))} >"$d/about" &&
    printf %s ${shellQuote(runProgram(about))} >"$d/program" &&
    printf %s ${shellQuote(runWrapper)} >"$d/wrapper" &&
    echo ${afterwards} >"$d/then" && date +%s >"$d/started" || { rm -rf "$d"; echo "${startMark} diskFull"; exit; }
  $(command -v setsid) sh "$d/wrapper" "$d" </dev/null >/dev/null &
fi
[ -d "$d" ] || { echo "${startMark} noFolder"; exit; }
i=0
until [ -s "$d/pid" ] || [ $i -ge 50 ]; do
  i=$((i + 1))
  sleep 0.1 || sleep 1
done
[ -s "$d/pid" ] && echo "${startMark} started" || echo "${startMark} silent"`);
}

const startMark = 'gpu-rental-run';
export type Started = 'started' | 'diskFull' | 'noFolder' | 'silent' | 'unreadable';
const answers: readonly Started[] = ['started', 'diskFull', 'noFolder', 'silent'];

export function readStarted(printed: string): Started {
  const [, said] = new RegExp(`^${startMark} (\\w+)$`, 'm').exec(printed) ?? [];
  return answers.find((answer) => answer === said) ?? 'unreadable';
}
