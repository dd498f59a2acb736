/**
 * Days on a machine, played by the real guard.sh and by its model. The senses of the script (clock, lease,
 * GPU, terminals, traffic, jobs, hook) are replaced by lines on its input; everything it decides is its own.
 */
import { born, fresh, guardConfig, spentBy, step, type GuardConfig, type GuardInputs, type GuardState } from '../../../src/guard/model.ts';
import type { GuardTerms } from '../../../src/domain/guard.ts';
import { linesFor } from '../../../src/guard/minify.ts';
import { guardScript } from '../../../src/guard/pack.ts';
import { runShell, type Shell } from './shells.ts';

export type DayEvent =
  | ({ readonly kind: 'tick' } & GuardInputs)
  /** The container starts anew; or only the guard does, in the same container. */
  | { readonly kind: 'boot' | 'again'; readonly mono: number; readonly wall: number; readonly typed: string; readonly lease: string };

export interface Day {
  readonly terms: GuardTerms;
  readonly mono: number;
  readonly wall: number;
  readonly events: readonly DayEvent[];
}

const driver = `
tell_log() { return 0; }
tell_ttys() { return 0; }
put_line() { [ $1 = status ] || in_kept=$2 in_then_s=$wall_s; }
stat() { [ -e kept ] && echo $in_then_s; }
from_env() { echo key; }
timeout() { return 1; }
start_hook() { return 0; }
read_clock() { now_s=$in_mono wall_s=$in_wall; }
read_line() { case $1 in lease) l=$in_lease ;; then) l=$in_then ;; *) l=; read -r l <$1 ;; esac; }
see_gpu() { gpu_pct=$in_gpu; }
see_ttys() { typed_at=$in_typed ssh_n=0; }
see_traffic() { is_moving=$in_moved; }
see_jobs() { is_working=$in_job; }
is_hooked() { [ "$in_hooked" ]; }
none() { for in_x in gpu typed moved job hooked then; do eval "[ \\"\\$in_$in_x\\" != - ] || in_$in_x="; done; }
while read -r in_kind in_mono in_wall in_gpu in_typed in_moved in_job in_hooked in_then in_lease; do
  case $in_kind in
  terms) in_terms="label $in_mono $in_wall $in_gpu $in_typed $in_moved $in_job $in_hooked host"; continue ;;
  day) in_kept=''; rm -f kept same ;;
  boot) echo "$in_kept" >kept; rm -f same ;;
  again) echo "$in_kept" >kept ;;
  esac
  none
  case $in_kind in
  tick)
    see_tick
    keep_all
    echo "$its_phase \${why_now:--} \${do_it:--} used=$used_s spent=$spent_usd idle=$idle_s blind=$blind_s grace=$grace_s leased=$is_leased left=$lease_s hold=$hold_s alone=$alone_s claimed=$was_claimed caps=$cap_s,$cap_usd,$cap_at tries=$try_n hook=$hook_s due=$due_s" ;;
  *) be_born $in_terms ;;
  esac
done
`;

/** Everything before the last section: its functions, and nothing started. */
const functions = (): string => linesFor(guardScript().split('# At every start of the container')[0] ?? '', ['vast', 'https']);

/** One line for every tick of every day. */
export function playShell(shell: Shell, days: readonly Day[]): string[] {
  const output = runShell(shell, `${functions()}\n${driver}`, `${days.flatMap(linesOf).join('\n')}\n`);
  return output.split('\n').slice(0, -1);
}

function linesOf({ terms, mono, wall, events }: Day): string[] {
  const { rate, off, budget, use, deadline, idle, action } = guardConfig(terms);
  const first = [`terms ${rate} ${off} ${budget} ${use} ${deadline} ${idle} ${action}`, `day ${mono} ${wall} - - - - - - `];
  return [...first, ...events.map((event) => {
    if (event.kind !== 'tick') return `${event.kind} ${event.mono} ${event.wall} - ${event.typed || '-'} - - - - ${event.lease}`;
    const { gpu, typed, moved, job, hooked, afterwards, lease } = event;
    return `tick ${event.mono} ${event.wall} ${gpu ?? '-'} ${typed || '-'} ${moved ? 1 : '-'} ${job ? 1 : '-'} ${hooked ? 1 : '-'} ${afterwards || '-'} ${lease}`;
  })];
}

export function playModel(days: readonly Day[]): string[] {
  return days.flatMap(({ terms, mono, wall, events }) => {
    const config = guardConfig(terms);
    let state = born(config, fresh(config), { mono, wall });
    return events.flatMap((event) => {
      if (event.kind === 'boot') state = born(config, state.kept, event, event.typed);
      if (event.kind === 'again') state = again(config, state, event);
      if (event.kind !== 'tick') return [];
      const done = step(config, state, event);
      state = done.state;
      return [lineOf(config, state, done.act)];
    });
  });
}

/** The guard begins to watch again and knows what it kept; a clock that ran back means that nothing is as it was. */
const again = (config: GuardConfig, state: GuardState, { mono, wall, typed }: DayEvent): GuardState =>
  mono < state.last ? born(config, state.kept, { mono, wall }, typed) : { ...state, typed, phase: 'watching', tries: 0, hook: 0, due: 0 };

function lineOf(config: GuardConfig, { kept, phase, reason, ...state }: GuardState, act: string | undefined): string {
  const caps = [kept.use, kept.budget, kept.deadline].join(',');
  return `${phase} ${reason ?? '-'} ${act ?? '-'} used=${kept.used} spent=${spentBy(config, kept)} idle=${state.idle} blind=${state.unknown} grace=${kept.grace} leased=${state.leased ? 1 : 0} left=${state.left} hold=${state.hold} alone=${kept.unclaimed} claimed=${kept.claimed ? 1 : 0} caps=${caps} tries=${state.tries} hook=${state.hook} due=${state.due}`;
}
