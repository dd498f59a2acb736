import * as vscode from 'vscode';
import type { Disposable } from '../../domain/ports.ts';
import type { SetContext } from '../contextKeys.ts';
import type { Knowing } from '../market/knowing.ts';
import { RowTree } from '../tree.ts';
import type { Voice } from '../voice.ts';
import { viewProgress } from '../viewProgress.ts';
import { narrows } from './filterWords.ts';
import type { NamedJob } from './namedJob.ts';
import type { OffersList } from './offersList.ts';
import type { OffersModel } from './offersModel.ts';
import { offersSource } from './offersSource.ts';
import { offersDescription, offersState } from './offersState.ts';
import type { OfferPreferences } from './preferences.ts';

export interface OffersViewDeps {
  readonly list: OffersList;
  readonly namedJob: Pick<NamedJob, 'figures'>;
  readonly preferences: OfferPreferences;
  readonly practice: boolean;
  readonly now: () => number;
  readonly setContext: SetContext;
  readonly voice: Voice;
  readonly knowing: Pick<Knowing, 'made'>;
  /** Offers are read only while somebody looks. */
  readonly onVisible: (visible: boolean) => void;
}

export function registerOffersView({ list, namedJob, preferences, knowing, practice, now, setContext, voice, onVisible }: OffersViewDeps): Disposable {
  const tree = new RowTree(offersSource(() => list.model, now, voice, { knowing, finish: () => namedJob.figures?.words }));
  const view = vscode.window.createTreeView('gpuRental.offers', { treeDataProvider: tree, showCollapseAll: true });
  const progress = viewProgress('gpuRental.offers');
  let drawn: OffersModel | undefined;

  const show = (): void => {
    setContext('gpuRental.filtered', narrows(preferences.filter));
    setContext('gpuRental.hiddenHosts', preferences.hidden.size > 0);
    if (!view.visible) return;
    const changed = drawn && list.changedSince(drawn);
    drawn = list.model;
    const state = offersState(drawn);
    setContext('gpuRental.offers', state);
    view.description = offersDescription(drawn, practice, voice);
    progress.set(state === 'loading');
    tree.redraw(changed);
  };

  const subscriptions = [
    list.onDidChange(show),
    view.onDidChangeVisibility(({ visible }) => {
      onVisible(visible);
      show();
    }),
    view,
    tree,
    progress,
  ];
  onVisible(view.visible);
  show();
  return { dispose: () => subscriptions.forEach((subscription) => subscription.dispose()) };
}
