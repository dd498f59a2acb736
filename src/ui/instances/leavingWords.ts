/** What a person reads about what a machine still holds, before it is destroyed. */
import type { LeftBehind } from '../../domain/leftBehind.ts';
import type { SyncProgress } from '../../domain/sync.ts';
import type { Wiped } from '../../domain/wiped.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import type { Fetched, Look } from '../../services/leaving.ts';
import { plain } from '../escape.ts';
import { paragraphs, type Consent } from '../rent/consent.ts';
import { fileSize } from '../sizes.ts';
import type { Voice } from '../voice.ts';
import { age, grouped, line, moment, roughly } from '../words.ts';
import { nameOf } from './instanceRow.ts';

/** `unseen`: it could not be looked at. `closed`: it is not up, so there is no looking. */
export type Seen = Look | 'unseen' | 'closed';

export interface Holding {
  readonly seen: Seen;
  /** Files of it that are open in this window and not saved. */
  readonly unsaved: readonly string[];
}

/** Paragraphs of the question; none about a machine with nothing on it. */
export function holdingWords({ seen, unsaved }: Holding, voice: Voice): string | undefined {
  const { t } = voice;
  const words = paragraphs(
    seen === 'unseen' && t('It could not be looked at, so what is still on it is not known.'),
    unsaved.length === 1 && t('{0} is open here and not saved.', named(unsaved, t)),
    unsaved.length > 1 && t('{0} files of it are open here and not saved: {1}.', unsaved.length, named(unsaved, t)),
    isLook(seen) && runningWords(seen.left, voice),
    isLook(seen) && changedWords(seen, voice),
  );
  return words === '' ? undefined : words;
}

export const wipeWords = ({ launch }: FleetInstance, { t }: Voice): string =>
  launch?.quote.tier === 'datacentre'
    ? t('Wiping first removes the work folder, keys, tokens and histories from it.')
    : t('Wiping first removes the work folder, keys, tokens and histories from it. Its owner could have copied them before: on somebody’s own machine nobody can promise more.');

function runningWords({ running }: LeftBehind, { t }: Voice): string | false {
  if (running.length === 0) return false;
  return t('Still running on it: {0}.', named(running.map(shortly), t));
}

/** Without the folder that the program lies in. */
const shortly = (command: string): string => command.replace(/^\S+\//, '');

function changedWords({ left, fetchedAt, at }: Look, voice: Voice): string | false {
  const { t } = voice;
  const { changed, folder, lastRunEndedAt } = left;
  const missed = fetchedAt !== undefined && lastRunEndedAt !== undefined && lastRunEndedAt > fetchedAt;
  const late = missed && t('The last download was {0} before the last run ended.', roughly(lastRunEndedAt - fetchedAt, t));
  if (changed.files === 0 && !changed.partial) return late;
  const files = filesWords(changed.files, changed.bytes, changed.partial, voice);
  const since = fetchedAt === undefined
    ? t('{0} in {1} were made or changed on it, and nothing was downloaded yet.', files, plain(folder))
    : t('{0} in {1} changed since the last download at {2}, {3}.', files, plain(folder), moment(fetchedAt, at, t), age(at - fetchedAt, t));
  return [since, late].filter((sentence) => sentence).join(' ');
}

function filesWords(files: number, bytes: number, partial: boolean, { t }: Voice): string {
  if (partial) return t('{0} files or more ({1})', grouped(files), fileSize(bytes));
  return files === 1 ? t('1 file ({0})', fileSize(bytes)) : t('{0} files ({1})', grouped(files), fileSize(bytes));
}

/** Why a downloaded machine should not go yet; undefined when everything is here. */
export function doubtWords({ skipped, since }: Fetched, { t }: Voice): string | undefined {
  const changed = since?.changed;
  const words = paragraphs(
    skipped.length > 0 && t('Not everything could be downloaded: {0}.', named(skipped.map(({ path, why }) => `${path} (${why})`), t)),
    since === undefined && t('It could not be looked at again, so whether files changed meanwhile is not known.'),
    changed !== undefined && (changed.files > 0 || changed.partial) && t('{0} files changed on it while it was downloaded.', grouped(changed.files)),
  );
  return words === '' ? undefined : words;
}

export function unwipedWords({ left, keptVolume }: Wiped, { t }: Voice): string | undefined {
  const words = paragraphs(
    left > 0 && t('{0} files could not be removed.', grouped(left)),
    keptVolume && t('Its work folder is a volume that outlives the machine, so what lies there was left alone.'),
  );
  return words === '' ? undefined : words;
}

export const allTheSame = (instance: FleetInstance, detail: string, { t }: Voice): Consent => ({ title: t('Destroy {0} all the same?', nameOf(instance)), detail });

/** `1,204 of 3,000 files · 2.1 of 5.2 GB · 4 m left`. */
export function progressWords({ filesDone, filesInAll, bytesDone, bytesInAll, leftMs }: SyncProgress, { t }: Voice): string {
  return line(
    t('{0} of {1} files', grouped(filesDone), grouped(filesInAll)),
    t('{0} of {1}', fileSize(bytesDone), fileSize(bytesInAll)),
    leftMs !== undefined && t('{0} left', roughly(leftMs, t)),
  );
}

export const isLook = (seen: Seen): seen is Look => typeof seen !== 'string';

/** Three of them by name: a question is read, a list is not. */
function named(names: readonly string[], t: Voice['t']): string {
  const shown = names.slice(0, 3).map((name) => plain(name, 60)).join(', ');
  return names.length > 3 ? t('{0} and {1} more', shown, names.length - 3) : shown;
}
