/** Wiring only: builds the product for a market and hands it to the interface. */
import * as vscode from 'vscode';
import type { Offer } from './domain/offer.ts';
import { spendNow } from './services/spending.ts';
import { systemClock as clock } from './services/clock.ts';
import { startPolling } from './services/polling.ts';
import { includeLine } from './ssh/includeText.ts';
import { sshCommand } from './ssh/ssh.ts';
import { tellEndpointChanged } from './ui/endpointNote.ts';
import { createLog } from './ui/log.ts';
import { isLeftOut as leftOut } from './ui/offers/leftOut.ts';
import { OfferPreferences } from './ui/offers/preferences.ts';
import { registerProduct } from './ui/product.ts';
import { StartMemory } from './ui/rent/startMemory.ts';
import { createKeys } from './ui/secrets.ts';
import { SwitchableDialogs } from './ui/switchableDialogs.ts';
import { onSettingsChange, vscodeSettings } from './ui/vscodeSettings.ts';
import { vscodeDialogs } from './ui/vscodeDialogs.ts';
import { createElsewhere } from './elsewhere.ts';
import { createEstimator } from './estimator.ts';
import { createKnowing } from './knowing.ts';
import { createCore, stateFolder, traitsOf } from './wiring.ts';
import { practicePlace, realPlace, type Place } from './places.ts';

export async function activate(context: vscode.ExtensionContext): Promise<SwitchableDialogs | undefined> {
  const channel = createLog();
  const dialogs = new SwitchableDialogs(vscodeDialogs);
  const settings = vscodeSettings();
  const preferences = new OfferPreferences(context.globalState, () => settings.limits.diskGb, () => settings.sensitiveWork === 'on');
  const keys = createKeys(context.secrets, (provider) => settings.endpoint(provider));
  const real = (): Place => realPlace(process.env, settings, keys);
  const version = String(context.extension.packageJSON.version);
  const elsewhere = createElsewhere({ stateFolder: stateFolder(process.env), clock, log: channel, version, env: process.env });
  const estimator = createEstimator(async () => ({
    log: (await import('./store/runLog.ts')).createRunLog(stateFolder(process.env)),
    hub: (await import('./providers/hub/hub.ts')).createHub({ clock, log: channel, version }),
    cloudPrices: elsewhere.prices,
    now: () => clock.now(),
  }));

  async function open(place: Place): Promise<vscode.Disposable> {
    const core = await createCore({ ...place, clock, log: channel, version, filter: preferences.filter, caps: () => settings.caps, datacentreOnly: () => preferences.limited });
    const { market, accounts, fleet, hosts, meter, rentals, ssh, store } = core;
    const visible = { offers: false, instances: false };
    const isLeftOut = (offer: Offer): boolean => leftOut(offer, preferences, (one) => hosts.incidentOf(one));
    const knowing = createKnowing({ ...core, isLeftOut, clock });
    const polling = startPolling({ ...core, alerts: knowing, clock, visible: { offers: () => visible.offers, instances: () => visible.instances } });
    const resumed = new AbortController();
    const product = registerProduct({
      ...core, machines: core.links, clock, mode: place.mode, showLog: () => channel.show(), settings, preferences, estimator, elsewhere, knowing,
      starts: new StartMemory(context.workspaceState),
      secrets: context.secrets,
      marks: store, lastOpen: store.session()?.seenAt,
      extension: context.extensionUri,
      storage: context.globalStorageUri,
      memory: context.workspaceState,
      spend: () => spendNow(meter, fleet, accounts),
      traits: traitsOf(core),
      ssh: {
        hostFile: ssh.hostFile,
        includeLine: includeLine(ssh.hostFile),
        pinnedBy: ssh.pinnedBy,
        command: (alias) => sshCommand(alias, ssh.hostFile),
        connectUserConfig: async (userConfig) => (await import('./ssh/include.ts')).connectUserConfig({ userConfig, hostFile: ssh.hostFile }),
      },
      practice: { start: () => move(() => practicePlace(context.globalStorageUri.fsPath)), stop: () => move(real) },
      dialogs,
      look: {
        offers: (seen, filter) => {
          visible.offers = seen;
          if (seen) void market.refresh(filter);
        },
        instances: (seen) => {
          visible.instances = seen;
          if (seen) polling.wakeInstances();
        },
      },
    });
    await accounts.load();
    meter.touchSession(fleet.anythingBilling);
    rentals.resume(() => undefined, resumed.signal);
    return vscode.Disposable.from(product, polling, knowing, { dispose: () => resumed.abort() }, core, place);
  }

  let current = await open(real());
  let moving = Promise.resolve();
  /** One move at a time: each leaves exactly one product alive. */
  function move(to: () => Place | Promise<Place>): Promise<void> {
    moving = moving.catch(() => undefined).then(async () => {
      const place = await to();
      current.dispose();
      current = await open(place);
    });
    return moving;
  }
  context.subscriptions.push(
    channel,
    { dispose: () => current.dispose() },
    onSettingsChange('gpuRental.endpoints', () => void tellEndpointChanged(dialogs)),
  );
  return context.extensionMode === vscode.ExtensionMode.Test ? dialogs : undefined; // nobody else answers for a person
}
