/** What a person hears on coming back: what went on while no window was open, and what it cost. */
import { formatUsd, sumUsd } from '../../domain/money.ts';
import type { Disposable } from '../../domain/ports.ts';
import type { AwaySpend } from '../../services/away.ts';
import type { Fleet } from '../../services/fleet.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import type { Once } from '../../services/once.ts';
import type { Dialogs, Note } from '../dialogs.ts';
import type { Editor } from '../editor.ts';
import { plain } from '../escape.ts';
import { endOf } from '../instances/endOf.ts';
import { canDo } from '../instances/instanceContext.ts';
import { nameOf } from '../instances/instanceRow.ts';
import type { Voice } from '../voice.ts';
import { duration, moment, rateAndMonth } from '../words.ts';

export type AwayAnswer = 'spend' | 'stop';

export interface AwayInput {
  readonly spent: readonly AwaySpend[];
  readonly instances: readonly FleetInstance[];
  readonly nameOf: (id: AwaySpend['instanceId']) => string;
  readonly now: number;
}

const mostNamed = 3;

export function awayNote({ spent, instances, nameOf: nameById, now }: AwayInput, voice: Voice): Note<AwayAnswer> | undefined {
  if (spent.length === 0) return undefined;
  const { t } = voice;
  const dearest = spent.toSorted((a, b) => b.spent - a.spent);
  const words = dearest.slice(0, mostNamed).map((one) => machineWords(one, instances.find(({ id }) => id === one.instanceId), plain(nameById(one.instanceId), 40), now, voice));
  const others = dearest.slice(mostNamed);
  const rest = others.length === 0 ? [] : [t('{0} more: {1}', others.length, formatUsd(sumUsd(others.map((one) => one.spent))))];
  const running = instances.filter((instance) => instance.ours && spent.some(({ instanceId }) => instanceId === instance.id) && instance.state === 'ready');
  return {
    level: running.length > 0 ? 'warning' : 'info',
    text: t('While no window was open: {0}.', [...words, ...rest].join(' · ')),
    buttons: [{ id: 'spend', label: t('Show spend') }, ...(running.some((instance) => canDo(instance, 'stop')) ? [{ id: 'stop' as const, label: t('Stop') }] : [])],
  };
}

function machineWords({ spent, ms }: AwaySpend, instance: FleetInstance | undefined, name: string, now: number, { t }: Voice): string {
  if (instance === undefined) return t('{0} ran {1} for {2} and is gone', name, duration(ms, t), formatUsd(spent));
  if (instance.state === 'stopped') return t('{0} cost {1} and is stopped, its disk at {2}', nameOf(instance), formatUsd(spent), rateAndMonth(instance.burn, t));
  const end = endOf(instance, now);
  return end === undefined
    ? t('{0} ran {1} for {2} and goes on', nameOf(instance), duration(ms, t), formatUsd(spent))
    : t('{0} ran {1} for {2}; it ends at {3}', nameOf(instance), duration(ms, t), formatUsd(spent), moment(end.at, now, t));
}

export interface AwayDeps {
  /** When a window was last open before this one; undefined if never. */
  readonly from: number | undefined;
  readonly spent: (from: number, to: number) => readonly AwaySpend[];
  readonly fleet: Pick<Fleet, 'instances' | 'nameOf' | 'loaded' | 'onDidChange'>;
  /** Nothing is loaded while nobody is signed in. */
  readonly signedIn: () => boolean;
  readonly once: Once;
  readonly dialogs: Dialogs;
  readonly editor: Editor;
  readonly now: () => number;
  readonly voice: Voice;
  readonly report: (error: unknown) => void;
}

/** Tells it once, in one window, as soon as the providers have said how things are. */
export function tellWhatWentOn({ from, spent, fleet, signedIn, once, dialogs, editor, now, voice, report }: AwayDeps): Disposable {
  if (from === undefined) return { dispose: () => undefined };
  const until = now();
  const tell = async (): Promise<void> => {
    const note = awayNote({ spent: spent(from, until), instances: fleet.instances, nameOf: (id) => fleet.nameOf(id), now: until }, voice);
    if (note === undefined || !once.first(`away/${from}`)) return;
    const answer = await dialogs.notify(note);
    if (answer === 'spend') await editor.run('gpuRental.spend.show');
    if (answer === 'stop') await editor.run('gpuRental.instance.stop');
  };
  const subscription = fleet.onDidChange(() => {
    if (!signedIn() || !fleet.loaded) return;
    subscription.dispose();
    tell().catch(report);
  });
  return subscription;
}
