/** What can be done to a run that was started. */
import type { LimitAction } from '../domain/guard.ts';
import type { Afterwards, RunId } from '../domain/run.ts';
import { asking, within } from './runPlaces.ts';

/** Its wrapper ends it, mildly first: that goes on when the line is cut. Where the wrapper itself is gone, nothing is left to wait for. */
export const stopRun = (id: RunId, keep: boolean): string => within(id, `cd "$d" || exit
${keep ? 'put then keep' : ':'}
if lives pid; then kill -TERM "$p"
elif lives child; then put stopped 1; kill -TERM "-$p"; sleep 2; kill -KILL "-$p"
fi`);

/** After its end it is the guard that must hear it; another run that goes on would take that word away. */
export const setAfterwards = (id: RunId, afterwards: Afterwards): string => within(id, `cd "$d" || exit
put then ${afterwards}
[ -e exit ] || exit
${afterwards === 'keep' ? 'rm -f "$g/then"' : `for o in ../*/; do ! is_live "$o" || exit; done
cd "$g" && put then ${afterwards}`}`);

/** Takes back what runs that have ended left for the guard, for a while, and says what that was. */
export const spareMachine = (): string => asking('read -r l <"$g/then" && rm -f "$g/then" && echo "gpu-rental-spared $l"');

export const readSpared = (printed: string): LimitAction | undefined => /^gpu-rental-spared (stop|destroy)$/m.exec(printed)?.[1] as LimitAction | undefined;

/** Puts it again, unless another run goes on by now. */
export const endMachine = (action: LimitAction): string => asking(`cd "$g" || exit
for o in runs/*/; do ! is_live "$o" || exit; done
put then ${action}`);

/** Takes it back for good: somebody wants to keep the machine, so no run that has ended asks for its end any more. */
export const keepMachine = (): string => asking(`for d in "$g"/runs/*/; do
  [ ! -e "$d/exit" ] || (cd "$d" && put then keep)
done
rm -f "$g/then" && [ ! -e "$g/then" ] && echo gpu-rental-kept`);

/** Whether the guard will find nothing. */
export const readKeptMachine = (printed: string): boolean => /^gpu-rental-kept$/m.test(printed);
