/**
 * Which names from a machine may be used here. It can say anything, and one name that leads out of the folder would let
 * it write a login script or a key.
 */
import { incomingName } from './item.ts';

/** Why this path cannot be written below a folder of this platform; undefined when it can. */
export function pathProblem(path: string, platform: NodeJS.Platform = process.platform): string | undefined {
  if (path === '' || path.length > 4096) return 'Its name is empty or too long.';
  if (path.includes('\0')) return 'Its name holds a zero byte.';
  for (const name of path.split('/')) {
    if (name === '' || name === '.' || name === '..') return 'Its name leads out of the folder.';
    if (Buffer.byteLength(name) > 255) return 'Its name is empty or too long.';
    if (sameName(name, incomingName)) return 'Its name is used by the transfer itself.';
    if (platform === 'win32' && notOnWindows(name)) return 'Windows cannot have a file of that name.';
  }
  return undefined;
}

/** Backslashes and colons would lead elsewhere, and so would devices and names that Windows shortens. */
const notOnWindows = (name: string): boolean =>
  /[\p{Cc}<>:"|?*\\]|[. ]$/u.test(name) || /^(?:con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³])\s*(?:\.|$)/i.test(name);

/** Two names that are one file on a disk that takes no notice of case or of how an accent is written. */
export const foldedName = (name: string): string => name.normalize('NFC').toLowerCase().normalize('NFC');
const sameName = (a: string, b: string): boolean => foldedName(a) === foldedName(b);

/**
 * Whether a link at `path` cannot lead out of the folder, whatever other links there are in it. After a name that may be
 * a link itself `..` can lead anywhere, so climbing is allowed at the beginning alone.
 */
export function linkStays(path: string, target: string): boolean {
  if (target === '' || target.includes('\0') || target.startsWith('/') || /^[A-Za-z]:|\\/.test(target)) return false;
  const names = target.split('/').filter((name) => name !== '' && name !== '.');
  const climbs = names.findIndex((name) => name !== '..');
  const up = climbs < 0 ? names.length : climbs;
  return up <= path.split('/').length - 1 && !names.slice(up).includes('..');
}

/** What can be shown and logged: names hold line breaks and signs that act on a terminal. */
export const shownName = (name: string): string => name.replace(/[\p{Cc}\p{Bidi_Control}]/gu, '\u{fffd}').slice(0, 300);
