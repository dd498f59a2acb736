import { isOtherGpu } from '../domain/hostMemory.ts';
import { formatRate, formatUsd } from '../domain/money.ts';
import type { Ready } from '../services/readiness.ts';
import type { Dialogs, Note } from './dialogs.ts';
import type { Editor } from './editor.ts';
import { plain } from './escape.ts';
import type { Voice } from './voice.ts';
import { gpus, moment } from './words.ts';

export function readyNote({ launch, report }: Ready, now: number, { t }: Voice): Note<'workspace' | 'terminal' | 'destroy'> {
  const { name, gpu, gpuCount, rates, limits } = launch.quote;
  const text = t(
    '{0} is ready for {1}; it is stopped at {2} or at {3}.',
    plain(name, 40) || gpus(gpuCount, plain(gpu)),
    formatRate(rates.running),
    moment(limits.leaseEndsAt, now, t),
    formatUsd(limits.budget),
  );
  const buttons = [{ id: 'workspace', label: t('Open workspace') }, { id: 'terminal', label: t('Terminal') }] as const;
  if (!isOtherGpu(report.gpus, gpu)) return { level: 'info', text, buttons };
  const other = t('Its driver names {0}, and {1} was advertised.', plain(report.gpus[0] ?? '', 60), plain(gpu, 60));
  return { level: 'warning', text: `${text} ${other}`, buttons: [...buttons, { id: 'destroy', label: t('Destroy') }] };
}

interface AnnounceDeps {
  readonly dialogs: Dialogs;
  readonly editor: Editor;
  readonly now: () => number;
  readonly voice: Voice;
}

/** Says that a machine can be used, and opens it as the person likes. */
export async function announceReady({ dialogs, editor, now, voice }: AnnounceDeps, ready: Ready): Promise<void> {
  const answer = await dialogs.notify(readyNote(ready, now(), voice));
  if (answer === 'workspace') await editor.run('gpuRental.instance.openWorkspace', ready.instanceId);
  if (answer === 'destroy') await editor.run('gpuRental.instance.destroy', ready.instanceId);
  if (answer === 'terminal') await editor.run('gpuRental.instance.openTerminal', ready.instanceId);
}
