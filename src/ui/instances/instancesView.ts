import * as vscode from 'vscode';
import { formatRate, sumRates } from '../../domain/money.ts';
import { providerIds } from '../../domain/offer.ts';
import type { Disposable } from '../../domain/ports.ts';
import type { PinnedBy } from '../../domain/ssh.ts';
import type { Accounts } from '../../services/accounts.ts';
import type { Fleet } from '../../services/fleet.ts';
import type { Runs } from '../../services/runs.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import type { Meter } from '../../services/meter.ts';
import type { PodPresence } from '../../services/pod/presence.ts';
import type { SetContext } from '../contextKeys.ts';
import { RowTree } from '../tree.ts';
import type { Voice } from '../voice.ts';
import { viewProgress } from '../viewProgress.ts';
import { HostKeyNotes } from './hostKeyNotes.ts';
import type { InstanceExtras } from './instanceDetails.ts';
import { buildInstances, changedInstances, instanceNode, type InstancesModel } from './instancesModel.ts';
import { instancesSource } from './instancesSource.ts';
import { instancesState } from './instancesState.ts';

export interface InstancesViewDeps {
  readonly fleet: Pick<Fleet, 'instances' | 'errors' | 'loaded' | 'onDidChange'>;
  readonly meter: Pick<Meter, 'onDidChange'>;
  readonly accounts: Pick<Accounts, 'signedIn' | 'onDidChange'>;
  readonly runs: Pick<Runs, 'of' | 'onDidChange'>;
  readonly pinnedBy: (alias: string) => Promise<PinnedBy | undefined>;
  readonly presence: Pick<PodPresence, 'of' | 'onDidChange'>;
  readonly now: () => number;
  /** What goes on when the editor is closed. */
  readonly closing: () => readonly string[];
  /** Rows of other areas under each machine. */
  readonly extras: InstanceExtras;
  readonly setContext: SetContext;
  readonly voice: Voice;
  readonly onVisible: (visible: boolean) => void;
}

export function registerInstancesView(deps: InstancesViewDeps): Disposable {
  const { fleet, meter, accounts, runs, now, closing, extras, setContext, voice, onVisible } = deps;
  const notes = new HostKeyNotes(deps.pinnedBy);
  const pinnedBy = (instance: FleetInstance): PinnedBy | undefined => notes.of(instance);
  const lost = ({ alias }: FleetInstance): boolean => alias !== undefined && deps.presence.of(alias) === 'lost';
  const build = (): InstancesModel => buildInstances({
    instances: fleet.instances, errors: fleet.errors, now: now(), pinnedBy, lost,
    extras: (instance) => extras.rows(instance), runsOf: (launchId) => runs.of(launchId),
  }, voice);
  let drawn = build();
  const open = new Set<string>();
  const tree = new RowTree(instancesSource(() => drawn, now, voice, pinnedBy));
  const view = vscode.window.createTreeView('gpuRental.instances', { treeDataProvider: tree });
  const progress = viewProgress('gpuRental.instances');

  const show = (): void => {
    const anySignedIn = providerIds.some((provider) => accounts.signedIn(provider));
    const before = drawn;
    drawn = build();
    const state = instancesState(drawn, { loaded: fleet.loaded, signedIn: anySignedIn });
    const burn = sumRates(fleet.instances.map((instance) => instance.burn));
    setContext('gpuRental.instances', state);
    setContext('gpuRental.signedIn', anySignedIn);
    view.description = drawn.instanceById.size === 0 ? '' : formatRate(burn);
    const message = closing().join(' ');
    if (view.message !== message) view.message = message;
    progress.set(view.visible && state === 'loading');
    extras.seen(view.visible ? fleet.instances.filter((instance) => open.has(instanceNode(instance))) : []);
    tree.redraw(changedInstances(before, drawn));
  };

  const subscriptions = [
    fleet.onDidChange(show),
    meter.onDidChange(show),
    accounts.onDidChange(show),
    notes.onDidChange(show),
    deps.presence.onDidChange(show),
    extras.onDidChange(show),
    view.onDidExpandElement(({ element }) => {
      open.add(element);
      show();
    }),
    view.onDidCollapseElement(({ element }) => {
      open.delete(element);
      show();
    }),
    runs.onDidChange(show),
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
