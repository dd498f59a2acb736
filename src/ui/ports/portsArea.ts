/** Ports of machines on this computer, and the programs with a page that are reached through them. Loaded when first asked for. */
import { createEmitter } from '../../domain/emitter.ts';
import type { MachineLinks } from '../../domain/machineLink.ts';
import type { Clock, Disposable } from '../../domain/ports.ts';
import { allows } from '../../domain/instance.ts';
import { systemClock } from '../../services/clock.ts';
import type { Fleet } from '../../services/fleet.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import type { Forwards, OpenPort } from '../../services/forwards.ts';
import type { CommandHandlers } from '../commandIds.ts';
import { chooseInstance, type ChooseDeps } from '../instances/chooseInstance.ts';
import type { Detail, InstanceExtras } from '../instances/instanceDetails.ts';
import type { ReportDeps } from '../report.ts';

export interface PortsAreaDeps extends ChooseDeps, ReportDeps {
  readonly machines: MachineLinks;
  /** Usual work folders. */
  readonly folders: readonly string[];
  readonly fleet: Pick<Fleet, 'instances' | 'onDidChange'>;
  readonly showText: (name: string, text: string) => Promise<void>;
  readonly clock?: Clock;
}

interface Loaded {
  readonly forwards: Forwards;
  readonly row: (port: OpenPort) => Detail;
  readonly forward: (instance: FleetInstance) => Promise<void>;
  readonly jupyter: (instance: FleetInstance) => Promise<void>;
  readonly tensorboard: (instance: FleetInstance) => Promise<void>;
  readonly choose: (argument: unknown) => Promise<OpenPort | undefined>;
  readonly open: (port: OpenPort) => Promise<void>;
  readonly copy: (port: OpenPort) => Promise<void>;
  dispose(): void;
}

export function registerPorts(deps: PortsAreaDeps): InstanceExtras & { readonly handlers: PortHandlers } & Disposable {
  const changed = createEmitter<void>();
  let loading: Promise<Loaded> | undefined;
  let loaded: Loaded | undefined;
  let disposed = false;

  const load = (): Promise<Loaded> =>
    (loading ??= loadPorts(deps, () => changed.fire()).then((made) => {
      if (disposed) made.dispose();
      return (loaded = made);
    }));

  const on = (act: 'forward' | 'jupyter' | 'tensorboard') => async (argument?: unknown): Promise<void> => {
    const instance = await chooseInstance(deps, argument, 'open');
    if (instance !== undefined) await (await load())[act](instance);
  };
  const onPort = (act: (port: OpenPort, made: Loaded) => void | Promise<void>) => async (argument?: unknown): Promise<void> => {
    const made = await load();
    const port = await made.choose(argument);
    if (port !== undefined) await act(port, made);
  };
  return {
    handlers: {
      'gpuRental.port.forward': on('forward'),
      'gpuRental.port.open': onPort((port, { open }) => open(port)),
      'gpuRental.port.copy': onPort((port, { copy }) => copy(port)),
      'gpuRental.port.stop': onPort(({ alias, remotePort }, { forwards }) => forwards.stop(alias, remotePort)),
      'gpuRental.jupyter.open': on('jupyter'),
      'gpuRental.tensorboard.open': on('tensorboard'),
    },
    rows: ({ alias }) => (loaded === undefined || alias === undefined ? [] : loaded.forwards.of(alias).map(loaded.row)),
    onDidChange: changed.event,
    seen: () => undefined,
    dispose: () => {
      disposed = true;
      loaded?.dispose();
    },
  };
}

type PortCommand = 'gpuRental.port.forward' | 'gpuRental.port.open' | 'gpuRental.port.copy' | 'gpuRental.port.stop' | 'gpuRental.jupyter.open' | 'gpuRental.tensorboard.open';
type PortHandlers = Required<Pick<CommandHandlers, PortCommand>>;

async function loadPorts(deps: PortsAreaDeps, onChange: () => void): Promise<Loaded> {
  const { machines, fleet, log, voice, clock = systemClock } = deps;
  const [{ Forwards }, flows, tools, { JupyterServers }, { portRow }] = await Promise.all([
    import('../../services/forwards.ts'), import('./portFlows.ts'), import('./webToolFlows.ts'), import('./jupyterServers.ts'), import('./portWords.ts'),
  ]);
  const forwards = new Forwards({ links: machines, log });
  const servers = new JupyterServers();
  const pages = new Map<string, () => Promise<void>>();
  const shared = { ...deps, forwards, clock, share: servers.share.bind(servers), remember: (port: OpenPort, open: () => Promise<void>) => void pages.set(keyOf(port), open) };
  const subscriptions = [
    forwards.onDidChange(() => {
      const open = new Set(forwards.all.map(keyOf));
      servers.keepOnly((id) => open.has(id));
      for (const key of [...pages.keys()]) if (!open.has(key)) pages.delete(key);
      onChange();
    }),
    // What is not known to have stopped may still run: its ports stay.
    fleet.onDidChange(() => forwards.keepOnly(new Set(fleet.instances.flatMap(({ alias, state }) => (alias !== undefined && (allows(state, 'open') || state === 'unknown') ? [alias] : []))))),
  ];
  return {
    forwards,
    row: (port) => portRow(port, voice),
    forward: (instance) => flows.forwardPort(shared, instance),
    jupyter: (instance) => tools.openJupyter(shared, instance),
    tensorboard: (instance) => tools.openTensorboard(shared, instance),
    choose: (argument) => flows.chooseOpen(shared, argument),
    open: (port) => pages.get(keyOf(port))?.() ?? flows.openPort(shared, port),
    copy: (port) => flows.copyPort(shared, port),
    dispose: () => {
      subscriptions.forEach((subscription) => subscription.dispose());
      servers.dispose();
      forwards.dispose();
    },
  };
}

const keyOf = ({ alias, remotePort }: OpenPort): string => `${alias}/${remotePort}`;
