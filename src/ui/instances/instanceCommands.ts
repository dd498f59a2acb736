import type { FleetInstance } from '../../services/fleetInstance.ts';
import type { Fleet } from '../../services/fleet.ts';
import type { Rentals } from '../../services/rentals.ts';
import type { CommandHandlers } from '../commandIds.ts';
import { fileName } from '../escape.ts';
import { consoleUrl } from '../links.ts';
import { machineName } from '../pod/openPod.ts';
import type { TerminalAsked } from '../pod/podTerminals.ts';
import { openWorkspace, type HandOverDeps } from '../remote/handOver.ts';
import { reportError } from '../report.ts';
import { chooseInstance, type ChooseDeps } from './chooseInstance.ts';
import type { Deed } from './instanceContext.ts';
import type { InstanceFlows } from './instanceFlows.ts';
import { nameOf } from './instanceRow.ts';
import { changeBudget, extendLease } from './limitsFlow.ts';

export interface InstanceCommandDeps extends HandOverDeps, ChooseDeps {
  readonly fleet: Pick<Fleet, 'instances' | 'refresh'>;
  readonly rentals: Pick<Rentals, 'logs' | 'renew' | 'setBudget'>;
  readonly flows: InstanceFlows;
  readonly openTerminal: (asked: TerminalAsked) => Promise<void>;
  readonly showText: (name: string, text: string) => Promise<void>;
}

export function instanceCommands(deps: InstanceCommandDeps) {
  const { fleet, flows, editor, ssh } = deps;

  const on = (deed: Deed, act: (instance: FleetInstance) => Promise<void>) => async (argument?: unknown): Promise<void> => {
    const instance = await chooseInstance(deps, argument, deed);
    if (instance) await act(instance);
  };

  const openAs = async (instance: FleetInstance, how: 'workspace' | 'terminal'): Promise<void> => {
    // Asked to connect first, because an editor that opens a host which does not answer shows nothing but a spinner.
    const ready = await flows.connect(instance, () => openAs(instance, how));
    if (ready === undefined) return;
    if (how === 'terminal') await deps.openTerminal({ alias: ready.alias, name: machineName(ready), folder: ready.report.folder });
    else await openWorkspace(deps, ready);
  };

  return {
    'gpuRental.instances.refresh': () => fleet.refresh(undefined, true),
    'gpuRental.instance.openWorkspace': on('open', (instance) => openAs(instance, 'workspace')),
    'gpuRental.instance.openTerminal': on('open', (instance) => openAs(instance, 'terminal')),
    'gpuRental.instance.copySsh': on('copySsh', async ({ alias }) => {
      if (alias !== undefined) await editor.copy(ssh.command(alias));
    }),
    'gpuRental.instance.showLogs': on('logs', (instance) => showLogs(deps, instance)),
    'gpuRental.instance.stop': on('stop', (instance) => flows.stop(instance)),
    'gpuRental.instance.start': on('start', (instance) => flows.start(instance)),
    'gpuRental.instance.reboot': on('reboot', (instance) => flows.reboot(instance)),
    'gpuRental.instance.destroy': on('destroy', (instance) => flows.destroy(instance)),
    'gpuRental.instance.extendLease': on('limits', (instance) => extendLease(deps, instance)),
    'gpuRental.instance.setBudget': on('limits', (instance) => changeBudget(deps, instance)),
    'gpuRental.instance.openConsole': on('console', (instance) => editor.openExternal(consoleUrl[instance.provider].instances)),
  } satisfies CommandHandlers;
}

async function showLogs(deps: InstanceCommandDeps, instance: FleetInstance): Promise<void> {
  const { dialogs, rentals, showText, voice } = deps;
  const name = nameOf(instance);
  try {
    const text = await dialogs.progress(voice.t('Reading the log of {0}', name), true, (_, signal) => rentals.logs(instance.id, signal));
    await showText(`${fileName(name)}.log`, text === '' ? voice.t('The log is empty.') : text);
  } catch (error) {
    await reportError(deps, error, { provider: instance.provider, retry: () => showLogs(deps, instance) });
  }
}
