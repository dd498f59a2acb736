/** File attributes: from the wire, to the wire, onto a file, and as a line of `ls -l`. */
import type { Stats } from 'node:fs';
import { type Reader, u32, u64 } from './protocol.ts';

const HAS = { size: 1, owner: 2, mode: 4, times: 8, extended: 0x80000000 } as const;

export interface Wanted {
  size?: number;
  owner?: { uid: number; gid: number };
  mode?: number;
  /** Seconds since 1970. */
  times?: { access: number; modify: number };
}

export function readAttributes(reader: Reader): Wanted {
  const flags = reader.u32();
  const wanted: Wanted = {};
  if (flags & HAS.size) wanted.size = reader.u64();
  if (flags & HAS.owner) wanted.owner = { uid: reader.u32(), gid: reader.u32() };
  if (flags & HAS.mode) wanted.mode = reader.u32();
  if (flags & HAS.times) wanted.times = { access: reader.u32(), modify: reader.u32() };
  if (flags & HAS.extended) {
    for (let left = 2 * reader.u32(); left > 0; left--) reader.bytes();
  }
  return wanted;
}

const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);

export const encodeStats = (stats: Stats): Buffer =>
  Buffer.concat([
    u32(HAS.size | HAS.owner | HAS.mode | HAS.times),
    u64(stats.size),
    ...[stats.uid, stats.gid, stats.mode, seconds(stats.atimeMs), seconds(stats.mtimeMs)].map(u32),
  ]);

export const NO_ATTRIBUTES = u32(0);

/** An open file and a path can both be changed in these ways. */
export interface Changeable {
  truncate(size: number): Promise<void>;
  chmod(mode: number): Promise<void>;
  utimes(access: number, modify: number): Promise<void>;
  chown(uid: number, gid: number): Promise<void>;
}

/** Times last but one, because truncating changes them; the owner last, because it may be refused. */
export async function applyTo(file: Changeable, wanted: Wanted): Promise<void> {
  if (wanted.size !== undefined) await file.truncate(wanted.size);
  if (wanted.mode !== undefined) await file.chmod(wanted.mode & 0o7777);
  if (wanted.times !== undefined) await file.utimes(wanted.times.access, wanted.times.modify);
  if (wanted.owner !== undefined) await file.chown(wanted.owner.uid, wanted.owner.gid);
}

const KINDS: Readonly<Record<number, string>> = { 0o14: 's', 0o12: 'l', 0o10: '-', 0o6: 'b', 0o4: 'd', 0o2: 'c', 0o1: 'p' };

export function modeText(mode: number): string {
  const triple = (bits: number, special: boolean, letter: string): string => {
    const run = bits & 1 ? 'x' : '-';
    const last = special ? (bits & 1 ? letter : letter.toUpperCase()) : run;
    return `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${last}`;
  };
  return [
    KINDS[(mode >> 12) & 0o17] ?? '?',
    triple(mode >> 6, (mode & 0o4000) !== 0, 's'),
    triple(mode >> 3, (mode & 0o2000) !== 0, 's'),
    triple(mode, (mode & 0o1000) !== 0, 't'),
  ].join('');
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The pod's one user is root, whatever account of this machine stands behind it. */
const ownerName = (id: number, own: number | undefined): string => (id === own || id === 0 ? 'root' : String(id));

/** A line of `ls -l`; dates older than half a year or in the future show the year. */
export function longName(name: string, stats: Stats, now = new Date()): string {
  const when = stats.mtime;
  const age = now.getTime() - when.getTime();
  const two = (value: number): string => String(value).padStart(2, '0');
  const recent = age >= 0 && age < 182 * 24 * 3600_000;
  const time = recent ? `${two(when.getHours())}:${two(when.getMinutes())}` : ` ${when.getFullYear()}`;
  return [
    modeText(stats.mode),
    String(stats.nlink).padStart(4),
    ownerName(stats.uid, process.getuid?.()).padEnd(8),
    ownerName(stats.gid, process.getgid?.()).padEnd(8),
    String(stats.size).padStart(8),
    MONTHS[when.getMonth()],
    String(when.getDate()).padStart(2),
    time,
    name,
  ].join(' ');
}
