/** JupyterLab and TensorBoard with one click: what runs is used, what does not is started, what is missing is asked about. */
import type { MachineLink } from '../../domain/machineLink.ts';
import type { Clock } from '../../domain/ports.ts';
import type { WebServer } from '../../domain/webTool.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import type { OpenPort } from '../../services/forwards.ts';
import { install, jupyter, runFolders, running, start, tensorboard, type Opened, type WebTool } from '../../services/webTools.ts';
import { goBack } from '../dialogs.ts';
import { fileName, plain } from '../escape.ts';
import { nameOf } from '../instances/instanceRow.ts';
import { reportError } from '../report.ts';
import type { SharedServer } from './jupyterServers.ts';
import type { PortDeps } from './portFlows.ts';
import { addressOf } from './portWords.ts';

export interface WebToolDeps extends PortDeps {
  readonly clock: Clock;
  /** Usual work folders. */
  readonly folders: readonly string[];
  /** To the Jupyter extension; false where there is none. */
  readonly share: (server: SharedServer) => Promise<boolean>;
  readonly showText: (name: string, text: string) => Promise<void>;
  /** How this port is opened from now on, where its bare address is not enough. */
  readonly remember: (port: OpenPort, open: () => Promise<void>) => void;
}

export async function openJupyter(deps: WebToolDeps, instance: FleetInstance): Promise<void> {
  const { alias } = instance;
  if (alias === undefined) return;
  try {
    const server = await found(deps, instance, jupyter, () => Promise.resolve(deps.folders));
    if (server === undefined) return;
    const port = await deps.forwards.open(alias, server.port, jupyter.name);
    const base = addressOf(port, server.basePath, server.secure);
    const open = (): Promise<void> => openLab(deps, base, server.token);
    deps.remember(port, open);
    const shared = await deps.share({
      id: `${alias}/${server.port}`, label: `${nameOf(instance)} · ${plain(instance.gpu, 40)}`, url: `${base}/`,
      ...(server.token === undefined ? {} : { token: server.token }),
    });
    if (!shared) return await open();
    const { t } = deps.voice;
    const answer = await deps.dialogs.notify({
      level: 'info',
      text: t('JupyterLab of {0} is offered where a notebook’s kernel is chosen, under {1}.', nameOf(instance), 'GPU Rental'),
      buttons: [{ id: 'open', label: t('Open in browser') }],
    });
    if (answer === 'open') await open();
  } catch (error) {
    await reportError(deps, error, { provider: instance.provider, retry: () => openJupyter(deps, instance) });
  }
}

/**
 * The token goes into the address only where that stays on this computer, inside the connection over SSH. Anywhere else
 * a proxy may write addresses down: there it is pasted into Jupyter's own page.
 */
async function openLab({ dialogs, editor, voice }: WebToolDeps, base: string, token: string | undefined): Promise<void> {
  const { t } = voice;
  const page = `${base}/lab`;
  const outside = await editor.external(page);
  if (token === undefined) return editor.openExternal(outside);
  if (isLoopback(outside)) return editor.openExternal(await editor.external(`${page}?token=${encodeURIComponent(token)}`));
  await editor.copy(token);
  await editor.openExternal(outside);
  await dialogs.notify({ level: 'info', text: t('JupyterLab asks for its token: it is in the clipboard, ready to paste.'), buttons: [] });
}

export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

export async function openTensorboard(deps: WebToolDeps, instance: FleetInstance): Promise<void> {
  const { alias } = instance;
  if (alias === undefined) return;
  try {
    const server = await found(deps, instance, tensorboard, () => chooseFolder(deps, instance));
    if (server === undefined) return;
    const port = await deps.forwards.open(alias, server.port, tensorboard.name);
    await deps.editor.openExternal(await deps.editor.external(addressOf(port, `${server.basePath}/`, server.secure)));
  } catch (error) {
    await reportError(deps, error, { provider: instance.provider, retry: () => openTensorboard(deps, instance) });
  }
}

