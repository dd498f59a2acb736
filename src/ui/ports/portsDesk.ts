/** The ports of machines that are open here, and what is reached through them. Loaded when first asked for. */
import { allows } from '../../domain/instance.ts';
import type { Fleet } from '../../services/fleet.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import { Forwards, type OpenPort } from '../../services/forwards.ts';
import type { Detail } from '../instances/instanceDetails.ts';
import { JupyterServers } from './jupyterServers.ts';
import { chooseOpen, copyPort, forwardPort, openPort, type PortDeps } from './portFlows.ts';
import { portRow } from './portWords.ts';
import { openJupyter, openTensorboard, type WebToolDeps } from './webToolFlows.ts';

export interface PortsDeskDeps extends Omit<PortDeps, 'forwards'>, Pick<WebToolDeps, 'folders' | 'clock' | 'showText'> {
  readonly fleet: Pick<Fleet, 'instances' | 'onDidChange'>;
}

export class PortsDesk {
  readonly #flows: WebToolDeps;
  readonly #forwards: Forwards;
  readonly #servers = new JupyterServers();
  /** How ports are opened whose bare address is not enough. */
  readonly #pages = new Map<string, () => Promise<void>>();
  readonly #subscriptions: readonly { dispose(): void }[];
  readonly onDidChange: Forwards['onDidChange'];

  constructor(deps: PortsDeskDeps) {
    const { fleet, machines, log } = deps;
    this.#forwards = new Forwards({ links: machines, log });
    this.#flows = {
      ...deps,
      forwards: this.#forwards,
      share: (server) => this.#servers.share(server),
      remember: (port, open) => void this.#pages.set(keyOf(port), open),
    };
    this.#subscriptions = [
      this.#forwards.onDidChange(() => this.#forgetClosed()),
      fleet.onDidChange(() => this.#forwards.keepOnly(new Set(fleet.instances.flatMap(aliasIfUp)))),
    ];
    this.onDidChange = this.#forwards.onDidChange;
  }

  rows(alias: string): Detail[] {
    return this.#forwards.of(alias).map((port) => portRow(port, this.#flows.voice));
  }

  forward(instance: FleetInstance): Promise<void> {
    return forwardPort(this.#flows, instance);
  }

  jupyter(instance: FleetInstance): Promise<void> {
    return openJupyter(this.#flows, instance);
  }

  tensorboard(instance: FleetInstance): Promise<void> {
    return openTensorboard(this.#flows, instance);
  }

  choose(argument: unknown): Promise<OpenPort | undefined> {
    return chooseOpen(this.#flows, argument);
  }

  open(port: OpenPort): Promise<void> {
    return this.#pages.get(keyOf(port))?.() ?? openPort(this.#flows, port);
  }

  copy(port: OpenPort): Promise<void> {
    return copyPort(this.#flows, port);
  }

  stop({ alias, remotePort }: OpenPort): void {
    this.#forwards.stop(alias, remotePort);
  }

  #forgetClosed(): void {
    const open = new Set(this.#forwards.all.map(keyOf));
    this.#servers.keepOnly((id) => open.has(id));
    for (const key of [...this.#pages.keys()]) if (!open.has(key)) this.#pages.delete(key);
  }

  dispose(): void {
    this.#subscriptions.forEach((subscription) => subscription.dispose());
    this.#servers.dispose();
    this.#forwards.dispose();
  }
}

const keyOf = ({ alias, remotePort }: OpenPort): string => `${alias}/${remotePort}`;

/** What is not known to have stopped may still run: its ports stay. */
const aliasIfUp = ({ alias, state }: FleetInstance): string[] => (alias !== undefined && (allows(state, 'open') || state === 'unknown') ? [alias] : []);
