/** A key that stands in a script is read by whoever owns the machine that it runs on: said before, once, with a way to look. */
import { isAbort } from '../../domain/errors.ts';
import type { Log } from '../../domain/ports.ts';
import type { FindSecrets, SecretFinding } from '../../domain/sync.ts';
import type { Dialogs } from '../dialogs.ts';
import { plain } from '../escape.ts';
import { paragraphs } from '../rent/consent.ts';
import type { Voice } from '../voice.ts';

export interface ScriptDeps {
  readonly dialogs: Dialogs;
  readonly findSecrets: FindSecrets;
  /** Brings a line of a file of this computer to the front. */
  readonly showFile: (path: string, line: number) => Promise<void>;
  readonly log: Log;
  readonly voice: Voice;
}

export interface LocalScript {
  readonly folder: string;
  /** Below the folder, with slashes. */
  readonly file: string;
}

/** Nobody waits longer for a guess. */
const longestMs = 4000;
const mostNamed = 3;

/** `clean`: nothing was found. `allSame`: the person knows, and goes on. Undefined: they do not. */
export async function askAboutScript(deps: ScriptDeps, { folder, file }: LocalScript, goOn: string): Promise<'clean' | 'allSame' | undefined> {
  const { dialogs, showFile, voice: { t } } = deps;
  const found = await look(deps, folder, file);
  const [first] = found;
  if (first === undefined) return 'clean';
  const answer = await dialogs.confirm({
    title: t('{0} seems to hold a secret', plain(file, 60)),
    detail: paragraphs(
      found.slice(0, mostNamed).map(({ line, what }) => t('Line {0}: {1}', line, what)).join('\n'),
      t('Whoever owns the machine can read it there. An environment variable with a token that can be revoked is better.'),
    ),
    buttons: [{ id: 'show', label: t('Show it') }, { id: 'goOn', label: goOn }],
    grave: true,
  });
  if (answer === 'show') await showFile(`${folder.replace(/\/+$/, '')}/${file}`, first.line);
  return answer === 'goOn' ? 'allSame' : undefined;
}

/** What cannot be searched is no reason to keep anybody from their work. */
async function look({ findSecrets, log }: ScriptDeps, folder: string, file: string): Promise<readonly SecretFinding[]> {
  try {
    return await findSecrets(folder, [file], AbortSignal.timeout(longestMs));
  } catch (error) {
    if (!isAbort(error)) log.warn(`${file} could not be searched for secrets`, error);
    return [];
  }
}
