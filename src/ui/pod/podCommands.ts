import type { PodPresence } from '../../services/pod/presence.ts';
import type { Ready } from '../../services/readiness.ts';
import type { CommandHandlers, CommandId } from '../commandIds.ts';
import type { Editor } from '../editor.ts';
import { chooseInstance, type ChooseDeps } from '../instances/chooseInstance.ts';
import type { InstanceFlows } from '../instances/instanceFlows.ts';
import { nameOf } from '../instances/instanceRow.ts';
import { askFolder, machineName, openFiles, type OpenPodDeps } from './openPod.ts';
import type { PodEditor } from './podEditor.ts';
import type { TerminalAsked } from './podTerminals.ts';
import { searchOn } from './searchFlow.ts';

export interface PodCommandDeps extends OpenPodDeps, ChooseDeps {
  readonly flows: Pick<InstanceFlows, 'connect'>;
  readonly presence: Pick<PodPresence, 'link' | 'instance'>;
  readonly pod: PodEditor;
  readonly editor: Pick<Editor, 'run'>;
}

export function podCommands(deps: PodCommandDeps) {
  const on = (command: CommandId, act: (ready: Ready) => Promise<void>) => async (argument?: unknown): Promise<void> => {
    const ready = await chooseReady(deps, argument, command);
    if (ready !== undefined) await act(ready);
  };
  return {
    'gpuRental.instance.openFiles': on('gpuRental.instance.openFiles', (ready) => openFiles(deps, ready)),
    'gpuRental.instance.openFolder': on('gpuRental.instance.openFolder', (ready) => askFolder(deps, ready)),
    'gpuRental.instance.search': async (argument?: unknown) => {
      const place = await placeFor(deps, argument, 'gpuRental.instance.search');
      if (place !== undefined) await searchOn(deps, { ...place, link: await deps.presence.link(place.alias) });
    },
  } satisfies CommandHandlers;
}

/** The machine that this window works on; else one that is chosen, and asked to answer first. */
export async function placeFor(deps: PodCommandDeps, argument: unknown, again: CommandId): Promise<TerminalAsked | undefined> {
  const [here] = argument === undefined ? deps.pod.folders : [];
  const instance = here && deps.presence.instance(here.alias);
  if (here !== undefined && instance !== undefined) return { alias: here.alias, name: nameOf(instance), folder: here.path };
  const ready = await chooseReady(deps, argument, again);
  return ready && { alias: ready.alias, name: machineName(ready), folder: ready.report.folder };
}

async function chooseReady(deps: PodCommandDeps, argument: unknown, again: CommandId): Promise<Ready | undefined> {
  const instance = await chooseInstance(deps, argument, 'open');
  return instance && deps.flows.connect(instance, () => deps.editor.run(again, instance.id));
}
