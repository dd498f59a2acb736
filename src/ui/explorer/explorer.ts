/** The explorer: one editor tab for every offer of every provider. */
import * as vscode from 'vscode';
import type { Clock, Disposable, Log } from '../../domain/ports.ts';
import type { ExplorerView } from '../../webview/explorer/messages.ts';
import { onAny } from '../disposables.ts';
import type { OffersList } from '../offers/offersList.ts';
import { ViewPanel } from '../panel/viewPanel.ts';
import { ExplorerTalk, type TalkDeps } from './explorerTalk.ts';
import { paced } from './paced.ts';

export interface ExplorerDeps extends TalkDeps {
  readonly extension: vscode.Uri;
  readonly list: OffersList;
  readonly clock: Clock;
  readonly log: Log;
  /** Offers are read only while somebody looks. */
  readonly onVisible: (visible: boolean) => void;
  /** More is known of offers that are the same as before. */
  readonly onDidLearn: (listener: () => void) => Disposable;
}

const drawnEveryMs = 250;

export function createExplorer(deps: ExplorerDeps): Disposable & { open(): void } {
  const { extension, list, voice, onVisible, onDidLearn } = deps;
  let panel: ViewPanel<ExplorerView> | undefined;
  const open = (): void => {
    if (panel !== undefined) return panel.reveal();
    const talk = new ExplorerTalk(deps);
    const onDidChange = onAny(
      (listener) => list.onDidChange(listener),
      (listener) => onDidLearn(() => {
        talk.learnAnew();
        listener();
      }),
    );
    panel = new ViewPanel<ExplorerView>({
      extension, onVisible,
      kind: 'explorer',
      title: voice.t('All offers'),
      column: vscode.ViewColumn.Active,
      view: () => talk.view,
      bulk: () => talk.table,
      hear: (message) => talk.handle(message),
      onDidChange: paced(onDidChange, drawnEveryMs, deps),
      onClosed: () => {
        panel = undefined;
        onVisible(false);
      },
    });
    onVisible(true);
  };
  return { open, dispose: () => panel?.dispose() };
}
