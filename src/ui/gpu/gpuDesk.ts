/** What machines are doing, asked while somebody sees it: in the list, or on a page of its own. Loaded when first looked at. */
import * as vscode from 'vscode';
import type { InstanceId } from '../../domain/instance.ts';
import type { MachineLinks } from '../../domain/machineLink.ts';
import type { Clock, Log } from '../../domain/ports.ts';
import type { Fleet } from '../../services/fleet.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import { MachineWatch } from '../../services/machineWatch.ts';
import type { DetailView } from '../../webview/gpu/messages.ts';
import { onAny } from '../disposables.ts';
import { canDo } from '../instances/instanceContext.ts';
import type { Detail } from '../instances/instanceDetails.ts';
import { nameOf } from '../instances/instanceRow.ts';
import { ViewPanel } from '../panel/viewPanel.ts';
import type { Voice } from '../voice.ts';
import { detailPage } from './detailPage.ts';
import { Lookers } from './lookers.ts';
import { liveWords } from './machineWords.ts';

export interface GpuDeskDeps {
  readonly extension: vscode.Uri;
  readonly machines: MachineLinks;
  /** Usual work folders: whose disk is told. */
  readonly folders: readonly string[];
  readonly fleet: Pick<Fleet, 'instances' | 'onDidChange'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly voice: Voice;
}

interface Shown {
  readonly panel: ViewPanel<DetailView>;
  visible: boolean;
}

export class GpuDesk {
  readonly #deps: GpuDeskDeps;
  readonly #watch: MachineWatch;
  readonly #lookers: Lookers;
  readonly #shown = new Map<InstanceId, Shown>();
  readonly #subscription: { dispose(): void };
  readonly onDidChange: MachineWatch['onDidChange'];

  constructor(deps: GpuDeskDeps) {
    this.#deps = deps;
    this.#watch = new MachineWatch({ ...deps, links: deps.machines });
    this.#lookers = new Lookers((alias) => this.#watch.look(alias));
    this.#subscription = deps.fleet.onDidChange(() => [...this.#shown.keys()].forEach((id) => this.#lookFrom(id)));
    this.onDidChange = this.#watch.onDidChange;
  }

  /** The machines that are open in the list, in sight of somebody. */
  listed(instances: readonly FleetInstance[]): void {
    this.#lookers.at('list', instances.flatMap(aliasIfUp));
  }

  row(instance: FleetInstance): Detail {
    const { clock, voice } = this.#deps;
    return {
      key: 'live',
      name: voice.t('Now'),
      figure: liveWords(this.#watch.of(instance.alias ?? ''), clock.now(), voice),
      icon: { codicon: 'pulse' },
      command: 'gpuRental.instance.showDetail',
    };
  }

  open(asked: FleetInstance): void {
    const { id, alias } = asked;
    const there = this.#shown.get(id);
    if (there !== undefined) return there.panel.reveal();
    const { extension, fleet, clock, voice } = this.#deps;
    const panel = new ViewPanel<DetailView>({
      extension, kind: 'gpu', title: nameOf(asked), column: vscode.ViewColumn.Active,
      view: () => detailPage({ instance: this.#instance(id) ?? { ...asked, state: 'stopped' }, watched: this.#watch.of(alias ?? ''), now: clock.now() }, voice),
      hear: () => undefined,
      onDidChange: onAny((listener) => this.#watch.onDidChange((of) => of === alias && listener()), (listener) => fleet.onDidChange(listener)),
      onVisible: (visible) => {
        const shown = this.#shown.get(id);
        if (shown !== undefined) shown.visible = visible;
        this.#lookFrom(id);
      },
      onClosed: () => {
        this.#shown.delete(id);
        this.#lookFrom(id);
      },
    });
    this.#shown.set(id, { panel, visible: true });
    this.#lookFrom(id);
  }

  /** A machine that is not running any more is not asked; its page stays and says so. */
  #lookFrom(id: InstanceId): void {
    const instance = this.#shown.get(id)?.visible === true ? this.#instance(id) : undefined;
    this.#lookers.at(id, instance === undefined ? [] : aliasIfUp(instance));
  }

  #instance(id: InstanceId): FleetInstance | undefined {
    return this.#deps.fleet.instances.find((instance) => instance.id === id);
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const { panel } of [...this.#shown.values()]) panel.dispose();
    this.#lookers.dispose();
    this.#watch.dispose();
  }
}

const aliasIfUp = (instance: FleetInstance): string[] => (canDo(instance, 'open') && instance.alias !== undefined ? [instance.alias] : []);
