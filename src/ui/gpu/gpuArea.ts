/** What a machine is doing: a line under it while it is open in the list, and a page of its own. Loaded when first looked at. */
import * as vscode from 'vscode';
import { createEmitter } from '../../domain/emitter.ts';
import type { InstanceId } from '../../domain/instance.ts';
import type { MachineLinks } from '../../domain/machineLink.ts';
import type { Clock, Disposable, Log } from '../../domain/ports.ts';
import { systemClock } from '../../services/clock.ts';
import type { Fleet } from '../../services/fleet.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import type { MachineWatch } from '../../services/machineWatch.ts';
import type { DetailView } from '../../webview/gpu/messages.ts';
import type { CommandHandlers } from '../commandIds.ts';
import { chooseInstance, type ChooseDeps } from '../instances/chooseInstance.ts';
import { canDo } from '../instances/instanceContext.ts';
import type { Detail, InstanceExtras } from '../instances/instanceDetails.ts';
import { nameOf } from '../instances/instanceRow.ts';
import type { ViewPanel } from '../panel/viewPanel.ts';
import type { Lookers } from './lookers.ts';

export interface GpuAreaDeps extends ChooseDeps {
  readonly extension: vscode.Uri;
  readonly machines: MachineLinks;
  /** Usual work folders: whose disk is told. */
  readonly folders: readonly string[];
  readonly fleet: Pick<Fleet, 'instances' | 'onDidChange'>;
  readonly log: Log;
  readonly clock?: Clock;
}

interface Loaded {
  readonly watch: MachineWatch;
  readonly lookers: Lookers;
  readonly row: (instance: FleetInstance) => Detail;
  readonly open: (instance: FleetInstance) => void;
  dispose(): void;
}

export function registerGpu(deps: GpuAreaDeps): InstanceExtras & { readonly handlers: GpuHandlers } & Disposable {
  const { fleet } = deps;
  const changed = createEmitter<void>();
  let loading: Promise<Loaded> | undefined;
  let loaded: Loaded | undefined;
  let disposed = false;
  let expanded: readonly FleetInstance[] = [];

  const load = (): Promise<Loaded> =>
    (loading ??= loadGpu(deps).then((made) => {
      made.watch.onDidChange(() => changed.fire());
      if (disposed) made.dispose();
      return (loaded = made);
    }));

  return {
    handlers: {
      'gpuRental.instance.showDetail': async (argument) => {
        const instance = await chooseInstance(deps, argument, 'open');
        if (instance !== undefined) (await load()).open(instance);
      },
    },
    rows: (instance) => (loaded === undefined || !canDo(instance, 'open') ? [] : [loaded.row(instance)]),
    onDidChange: changed.event,
    seen: (instances) => {
      expanded = instances.filter((instance) => canDo(instance, 'open'));
      if (expanded.length > 0 && loaded === undefined) void load().then(() => changed.fire());
      loaded?.lookers.at('list', aliasesOf(expanded));
    },
    dispose: () => {
      disposed = true;
      loaded?.dispose();
    },
  };

  async function loadGpu({ machines, folders, log, clock = systemClock, extension, voice }: GpuAreaDeps): Promise<Loaded> {
    const [{ MachineWatch }, { Lookers }, { liveWords }, { detailPage }, { ViewPanel }] = await Promise.all([
      import('../../services/machineWatch.ts'), import('./lookers.ts'), import('./machineWords.ts'), import('./detailPage.ts'), import('../panel/viewPanel.ts'),
    ]);
    const watch = new MachineWatch({ links: machines, folders, clock, log });
    const lookers = new Lookers((alias) => watch.look(alias));
    const panels = new Map<InstanceId, ViewPanel<DetailView>>();

    /** A machine that is not running any more is not asked; its page stays and says so. */
    const lookFrom = (id: InstanceId, visible: boolean): void => {
      const instance = fleet.instances.find((one) => one.id === id);
      lookers.at(id, visible && instance !== undefined && canDo(instance, 'open') ? aliasesOf([instance]) : []);
    };
    const open = (asked: FleetInstance): void => {
      const { id } = asked;
      const there = panels.get(id);
      if (there !== undefined) return there.reveal();
      let visible = true;
      const subscription = fleet.onDidChange(() => lookFrom(id, visible));
      const panel = new ViewPanel<DetailView>({
        extension, kind: 'gpu', title: nameOf(asked), column: vscode.ViewColumn.Active,
        view: () => {
          const instance = fleet.instances.find((one) => one.id === id) ?? { ...asked, state: 'stopped' };
          return detailPage({ instance, watched: watch.of(asked.alias ?? ''), now: clock.now() }, voice);
        },
        hear: () => undefined,
        onDidChange: (listener) => {
          const parts = [watch.onDidChange((alias) => alias === asked.alias && listener()), fleet.onDidChange(listener)];
          return { dispose: () => parts.forEach((part) => part.dispose()) };
        },
        onVisible: (seen) => {
          visible = seen;
          lookFrom(id, visible);
        },
        onClosed: () => {
          subscription.dispose();
          lookers.at(id, []);
          panels.delete(id);
        },
      });
      panels.set(id, panel);
      lookFrom(id, visible);
    };
    lookers.at('list', aliasesOf(expanded));
    return {
      watch, lookers, open,
      row: (instance) => ({
        key: 'live', name: voice.t('Now'), figure: liveWords(watch.of(instance.alias ?? ''), clock.now(), voice), icon: { codicon: 'pulse' },
        command: 'gpuRental.instance.showDetail',
      }),
      dispose: () => {
        for (const panel of panels.values()) panel.dispose();
        lookers.dispose();
        watch.dispose();
      },
    };
  }
}

type GpuHandlers = Required<Pick<CommandHandlers, 'gpuRental.instance.showDetail'>>;

const aliasesOf = (instances: readonly FleetInstance[]): string[] => instances.flatMap(({ alias }) => alias ?? []);
