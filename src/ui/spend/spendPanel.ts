import * as vscode from 'vscode';
import type { SpendPage } from '../../webview/spend/messages.ts';
import type { CommandId } from '../commandIds.ts';
import { ViewPanel, type ViewPanelDeps } from '../panel/viewPanel.ts';
import { fromSpend } from './fromSpend.ts';

export interface SpendPanelDeps extends Pick<ViewPanelDeps<SpendPage>, 'extension' | 'title' | 'onDidChange' | 'onClosed' | 'view'> {
  readonly run: (command: CommandId) => Promise<void>;
  readonly report: (error: unknown) => void;
}

/** The spend view in an editor tab. */
export function openSpendPanel({ run, report, ...deps }: SpendPanelDeps): ViewPanel<SpendPage> {
  const hear = (message: unknown): void => {
    const command = commandFor(message);
    if (command !== undefined) run(command).catch(report);
  };
  return new ViewPanel({ ...deps, kind: 'spend', column: vscode.ViewColumn.Active, hear });
}

function commandFor(message: unknown): CommandId | undefined {
  switch (fromSpend(message)?.type) {
    case 'csv':
      return 'gpuRental.spend.exportCsv';
    case 'text':
      return 'gpuRental.spend.showText';
    case 'limits':
      return 'gpuRental.limits.edit';
    case 'ready':
    case undefined:
      return undefined;
  }
}
