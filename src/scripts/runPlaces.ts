/**
 * Where runs live on a machine, beside its guard: `~/.gpu-rental/runs/ID`, one small file for each fact.
 *
 *   about    one line of JSON that we wrote: the words, the folder
 *   program  what is run: the folder, the environment, the command
 *   pid      the wrapper's process and its birth, so that a later process with that number is never taken for it
 *   child    the same of the program, whose process group is the run
 *   stage    `environment` or `command`
 *   log      all it said
 *   then     `keep`, `stop` or `destroy`: may be changed while it runs
 *   stopped  somebody asked for its end
 *   started, ended, exit   seconds and the code; `exit` comes last
 */
import { RentError } from '../domain/errors.ts';
import { isRunId, type RunId } from '../domain/run.ts';

/** Shell functions and `$g`. The home of a login and that of the container's first process can differ: the guard is in one of them. */
export const here = `umask 077
g=$HOME/.gpu-rental
[ -r "$g/status" ] || [ ! -r /root/.gpu-rental/status ] || g=/root/.gpu-rental`;

/** Field 22 of a process' state; its name before that may hold blanks. */
export const lifeFunctions = `put() { echo "$2" >".$1.$$" && mv -f ".$1.$$" "$1"; }
birth() {
  read -r l <"/proc/$1/stat" || return
  l=\${l##*) }
  set -- $l
  echo "\${20}"
}
lives() {
  p='' b=''
  read -r p b <"$1" || return
  [ "$b" ] && [ "$(birth "$p")" = "$b" ]
}
is_live() { [ ! -e "$1/exit" ] && lives "$1/pid"; }`;

/** A script of ours, quiet and with its functions. */
export const asking = (lines: string): string => `${here}
exec 2>/dev/null
${lifeFunctions}
${lines}
`;

/** The same about one run, whose folder is `$d`. */
export function within(run: RunId, lines: string): string {
  if (!isRunId(run)) throw new RentError('badRequest', { detail: 'not the name of a run' });
  return asking(`d=$g/runs/${run}\n${lines}`);
}
