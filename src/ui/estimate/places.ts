/**
 * Places in files as the panel knows them: an id and words. A webview is never believed about a path, so its word is
 * looked up among the places that were read, and anything else leads nowhere.
 */
import { createHash } from 'node:crypto';
import type { Reading } from '../../estimate/facts.ts';
import type { Place } from '../../webview/estimate/messages.ts';

export interface FilePlace {
  readonly file: string;
  readonly line?: number;
}

/** `L41` in the script itself, `train.yaml:12` elsewhere. */
export function placeOf({ file, line }: Partial<FilePlace>, script: string): Place | undefined {
  if (file === undefined) return undefined;
  const base = file.slice(file.lastIndexOf('/') + 1);
  const place = { file, ...(line === undefined ? {} : { line }) };
  const text = line === undefined ? base : file === script ? `L${line}` : `${base}:${line}`;
  return { id: idOf(place), text, title: line === undefined ? file : `${file}:${line}` };
}

/** Undefined for what was not read, or is not read any more. */
export function placeBy(id: string, reading: Pick<Reading, 'facts' | 'gaps'>): FilePlace | undefined {
  for (const { file, line } of [...reading.facts, ...reading.gaps]) {
    const place = file === undefined ? undefined : { file, ...(line === undefined ? {} : { line }) };
    if (place !== undefined && idOf(place) === id) return place;
  }
  return undefined;
}

/** The same for the same place in every view, so that a click on an older one still means what was clicked. */
const idOf = ({ file, line }: FilePlace): string =>
  createHash('sha256').update(JSON.stringify([file, line ?? 0])).digest('base64url').slice(0, 22);
