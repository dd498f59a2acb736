/** Ports of a machine as a person opens, looks at and closes them. Loaded when first asked for. */
import { toolName, type Listener } from '../../domain/listening.ts';
import type { MachineLinks } from '../../domain/machineLink.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import type { Forwards, OpenPort } from '../../services/forwards.ts';
import { listening } from '../../services/webTools.ts';
import { goBack } from '../dialogs.ts';
import { plain } from '../escape.ts';
import type { ChooseDeps } from '../instances/chooseInstance.ts';
import { nameOf } from '../instances/instanceRow.ts';
import { reportError, type ReportDeps } from '../report.ts';
import { addressOf, listenerChoices, portIn, portOfNode } from './portWords.ts';
import { line } from '../words.ts';

export interface PortDeps extends ReportDeps, ChooseDeps {
  readonly machines: MachineLinks;
  readonly forwards: Forwards;
}

export async function forwardPort(deps: PortDeps, instance: FleetInstance): Promise<void> {
  const { forwards } = deps;
  const { alias } = instance;
  if (alias === undefined) return;
  try {
    const chosen = await choosePort(deps, instance, alias);
    if (chosen === undefined) return;
    await tellOpen(deps, instance, await forwards.open(alias, chosen.port, chosen.name));
  } catch (error) {
    await reportError(deps, error, { provider: instance.provider, retry: () => forwardPort(deps, instance) });
  }
}

interface Chosen {
  readonly port: number;
  readonly name?: string;
}

async function choosePort(deps: PortDeps, instance: FleetInstance, alias: string): Promise<Chosen | undefined> {
  const { dialogs, machines, forwards, voice } = deps;
  const { t } = voice;
  const name = nameOf(instance);
  const found = await dialogs.progress(t('Asking {0} what listens', name), true, (_, signal) => listening(machines.of(alias), signal));
  const choices = listenerChoices(found ?? [], forwards.of(alias), voice);
  if (choices.length === 0) return typePort(deps, name, found === undefined ? t('The machine does not tell what listens. Port on it') : t('Nothing listens on it now. Port on it'));
  const chosen = await dialogs.pick<Listener | 'type'>({
    title: t('Forward a port of {0}', name),
    placeholder: t('What listens there'),
    choices: [...choices, { label: t('Another port…'), value: 'type' }],
  });
  if (chosen === undefined || chosen === goBack) return undefined;
  if (chosen === 'type') return typePort(deps, name, t('Port on the machine'));
  const tool = toolName(chosen);
  return { port: chosen.port, ...(tool === undefined ? {} : { name: tool }) };
}

async function typePort({ dialogs, voice }: PortDeps, name: string, prompt: string): Promise<Chosen | undefined> {
  const { t } = voice;
  const text = await dialogs.input({ title: t('Forward a port of {0}', name), prompt, placeholder: '8888', refuse: (typed) => (portIn(typed) === undefined ? t('A number from 1 to 65535') : undefined) });
  const port = text === undefined ? undefined : portIn(text);
  if (port === undefined) return undefined;
  const tool = toolName({ port });
  return { port, ...(tool === undefined ? {} : { name: tool }) };
}

async function tellOpen(deps: PortDeps, instance: FleetInstance, port: OpenPort): Promise<void> {
  const { t } = deps.voice;
  const answer = await deps.dialogs.notify({
    level: 'info',
    text: t('Port {0} of {1} is at localhost:{2}.', port.remotePort, nameOf(instance), port.localPort),
    buttons: [{ id: 'open', label: t('Open in browser') }, { id: 'copy', label: t('Copy address') }],
  });
  if (answer === 'open') await openPort(deps, port);
  if (answer === 'copy') await copyPort(deps, port);
}

/** Where the editor runs in a browser or on another computer, the address that leads there is another one. */
export async function openPort({ editor }: Pick<PortDeps, 'editor'>, port: OpenPort): Promise<void> {
  await editor.openExternal(await editor.external(addressOf(port)));
}

export async function copyPort({ editor }: Pick<PortDeps, 'editor'>, port: OpenPort): Promise<void> {
  await editor.copy(await editor.external(addressOf(port)));
}

/** The port a command is about: the one it was invoked on, else the only one, else the one a person picks. */
export async function chooseOpen({ dialogs, fleet, forwards, voice }: PortDeps, argument: unknown): Promise<OpenPort | undefined> {
  const { t } = voice;
  const ofAlias = (alias: string): FleetInstance | undefined => fleet.instances.find((instance) => instance.alias === alias);
  const remotePort = portOfNode(argument);
  if (remotePort !== undefined && typeof argument === 'string') {
    const id = argument.split('/')[1];
    return forwards.find(fleet.instances.find((instance) => instance.id === id)?.alias ?? '', remotePort);
  }
  const open = forwards.all;
  if (open.length === 0) {
    await dialogs.notify({ level: 'info', text: t('No port of a machine is open here.'), buttons: [] });
    return undefined;
  }
  if (open.length === 1) return open[0];
  const chosen = await dialogs.pick({
    title: t('Ports'),
    placeholder: t('Which port?'),
    choices: open.map((port) => {
      const instance = ofAlias(port.alias);
      return { label: line(String(port.remotePort), plain(port.name ?? '', 40)), description: line(instance && nameOf(instance), `localhost:${port.localPort}`), value: port };
    }),
  });
  return chosen === goBack ? undefined : chosen;
}
