import { isRentError } from '../../domain/errors.ts';
import { RemoteFileError } from '../../domain/machineLink.ts';
import { TooLarge } from '../../services/pod/tooLarge.ts';
import { plain } from '../escape.ts';
import type { Voice } from '../voice.ts';
import { gb } from '../words.ts';

/** As the editor tells them apart. */
export type ProblemKind = 'FileNotFound' | 'FileExists' | 'FileNotADirectory' | 'FileIsADirectory' | 'NoPermissions' | 'Unavailable' | 'Unknown';

export interface PodProblem {
  readonly kind: ProblemKind;
  readonly text: string;
}

/** What a file's editor or the explorer says; `name` is the machine's. */
export function podProblem(error: unknown, name: string, voice: Voice): PodProblem {
  const { t } = voice;
  if (error instanceof TooLarge) return { kind: 'Unknown', text: t('{0} is too large to open here; it can be downloaded, or read in a terminal.', gb(error.bytes / 1e9)) };
  if (error instanceof RemoteFileError) return fileProblem(error, name, voice);
  if (isRentError(error, 'gone')) return { kind: 'Unavailable', text: t('{0} does not exist any more, and its files went with it.', name) };
  if (isRentError(error, 'notAllowed')) return { kind: 'Unavailable', text: t('{0} does not run; start it to reach its files.', name) };
  if (isRentError(error, 'hostKeyChanged')) return { kind: 'Unavailable', text: t('{0} shows another host key than before, so nothing is asked of it.', name) };
  if (isRentError(error)) return { kind: 'Unavailable', text: t('{0} cannot be reached now; it is tried again by itself.', name) };
  return { kind: 'Unavailable', text: t('Something in the extension itself failed.') };
}

function fileProblem({ problem, path }: RemoteFileError, name: string, { t }: Voice): PodProblem {
  const file = plain(path, 200);
  switch (problem) {
    case 'notFound':
      return { kind: 'FileNotFound', text: t('There is no {0} on {1}.', file, name) };
    case 'exists':
      return { kind: 'FileExists', text: t('{0} is already on {1}.', file, name) };
    case 'notFolder':
      return { kind: 'FileNotADirectory', text: t('{0} is not a folder.', file) };
    case 'isFolder':
      return { kind: 'FileIsADirectory', text: t('{0} is a folder.', file) };
    case 'noPermission':
      return { kind: 'NoPermissions', text: t('{0} does not allow that with {1}.', name, file) };
    case 'notEmpty':
      return { kind: 'Unknown', text: t('{0} is not empty.', file) };
    case 'diskFull':
      return { kind: 'Unknown', text: t('The disk of {0} is full, so {1} was not written; what was there before is unchanged.', name, file) };
    case 'badName':
      return { kind: 'Unknown', text: t('{0} is no name for a file there.', file) };
    case 'unsupported':
      return { kind: 'Unavailable', text: t('{0} has no SFTP, so its files can be reached in a terminal alone.', name) };
    case 'failed':
      return { kind: 'Unknown', text: t('{0} could not do that with {1}.', name, file) };
  }
}
