import type * as vscode from 'vscode';
import { capUses, type Caps } from '../../domain/caps.ts';
import type { InstanceId } from '../../domain/instance.ts';
import type { Disposable } from '../../domain/ports.ts';
import type { Spend } from '../../domain/spend.ts';
import { isoDay, spendCsv } from '../../domain/spendCsv.ts';
import { spendByDay } from '../../domain/spendDays.ts';
import type { Volume } from '../../domain/volume.ts';
import type { Fleet } from '../../services/fleet.ts';
import type { ShownSession } from '../../services/shownSession.ts';
import type { SpendPage } from '../../webview/spend/messages.ts';
import type { CommandHandlers } from '../commandIds.ts';
import type { Dialogs } from '../dialogs.ts';
import type { Documents } from '../documents.ts';
import type { Editor } from '../editor.ts';
import type { ViewPanel } from '../panel/viewPanel.ts';
import { volumeCosts } from '../rent/volumeWords.ts';
import type { Voice } from '../voice.ts';
import { alarmOf } from './alarm.ts';
import { closingWords, diskWords, type EndsItself } from './closing.ts';
import { spendReport } from './spendReport.ts';
import { registerStatusBar } from './statusBar.ts';
import type { PageInput } from './spendPage.ts';
import type { SpendInput } from './totalRows.ts';

export interface SpendAreaDeps {
  readonly extension: vscode.Uri;
  readonly spend: () => Spend;
  readonly shown: ShownSession;
  readonly caps: () => Caps;
  readonly volumes: () => readonly Volume[];
  readonly fleet: Pick<Fleet, 'instances' | 'nameOf' | 'launchOf'>;
  readonly endsItself: EndsItself;
  readonly documents: Documents;
  readonly dialogs: Dialogs;
  readonly editor: Editor;
  readonly now: () => number;
  readonly practice: boolean;
  readonly voice: Voice;
  readonly report: (error: unknown) => void;
  readonly onDidChange: (listener: () => void) => Disposable;
}

/** The status bar, and the spend view as a page, as text and as a table for other programs; all are live while they are open. */
export function registerSpend(deps: SpendAreaDeps) {
  const { documents, dialogs, editor, fleet, voice, onDidChange, report } = deps;
  const read = (): SpendInput => readSpend(deps);
  const spender: PageInput['spender'] = (id) => spenderOf(fleet, id);
  const name = `${voice.t('GPU spend')}.txt`;
  let panel: ViewPanel<SpendPage> | undefined;

  const show = async (): Promise<void> => {
    if (panel !== undefined) return panel.reveal();
    const [{ openSpendPanel }, { spendPage }] = await Promise.all([import('./spendPanel.ts'), import('./spendPage.ts')]);
    panel ??= openSpendPanel({
      extension: deps.extension, title: voice.t('GPU spend'), onDidChange, report,
      view: () => spendPage({ ...read(), spender }, voice),
      run: (command) => editor.run(command),
      onClosed: () => {
        panel = undefined;
      },
    });
  };

  const subscriptions = [registerStatusBar(read, onDidChange, voice), onDidChange(() => documents.refresh(name))];
  const handlers = {
    'gpuRental.spend.show': show,
    'gpuRental.spend.showText': () => documents.show(name, () => spendReport(read(), voice)),
    'gpuRental.spend.exportCsv': async () => {
      const { books } = deps.spend();
      await dialogs.save({ title: voice.t('Export spend'), name: `gpu-spend-${isoDay(deps.now())}.csv`, kind: 'csv', text: spendCsv(spendByDay(books.intervals, books.settled), spender) });
    },
  } satisfies CommandHandlers;
  return {
    handlers,
    dispose: () => {
      panel?.dispose();
      subscriptions.forEach((subscription) => subscription.dispose());
    },
  };
}

function readSpend({ spend, shown, caps, volumes, fleet, endsItself, now, practice, voice }: SpendAreaDeps): SpendInput {
  const [told, { instances }, at] = [spend(), fleet, now()];
  const { shown: session, correction } = shown.show(told.books.sessionFrom, told.session, at);
  const uses = capUses(told.books, caps());
  return {
    spend: { ...told, session }, instances, now: at, practice, caps: uses,
    alarm: alarmOf({ instances, balances: told.balances, caps: uses, now: at }, voice),
    closing: [...closingWords(instances, at, endsItself, voice), ...diskWords(instances, voice), ...volumeCosts(volumes(), voice)],
    ...(correction === undefined ? {} : { correction }),
  };
}

function spenderOf(fleet: Pick<Fleet, 'nameOf' | 'launchOf'>, id: InstanceId): ReturnType<PageInput['spender']> {
  const launch = fleet.launchOf(id);
  return { name: fleet.nameOf(id), project: launch?.quote.project ?? '', ours: launch !== undefined };
}
