import type { MachineLink } from '../../domain/machineLink.ts';
import { searchPod, type Found, type SearchAnswer } from '../../services/pod/podSearch.ts';
import { goBack, type Dialogs } from '../dialogs.ts';
import { plain } from '../escape.ts';
import type { Voice } from '../voice.ts';
import type { PodEditor } from './podEditor.ts';

export interface SearchDeps {
  readonly dialogs: Dialogs;
  readonly voice: Voice;
  readonly pod: Pick<PodEditor, 'show'>;
}

export interface SearchPlace {
  readonly link: MachineLink;
  /** The machine's. */
  readonly name: string;
  readonly folder: string;
}

const mostFound = 500;

/** The editor's own search cannot look into such a workspace, so the machine searches itself. */
export async function searchOn(deps: SearchDeps, { link, name, folder }: SearchPlace): Promise<void> {
  const { dialogs, voice, pod } = deps;
  const { t } = voice;
  const text = await dialogs.input({
    title: t('Search on {0}', name),
    prompt: t('A text in the files of {0}; small letters find large ones too', plain(folder, 100)),
    refuse: (given) => (given.trim() === '' || /[\n\r\0]/.test(given) ? t('One line of text is needed.') : undefined),
  });
  if (text === undefined) return;
  const answer = await dialogs.progress(t('Searching on {0}', name), true, (_, signal) => searchPod(link, { folder, text, most: mostFound }, signal));
  if (answer.found.length === 0) {
    await dialogs.notify({ level: 'info', text: t('Nothing in {0} has that text.', plain(folder, 100)), buttons: [] });
    return;
  }
  const chosen = await dialogs.pick({ title: titleOf(answer, voice), placeholder: t('Which one?'), choices: rows(answer.found, folder) });
  if (chosen !== undefined && chosen !== goBack) await pod.show({ alias: link.alias, path: chosen.path }, chosen.line);
}

const titleOf = ({ found, more }: SearchAnswer, { t }: Voice): string =>
  more ? t('The first {0} lines, and there are more', found.length) : t('{0} lines', found.length);

function rows(found: readonly Found[], folder: string) {
  const below = folder === '/' ? 1 : folder.length + 1;
  return found.map((one, at) => ({
    label: plain(one.text, 200) || '·',
    description: `${one.line}`,
    value: one,
    ...(found[at - 1]?.path === one.path ? {} : { section: plain(one.path.slice(below), 200) }),
  }));
}
