/** What a run's wrapper starts: the folder, the environment, then the command itself in the same process. */
import { RentError } from '../domain/errors.ts';
import { longestAbout, type RunAbout } from '../domain/run.ts';
import { environment } from './runEnvironment.ts';
import { lifeFunctions } from './runPlaces.ts';
import { shellQuote } from './shellQuote.ts';

/**
 * Called with the run's folder. What an image sets for its first process does not reach a login over SSH, and Vast's
 * images keep their Python in a place that only an interactive shell looks at.
 */
export function runProgram({ words, folder }: RunAbout): string {
  if (words.length === 0 || words[0] === '') throw new RentError('badRequest', { detail: 'a run without a command' });
  if (JSON.stringify({ words, folder }).length > longestAbout - 100) throw new RentError('badRequest', { detail: 'a run with too long a command: put it into a file' });
  if ([folder, ...words].some((word) => word.includes('\0'))) throw new RentError('badRequest', { detail: 'no command line can carry a NUL' });
  return `run=$1
g=\${run%/runs/*}
umask 022
${lifeFunctions}
ofFirst() { { tr '\\0' '\\n' </proc/1/environ | sed -n "s/^$1=//p"; } 2>/dev/null; }
first=$(ofFirst PATH)
PATH=\${first:+$first:}$PATH
[ ! -x /venv/main/bin/python ] || PATH=/venv/main/bin:$PATH
first=$(ofFirst LD_LIBRARY_PATH)
[ -z "$first" ] || export LD_LIBRARY_PATH="$first"
export PATH PYTHONUNBUFFERED=1
cd -- ${shellQuote(folder)} || { echo "gpu-rental: the folder of this run is not there"; exit 1; }
stage() { (cd "$run" && put stage "$1"); }
${environment}stage command
exec ${words.map(shellQuote).join(' ')}
`;
}
