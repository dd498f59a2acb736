import type { Disposable } from '../../domain/ports.ts';
import type { Spend } from '../../domain/spend.ts';
import type { Fleet } from '../../services/fleet.ts';
import type { CommandHandlers } from '../commandIds.ts';
import type { Documents } from '../documents.ts';
import type { Voice } from '../voice.ts';
import { alarmOf } from './alarm.ts';
import { spendReport } from './spendReport.ts';
import { registerStatusBar } from './statusBar.ts';
import type { SpendInput } from './totalRows.ts';

export interface SpendAreaDeps {
  readonly spend: () => Spend;
  readonly fleet: Pick<Fleet, 'instances'>;
  readonly documents: Documents;
  readonly now: () => number;
  readonly practice: boolean;
  readonly voice: Voice;
  readonly onDidChange: (listener: () => void) => Disposable;
}

/** The status bar and the spend view, which is live while it is open. */
export function registerSpend(deps: SpendAreaDeps) {
  const { documents, fleet, voice, onDidChange, practice } = deps;
  const read = (): SpendInput => {
    const [spend, { instances }, now] = [deps.spend(), fleet, deps.now()];
    return { spend, instances, now, practice, alarm: alarmOf({ instances, balances: spend.balances, now }, voice) };
  };
  const name = `${voice.t('GPU spend')}.txt`;
  const subscriptions = [registerStatusBar(read, onDidChange, voice), onDidChange(() => documents.refresh(name))];
  const handlers = { 'gpuRental.spend.show': () => documents.show(name, () => spendReport(read(), voice)) } satisfies CommandHandlers;
  return {
    handlers,
    dispose: () => subscriptions.forEach((subscription) => subscription.dispose()),
  };
}
