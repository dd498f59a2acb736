import type { Ready } from '../../services/readiness.ts';
import type { Dialogs } from '../dialogs.ts';
import { plain } from '../escape.ts';
import type { Settings } from '../settings.ts';
import type { Voice } from '../voice.ts';
import type { PodEditor } from './podEditor.ts';

export interface OpenPodDeps {
  readonly pod: PodEditor;
  readonly settings: Pick<Settings, 'openIn'>;
  readonly dialogs: Dialogs;
  readonly voice: Voice;
  readonly practice: boolean;
}

/** Opens a machine's folder without anything but this extension. */
export async function openFiles({ pod, settings, practice, dialogs, voice }: OpenPodDeps, ready: Ready, folder = ready.report.folder): Promise<void> {
  const place = { alias: ready.alias, path: folder };
  if (!practice) return pod.openFolder(place, machineName(ready), settings.openIn === 'newWindow');
  // Another window knows nothing of this one's market, and a folder that is opened here begins the window anew.
  const answer = await dialogs.notify({
    level: 'info',
    text: voice.t('The practice market ends with its window, so {0} is not opened as a folder; its files open one by one.', machineName(ready)),
    buttons: [{ id: 'file', label: voice.t('Open a file') }],
  });
  if (answer === 'file') await pod.pickFile(place);
}

export async function askFolder(deps: OpenPodDeps, ready: Ready): Promise<void> {
  const { t } = deps.voice;
  const folder = await deps.dialogs.input({
    title: t('Open a folder of {0}', machineName(ready)),
    prompt: t('Its path there, from the root'),
    value: ready.report.folder,
    refuse: (text) => (isFolderPath(text.trim()) ? undefined : t('A path begins with a slash and leads nowhere back.')),
  });
  if (folder !== undefined) await openFiles(deps, ready, folder.trim());
}

const isFolderPath = (text: string): boolean => text.startsWith('/') && !text.split('/').some((part) => part === '..' || part === '.') && !/\p{Cc}/u.test(text);

/** As people call it; two that have none are told apart by the end of their label. */
export const machineName = ({ launch, alias }: Ready): string => plain(launch.quote.name, 40) || alias.slice(-4);