/** One that runs, else one that is started where `where` says; undefined when a person turned away or was told why not. */
async function found<W>(deps: WebToolDeps, instance: FleetInstance, tool: WebTool<W>, where: () => Promise<W | undefined>): Promise<WebServer | undefined> {
  const { dialogs, machines, clock, voice } = deps;
  const { t } = voice;
  const name = nameOf(instance);
  const link = machines.of(instance.alias ?? '');
  const [there] = await dialogs.progress(t('Looking for {0} on {1}', tool.name, name), true, (_, signal) => running(link, tool, signal));
  if (there !== undefined) return there;
  const place = await where();
  if (place === undefined) return undefined;
  const begin = (): Promise<Opened> => dialogs.progress(t('Starting {0} on {1}', tool.name, name), true, (_, signal) => start(link, tool, place, clock, signal));
  let opened = await begin();
  if (opened.is === 'missing') {
    if (!(await installed(deps, instance, tool, link))) return undefined;
    opened = await begin();
  }
  if (opened.is === 'open') return opened.server;
  await tellFailed(deps, instance, t('{0} did not start on {1}.', tool.name, name), opened.is === 'failed' ? opened.log : '');
  return undefined;
}

async function installed<W>(deps: WebToolDeps, instance: FleetInstance, tool: WebTool<W>, link: MachineLink): Promise<boolean> {
  const { dialogs, voice } = deps;
  const { t } = voice;
  const name = nameOf(instance);
  const { download, disk } = tool.size;
  const answer = await dialogs.confirm({
    title: t('Install {0} on {1}?', tool.name, name),
    detail: t('It is not there. Its Python package and what that needs are about {0} MB to download and {1} MB on the disk of the machine, in the Python that is used there.', download, disk),
    buttons: [{ id: 'install', label: t('Install') }],
    grave: false,
  });
  if (answer !== 'install') return false;
  const trouble = await dialogs.progress(t('Installing {0} on {1}', tool.name, name), true, (_, signal) => install(link, tool, signal));
  if (trouble === undefined) return true;
  await tellFailed(deps, instance, t('{0} could not be installed on {1}.', tool.name, name), trouble);
  return false;
}

async function tellFailed({ dialogs, showText, voice }: WebToolDeps, instance: FleetInstance, text: string, log: string): Promise<void> {
  const { t } = voice;
  const answer = await dialogs.notify({ level: 'error', text, buttons: log.trim() === '' ? [] : [{ id: 'log', label: t('Show what it said') }] });
  if (answer === 'log') await showText(`${fileName(nameOf(instance))}.log`, log);
}

async function chooseFolder(deps: WebToolDeps, instance: FleetInstance): Promise<string | undefined> {
  const { dialogs, machines, folders, voice } = deps;
  const { t } = voice;
  const title = t('TensorBoard of {0}', nameOf(instance));
  const choices = await dialogs.progress(t('Looking for runs on {0}', nameOf(instance)), true, (_, signal) => runFolders(machines.of(instance.alias ?? ''), folders, signal));
  const type = (): Promise<string | undefined> => dialogs.input({
    title,
    prompt: choices.length === 0 ? t('No event files were found. Folder on the machine to show') : t('Folder on the machine to show'),
    value: `${folders[0] ?? ''}/runs`,
    refuse: (text) => (text.startsWith('/') ? undefined : t('A path that begins with a slash')),
  });
  if (choices.length === 0) return type();
  const chosen = await dialogs.pick<string>({
    title,
    placeholder: t('Which runs?'),
    choices: [
      ...choices.map(({ path, runs }) => ({ label: plain(path, 100), description: runs === 1 ? t('1 run') : t('{0} runs', runs), value: path })),
      { label: t('Another folder…'), value: '' },
    ],
  });
  if (chosen === undefined || chosen === goBack) return undefined;
  return chosen === '' ? type() : chosen;
}
