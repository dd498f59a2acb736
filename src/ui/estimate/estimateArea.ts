/** Ties the estimator's interface together. Only this and the lens lie on the way of activation. */
import * as vscode from 'vscode';
import type { Offer } from '../../domain/offer.ts';
import type { Clock, Disposable, Log } from '../../domain/ports.ts';
import type { Market } from '../../services/market.ts';
import { systemClock } from '../../services/clock.ts';
import type { CommandHandlers } from '../commandIds.ts';
import type { Dialogs } from '../dialogs.ts';
import { all } from '../disposables.ts';
import type { Editor } from '../editor.ts';
import { narrows } from '../offers/filterWords.ts';
import { offerOfNode } from '../offers/offersModel.ts';
import type { OffersList } from '../offers/offersList.ts';
import type { OfferPreferences } from '../offers/preferences.ts';
import { untilRead } from '../offers/untilRead.ts';
import type { Wish } from '../rent/terms.ts';
import type { Settings } from '../settings.ts';
import type { Voice } from '../voice.ts';
import { onSettingsChange } from '../vscodeSettings.ts';
import type { EstimateDesk } from './estimateDesk.ts';
import { EstimateLens, lensSelector } from './estimateLens.ts';
import type { Estimator } from './estimator.ts';

export interface EstimateAreaDeps {
  readonly extension: vscode.Uri;
  readonly estimator: Estimator;
  readonly market: Pick<Market, 'view' | 'refresh' | 'onDidChange'>;
  readonly list: OffersList;
  readonly preferences: OfferPreferences;
  readonly settings: Settings;
  /** `script`: what it is rented for, where that lies on this computer. */
  readonly rent: (offer: Offer, limits: Wish | undefined, script: string | undefined) => Promise<void>;
  readonly dialogs: Dialogs;
  readonly editor: Editor;
  readonly voice: Voice;
  readonly log: Log;
  readonly report: (error: unknown) => void;
  readonly clock?: Clock;
}

const freshMs = 60_000;

export function registerEstimate(deps: EstimateAreaDeps) {
  const { estimator, market, list, preferences, settings, dialogs, editor, voice, log, report, clock = systemClock } = deps;
  let desk: EstimateDesk | undefined;
  let loading: Promise<EstimateDesk> | undefined;
  let disposed = false;
  const lens = new EstimateLens({ enabled: () => settings.estimateLens, session: (uri) => desk?.session(uri), t: voice.t });
  const subscriptions: Disposable[] = [
    lens,
    vscode.languages.registerCodeLensProvider(lensSelector, lens),
    onSettingsChange('gpuRental.estimate', () => lens.refresh()),
  ];

  /** Searches are rationed, and renting needs one: going from panel to panel must not use them up. */
  const refreshOld = (): void => {
    const { readAt, loading: reading } = market.view;
    if (reading || (readAt !== undefined && clock.now() - readAt < freshMs)) return;
    market.refresh(preferences.filter).catch(report);
  };

  const load = async (): Promise<EstimateDesk> => {
    const { EstimateDesk } = await import('./estimateDesk.ts');
    const made = new EstimateDesk({
      ...deps, estimator, clock, log,
      offers: () => list.model.offers,
      onOffersChange: (listener) => list.onDidChange(listener),
      copy: (text) => editor.copy(text),
      readOffers: () => market.refresh(preferences.filter),
      onVisible: refreshOld,
      offersReadAt: () => market.view.readAt,
      filtered: () => narrows(preferences.filter),
      offersLoading: () => market.view.loading,
    });
    if (disposed) made.dispose();
    subscriptions.push(made, made.onDidChange(() => lens.refresh()));
    desk = made;
    lens.refresh();
    return made;
  };
  const theDesk = (): Promise<EstimateDesk> => (loading ??= load());

  const scriptAskedFor = async (argument: unknown, made: EstimateDesk): Promise<vscode.Uri | undefined> => {
    const { scriptInFront, uriIn } = await import('./scripts.ts');
    const uri = uriIn(argument) ?? made.inFront ?? scriptInFront() ?? made.withPanel;
    if (uri === undefined) await dialogs.notify({ level: 'info', text: voice.t('Open the script to estimate first.'), buttons: [] });
    return uri;
  };

  const open = async (argument: unknown, offer?: Offer): Promise<void> => {
    const made = await theDesk();
    const uri = await scriptAskedFor(offer === undefined ? argument : undefined, made);
    if (uri !== undefined) made.open(uri, offer?.id);
  };

  const copy = (as: 'markdown' | 'csv') => async (argument?: unknown): Promise<void> => {
    const made = await theDesk();
    const uri = await scriptAskedFor(argument, made);
    if (uri === undefined) return;
    const session = made.session(uri);
    await dialogs.progress(voice.t('Estimating'), true, async (_, signal) => {
      if (list.model.offers.length === 0) await untilRead(market, preferences.filter, signal);
      await session.update('files');
      if (signal.aborted) return;
      const { estimateCsv, estimateMarkdown } = await import('./estimateText.ts');
      await editor.copy(as === 'csv' ? estimateCsv(session.state) : estimateMarkdown(session.script.name, session.state, voice));
    });
  };

  const handlers = {
    'gpuRental.estimate.open': (argument) => open(argument),
    'gpuRental.offer.estimate': async (argument) => {
      const offer = offerOfNode(list.model, argument);
      if (offer !== undefined) await open(undefined, offer);
    },
    'gpuRental.estimate.copyMarkdown': copy('markdown'),
    'gpuRental.estimate.copyCsv': copy('csv'),
  } satisfies CommandHandlers;

  return {
    handlers,
    shown: () => desk?.shown,
    dispose: () => {
      disposed = true;
      all(subscriptions).dispose();
    },
  };
}
