import { createEmitter } from '../../domain/emitter.ts';
import type { Disposable } from '../../domain/ports.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import type { CommandHandlers } from '../commandIds.ts';
import { chooseInstance, type ChooseDeps } from '../instances/chooseInstance.ts';
import { canDo } from '../instances/instanceContext.ts';
import type { InstanceExtras } from '../instances/instanceDetails.ts';
import type { GpuDesk, GpuDeskDeps } from './gpuDesk.ts';

export type GpuAreaDeps = GpuDeskDeps & ChooseDeps;

interface GpuArea extends InstanceExtras, Disposable {
  readonly handlers: Required<Pick<CommandHandlers, 'gpuRental.instance.showDetail'>>;
}

/** What a machine is doing: a line under it while it is open in the list, and a page of its own. */
export function registerGpu(deps: GpuAreaDeps): GpuArea {
  const changed = createEmitter<void>();
  let loading: Promise<GpuDesk> | undefined;
  let desk: GpuDesk | undefined;
  let disposed = false;
  let listed: readonly FleetInstance[] = [];

  const load = async (): Promise<GpuDesk> => {
    const { GpuDesk } = await import('./gpuDesk.ts');
    const made = new GpuDesk(deps);
    if (disposed) made.dispose();
    made.onDidChange(() => changed.fire());
    made.listed(listed);
    desk = made;
    return made;
  };
  const theDesk = (): Promise<GpuDesk> => (loading ??= load());

  return {
    handlers: {
      'gpuRental.instance.showDetail': async (argument) => {
        const instance = await chooseInstance(deps, argument, 'open');
        if (instance !== undefined) (await theDesk()).open(instance);
      },
    },
    rows: (instance) => (desk === undefined || !canDo(instance, 'open') ? [] : [desk.row(instance)]),
    onDidChange: changed.event,
    seen: (instances) => {
      listed = instances.filter((instance) => canDo(instance, 'open'));
      if (desk !== undefined) desk.listed(listed);
      else if (listed.length > 0) void theDesk().then(() => changed.fire());
    },
    dispose: () => {
      disposed = true;
      desk?.dispose();
    },
  };
}
