/** The built-in workspace: files, terminals and search on machines, with nothing but this extension. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { MachineLinks } from '../../domain/machineLink.ts';
import type { Clock, Disposable, Log } from '../../domain/ports.ts';
import type { Fleet } from '../../services/fleet.ts';
import { PodPresence } from '../../services/pod/presence.ts';
import { all } from '../disposables.ts';
import { firstUse } from '../firstUse.ts';
import type { InstanceFlows } from '../instances/instanceFlows.ts';
import { nameOf } from '../instances/instanceRow.ts';
import { explainBuiltIn, type BuiltInNoteDeps } from './builtInNote.ts';
import type { PodEditor } from './podEditor.ts';
import { PodFileSystem } from './podFileSystem.ts';
import type { PodTerminals, TerminalAsked } from './podTerminals.ts';
import { podScheme } from './podUri.ts';
import { listenToPresence, type PresenceListenerDeps } from './presenceListener.ts';
import { ShellMemory, type Memory } from './shellMemory.ts';
import { openPaths } from './vscodePod.ts';

export interface PodAreaDeps extends BuiltInNoteDeps, Omit<PresenceListenerDeps, 'presence' | 'reconnect' | 'explains'> {
  readonly editor: BuiltInNoteDeps['editor'] & PresenceListenerDeps['editor'];
  readonly machines: MachineLinks;
  readonly fleet: Pick<Fleet, 'instances' | 'onDidChange' | 'acts'>;
  readonly connect: InstanceFlows['connect'];
  readonly clock: Clock;
  readonly log: Log;
  readonly pod: PodEditor;
  /** Of this workspace. */
  readonly memory: Memory;
  readonly worked: (alias: string) => void;
}

export interface PodArea extends Disposable {
  readonly presence: PodPresence;
  terminals(): Promise<PodTerminals>;
  /** Those of this window on one machine, because it goes away. */
  closeTerminals(alias: string): void;
  /** For the list of terminals that the editor itself can open. */
  profiles(place: () => Promise<TerminalAsked | undefined>): vscode.TerminalProfileProvider;
}

export function registerPod(deps: PodAreaDeps): PodArea {
  const { machines, fleet, connect, clock, log, dialogs, voice, memory, pod, worked, report } = deps;
  const random = (bytes: number): Uint8Array => randomBytes(bytes);
  const presence = new PodPresence({ links: machines, fleet, clock });
  const nameFor = (alias: string): string => {
    const instance = presence.instance(alias);
    return instance === undefined ? alias.slice(-4) : nameOf(instance);
  };
  const listener = listenToPresence({
    ...deps, presence,
    explains: (provider) => fleet.acts(provider),
    reconnect: async function reconnect(instance): Promise<void> {
      const ready = await connect(instance, () => reconnect(instance));
      if (ready !== undefined) await machines.of(ready.alias).run('true');
    },
  });
  const pods = firstUse(async () => new (await import('../../services/pod/pods.ts')).Pods({ presence, clock, log, random, open: openPaths, attentive: () => vscode.window.state.focused }));
  const files = new PodFileSystem({ pods, voice, nameOf: nameFor, onUnreadable: sayOnce(deps, nameFor), onUnavailable: listener.missing });
  const terminals = firstUse(async () => new (await import('./podTerminals.ts')).PodTerminals({ presence, clock, dialogs, voice, random, worked, report, memory: new ShellMemory(memory) }));

  const folders = new Map(pod.folders.map(({ alias, path }) => [alias, path]));
  const begun = new Set<string>();
  /** Opens again what this window had open there, as soon as the machine is there. */
  const begin = async (alias: string): Promise<void> => {
    const folder = folders.get(alias);
    if (folder === undefined || begun.has(alias)) return;
    await (await terminals()).restore({ alias, name: nameFor(alias), folder });
    begun.add(alias);
    await explainBuiltIn(deps, nameFor(alias));
  };
  const tryToBegin = (alias: string): void => void begin(alias).catch((error: unknown) => log.warn(`${alias} could not be opened as it was left`, error));
  const used = [...folders.keys()].map((alias) => presence.use(alias));
  for (const alias of folders.keys()) {
    const now = presence.of(alias);
    if (now === 'here') tryToBegin(alias);
    else listener.tell({ now, name: nameFor(alias), instance: presence.instance(alias) }).catch(report);
  }
  const coming = presence.onDidChange(({ alias, now }) => now === 'here' && tryToBegin(alias));

  const parts = all([vscode.workspace.registerFileSystemProvider(podScheme, files, { isCaseSensitive: true }), ...used, coming, files, listener, presence]);
  return {
    presence,
    terminals,
    closeTerminals: (alias) => terminals.made?.close(alias),
    profiles: (place) => ({
      provideTerminalProfile: async () => {
        try {
          const asked = await place();
          return asked && (await (await terminals()).profile(asked));
        } catch (error) {
          report(error);
          return undefined;
        }
      },
    }),
    dispose: () => {
      terminals.made?.dispose();
      parts.dispose();
      pods.made?.dispose();
    },
  };
}

/** Names that are no UTF-8: once for each machine, however many folders have some. */
function sayOnce({ dialogs, voice, report }: PodAreaDeps, nameFor: (alias: string) => string): (alias: string, count: number) => void {
  const said = new Set<string>();
  return (alias, count) => {
    if (said.has(alias)) return;
    said.add(alias);
    const text = voice.t('{0} of the names in a folder of {1} are no UTF-8 and are not shown; a terminal reaches them.', count, nameFor(alias));
    dialogs.notify({ level: 'info', text, buttons: [] }).catch(report);
  };
}
