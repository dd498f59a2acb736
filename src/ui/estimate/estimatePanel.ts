import * as vscode from 'vscode';
import type { PanelView } from '../../webview/estimate/messages.ts';
import { onAny } from '../disposables.ts';
import { ViewPanel, type ViewPanelDeps } from '../panel/viewPanel.ts';
import type { PanelTalk } from './panelTalk.ts';
import type { EstimateSession } from './session.ts';

export interface EstimatePanelDeps extends Pick<ViewPanelDeps<PanelView>, 'extension' | 'title' | 'onClosed'> {
  readonly session: EstimateSession;
  readonly talk: PanelTalk;
  /** While offers are being read or their filter changes, the view changes without the session. */
  readonly onDidChange: (listener: () => void) => { dispose(): void };
  /** Where other panels are; without one it opens beside the script. */
  readonly column: vscode.ViewColumn | undefined;
  readonly onVisible: () => void;
}

/** The estimate of one script, beside it. */
export const openEstimatePanel = ({ session, talk, column, onDidChange, onVisible, ...deps }: EstimatePanelDeps): ViewPanel<PanelView> =>
  new ViewPanel({
    ...deps,
    kind: 'estimate',
    column: { viewColumn: columnFor(column), preserveFocus: true },
    view: () => talk.view,
    hear: (message) => talk.handle(message),
    onDidChange: onAny((listener) => session.onDidChange(listener), onDidChange),
    onVisible: (visible) => {
      if (visible) onVisible();
    },
  });

/** Not over the script itself: somebody may have opened it where a panel is. */
const columnFor = (shared: vscode.ViewColumn | undefined): vscode.ViewColumn =>
  shared === undefined || shared === vscode.window.activeTextEditor?.viewColumn ? vscode.ViewColumn.Beside : shared;
