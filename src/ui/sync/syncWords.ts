import type { SecretFinding, SkippedFile, SyncProgress, SyncResult } from '../../domain/sync.ts';
import { fileSize } from '../sizes.ts';
import type { Translate } from '../voice.ts';
import { duration, roughly } from '../words.ts';

export function progressWords({ bytesDone, bytesInAll, leftMs }: SyncProgress, t: Translate): string {
  const done = t('{0} of {1}', fileSize(bytesDone), fileSize(bytesInAll));
  return leftMs === undefined ? done : t('{0}, {1} left', done, roughly(leftMs, t));
}

export function doneWords({ files, bytes, seconds }: SyncResult, way: 'up' | 'down', t: Translate): string {
  if (files === 0) return t('Both folders were alike already.');
  const took = duration(seconds * 1000, t);
  if (files === 1) return way === 'up' ? t('1 file ({0}) was sent in {1}.', fileSize(bytes), took) : t('1 file ({0}) was fetched in {1}.', fileSize(bytes), took);
  return way === 'up' ? t('{0} files ({1}) were sent in {2}.', files, fileSize(bytes), took) : t('{0} files ({1}) were fetched in {2}.', files, fileSize(bytes), took);
}

const namedAtOnce = 12;

export function findingWords(findings: readonly SecretFinding[], t: Translate): { readonly title: string; readonly detail: string } {
  const files = new Set(findings.map(({ path }) => path)).size;
  const lines = findings.slice(0, namedAtOnce).map(({ path, line, what }) => t('{0}, line {1}: {2}', path, line, what));
  if (findings.length > namedAtOnce) lines.push(t('and {0} more', findings.length - namedAtOnce));
  return { title: files === 1 ? t('A file seems to hold a secret') : t('{0} files seem to hold secrets', files), detail: lines.join('\n') };
}

export const skippedText = (skipped: readonly SkippedFile[]): string => skipped.map(({ path, why }) => `${path}\n    ${why}\n`).join('');
