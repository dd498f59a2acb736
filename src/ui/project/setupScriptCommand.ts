/** Writes down what this project does as a script that runs the same on any machine, and opens it to be read. */
import type { Project } from '../../domain/project.ts';
import { environmentOf, gitPlaceOf, type ReadText } from '../../services/projectFacts.ts';
import { writeSetupScript } from '../../services/setupScript.ts';
import type { CommandHandlers } from '../commandIds.ts';
import type { Routes } from '../data/routes.ts';
import type { Dialogs } from '../dialogs.ts';
import type { Voice } from '../voice.ts';

/** The first folder of the window. */
export interface ProjectFolder {
  readonly name: string;
  readonly read: ReadText;
  readonly exists: (path: string) => Promise<boolean>;
  /** The file in front, below the folder. */
  readonly active: string | undefined;
}

export interface SetupScriptDeps {
  readonly dialogs: Dialogs;
  readonly voice: Voice;
  readonly routes: Pick<Routes, 'all'>;
  readonly projectFolder: () => ProjectFolder | undefined;
  /** As a new text that is not saved anywhere yet. */
  readonly openNew: (language: string, text: string) => Promise<void>;
}

export function setupScriptCommands(deps: SetupScriptDeps) {
  const { dialogs, openNew, projectFolder, routes, voice } = deps;
  const { t } = voice;
  return {
    'gpuRental.project.createSetupScript': async (): Promise<void> => {
      const folder = projectFolder();
      if (folder === undefined) return void (await dialogs.notify({ level: 'info', text: t('Open the project’s folder first.'), buttons: [] }));
      const command = await dialogs.input({
        title: t('What does the project run?'),
        prompt: t('As you would type it in the project’s folder. Leave it empty to run nothing.'),
        value: usualCommand(folder.active),
        refuse: (text) => (/[\p{Cc}]/u.test(text) ? t('One line is needed.') : undefined),
      });
      if (command === undefined) return;
      const [code, environment] = await Promise.all([gitPlaceOf(folder.read), environmentOf(folder.exists)]);
      const project: Project = {
        name: folder.name,
        data: routes.all.toReversed(),
        ...(code === undefined ? {} : { code }),
        ...(environment === undefined ? {} : { environment }),
        ...(command.trim() === '' ? {} : { command: command.trim() }),
      };
      await openNew('shellscript', writeSetupScript(project));
      if (code === undefined) await dialogs.notify({ level: 'info', text: t('The project has no git remote that a machine could reach, so the script does not bring the code.'), buttons: [] });
      else if (!code.pushed) await dialogs.notify({ level: 'warning', text: t('This commit may not be at its remote yet: push it, or the script cannot bring it.'), buttons: [] });
    },
  } satisfies CommandHandlers;
}

function usualCommand(active: string | undefined): string {
  if (active === undefined || !/\.(py|sh)$/.test(active)) return '';
  const word = /^[\w./-]+$/.test(active) && !active.startsWith('-') ? active : `'${active.replaceAll("'", `'\\''`)}'`;
  return active.endsWith('.py') ? `python3 ${word}` : `sh ${word}`;
}
