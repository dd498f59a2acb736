/** How runs are written. */
import { formatRate, formatUsd } from '../../domain/money.ts';
import { isLive, type Afterwards, type RunAbout, type RunProgress, type RunRecord, type RunSeen } from '../../domain/run.ts';
import type { NoEnd } from '../../services/runs.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import { plain } from '../escape.ts';
import type { Icon, Row } from '../row.ts';
import type { Voice } from '../voice.ts';
import { duration, grouped, line, rateAndMonth, roughly } from '../words.ts';

/** As a person would have typed it; what a shell is to read stands for itself. */
export function commandText({ words }: Pick<RunAbout, 'words'>, longest = 60): string {
  const [first, flag, text] = words;
  const typed = first === 'sh' && flag === '-c' && words.length === 3 ? (text ?? '') : words.map(word).join(' ');
  return plain(typed, longest);
}

const word = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

/** Between two looks a clock is enough; after a long silence nobody knows. */
const longestGuessMs = 2 * 60_000;

/** A command can be long, and how far it is stands behind it. */
const longestLabel = 28;

/** `train.py` and `running 12 m · step 300/1000 · loss 0.41 · then stopped`: a narrow line shows its beginning alone. */
export function runRow(record: RunRecord, instance: Pick<FleetInstance, 'state'> | undefined, now: number, voice: Voice): Row {
  const { run } = record;
  const command = commandText(run.about);
  const label = plain(command.replace(/^python3 (?=\S+\.py\b)/, ''), longestLabel);
  const description = stateText(record, instance, now, voice);
  return { label, description, icon: iconOf(run, instance), spoken: voice.t('run {0}, {1}', command, description) };
}

export function stateText({ run, progress, at }: RunRecord, instance: Pick<FleetInstance, 'state'> | undefined, now: number, { t }: Voice): string {
  const since = now - at;
  const ran = roughly(run.ranMs + (isLive(run) && since > 0 && since < longestGuessMs ? since : 0), t);
  if (isLive(run) && instance?.state !== 'ready') return line(t('went on when its machine was last asked'), ...progressParts(progress, t));
  switch (run.state) {
    case 'preparing':
      return line(t('making its environment'), ran, thenText(run.afterwards, t));
    case 'running':
      return line(t('running {0}', ran), ...progressParts(progress, t), thenText(run.afterwards, t));
    case 'ended':
      return line(endText(run, t), ran, ...progressParts({ ...progress, leftMs: undefined }, t));
    case 'lost':
      return t('over, and nobody knows how it ended');
  }
}

function endText(run: RunSeen, t: Voice['t']): string {
  if (run.unprepared) return t('its environment could not be made');
  if (run.stopped) return t('stopped by hand');
  return run.exitCode === 0 ? t('ended, exit code 0') : t('failed, exit code {0}', run.exitCode ?? '?');
}

const thenText = (afterwards: Afterwards, t: Voice['t']): string | undefined =>
  afterwards === 'keep' ? undefined : afterwards === 'stop' ? t('then the machine is stopped') : t('then the machine is destroyed');

type Shown = { readonly [K in keyof RunProgress]?: RunProgress[K] | undefined };

export function progressParts({ step, steps, epoch, epochs, loss, leftMs }: Shown, t: Voice['t']): (string | undefined)[] {
  const of = (value: number, all: number | undefined): string => (all === undefined ? grouped(value) : `${grouped(value)}/${grouped(all)}`);
  return [
    step === undefined ? undefined : t('step {0}', of(step, steps)),
    epoch === undefined ? undefined : t('epoch {0}', epochs === undefined ? String(epoch) : `${epoch}/${epochs}`),
    loss === undefined ? undefined : t('loss {0}', figures(loss)),
    leftMs === undefined ? undefined : t('{0} left', roughly(leftMs, t)),
  ];
}

const figures = (value: number): string => String(Number(value.toPrecision(3)));

function iconOf(run: RunSeen, instance: Pick<FleetInstance, 'state'> | undefined): Icon {
  if (isLive(run)) return instance?.state === 'ready' ? { codicon: 'play-circle', color: 'testing.iconPassed' } : { codicon: 'question' };
  if (run.state === 'lost') return { codicon: 'question', color: 'list.warningForeground' };
  if (run.stopped) return { codicon: 'circle-slash' };
  return run.exitCode === 0 ? { codicon: 'pass', color: 'testing.iconPassed' } : { codicon: 'error', color: 'list.errorForeground' };
}

/** What each end of a run means for the bill, before it is chosen. */
export function afterwardsChoice(afterwards: Afterwards, { rates }: Pick<FleetInstance, 'rates'>, { t }: Voice): { label: string; detail: string } {
  switch (afterwards) {
    case 'keep':
      return { label: t('Keep the machine'), detail: t('It goes on costing {0} until you or one of its limits ends it.', formatRate(rates.running)) };
    case 'stop':
      return {
        label: t('Stop the machine'),
        detail: rates.stopped === 0
          ? t('Its guard does it three minutes after the run ends, also when the run fails. Stopped, it costs nothing.')
          : t('Its guard does it three minutes after the run ends, also when the run fails. Its disk goes on costing {0}.', rateAndMonth(rates.stopped, t)),
      };
    case 'destroy':
      return { label: t('Destroy the machine'), detail: t('Its guard does it three minutes after the run ends, also when the run fails. Nothing costs any more, and whatever was not downloaded is lost for ever.') };
  }
}

export const noEndText = (why: NoEnd, { t }: Voice): string =>
  why === 'noGuard'
    ? t('A machine of this image cannot end itself, so a run cannot stop or destroy it.')
    : t('The guard of this machine does not work now, so a run cannot stop or destroy it.');

/** What is told when a run has ended. */
export function endedText(name: string, run: RunSeen, cost: Parameters<typeof formatUsd>[0], { t }: Voice): string {
  const [what, long, paid] = [commandText(run.about, 40), duration(run.ranMs, t), formatUsd(cost)];
  const first = run.unprepared
    ? t('{0} on {1} was not started: its environment could not be made ({2}, {3}).', what, name, long, paid)
    : run.stopped
      ? t('{0} on {1} was stopped after {2} ({3}).', what, name, long, paid)
      : run.state === 'lost'
        ? t('{0} on {1} is over, and nobody knows how it ended ({2}, {3}).', what, name, long, paid)
        : t('{0} on {1} ended with exit code {2} after {3} ({4}).', what, name, run.exitCode ?? '?', long, paid);
  if (run.state === 'lost' || run.afterwards === 'keep') return `${first} ${t('The machine goes on.')}`;
  return `${first} ${run.afterwards === 'stop' ? t('Its guard stops the machine in three minutes.') : t('Its guard destroys the machine in three minutes.')}`;
}
