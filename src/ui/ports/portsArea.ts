import { createEmitter } from '../../domain/emitter.ts';
import type { Disposable } from '../../domain/ports.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import type { OpenPort } from '../../services/forwards.ts';
import type { CommandHandlers } from '../commandIds.ts';
import { chooseInstance } from '../instances/chooseInstance.ts';
import type { InstanceExtras } from '../instances/instanceDetails.ts';
import type { PortsDesk, PortsDeskDeps } from './portsDesk.ts';

type PortCommand = 'gpuRental.port.forward' | 'gpuRental.port.open' | 'gpuRental.port.copy' | 'gpuRental.port.stop' | 'gpuRental.jupyter.open' | 'gpuRental.tensorboard.open';

interface PortsArea extends InstanceExtras, Disposable {
  readonly handlers: Required<Pick<CommandHandlers, PortCommand>>;
}

/** Ports of machines on this computer, and the programs with a page that are reached through them. */
export function registerPorts(deps: PortsDeskDeps): PortsArea {
  const changed = createEmitter<void>();
  let loading: Promise<PortsDesk> | undefined;
  let desk: PortsDesk | undefined;
  let disposed = false;

  const load = async (): Promise<PortsDesk> => {
    const { PortsDesk } = await import('./portsDesk.ts');
    const made = new PortsDesk(deps);
    if (disposed) made.dispose();
    made.onDidChange(() => changed.fire());
    desk = made;
    return made;
  };
  const theDesk = (): Promise<PortsDesk> => (loading ??= load());

  const on = (act: (made: PortsDesk, instance: FleetInstance) => Promise<void>) => async (argument?: unknown): Promise<void> => {
    const instance = await chooseInstance(deps, argument, 'open');
    if (instance !== undefined) await act(await theDesk(), instance);
  };
  const onPort = (act: (made: PortsDesk, port: OpenPort) => void | Promise<void>) => async (argument?: unknown): Promise<void> => {
    const made = await theDesk();
    const port = await made.choose(argument);
    if (port !== undefined) await act(made, port);
  };

  return {
    handlers: {
      'gpuRental.port.forward': on((made, instance) => made.forward(instance)),
      'gpuRental.port.open': onPort((made, port) => made.open(port)),
      'gpuRental.port.copy': onPort((made, port) => made.copy(port)),
      'gpuRental.port.stop': onPort((made, port) => made.stop(port)),
      'gpuRental.jupyter.open': on((made, instance) => made.jupyter(instance)),
      'gpuRental.tensorboard.open': on((made, instance) => made.tensorboard(instance)),
    },
    rows: ({ alias }) => (desk === undefined || alias === undefined ? [] : desk.rows(alias)),
    onDidChange: changed.event,
    seen: () => undefined,
    dispose: () => {
      disposed = true;
      desk?.dispose();
    },
  };
}
