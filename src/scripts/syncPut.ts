/**
 * How a machine takes what it is sent. Everything is written below a folder of ours that lies in the one to be filled,
 * so on the same disk, and is moved to its name when it is whole. Each script ends in a line that begins with `mark`.
 */
import { shellQuote } from './shellQuote.ts';
import { blockBytes } from './syncLook.ts';

/**
 * Fresh folders go in whole; where there is one already, it is entered. Two of us may make the same one at the same
 * moment: `-T` moves none into another, and a machine whose mv lacks it enters each. mv replaces a file and a link,
 * never a folder.
 */
const place = `
place() {
  for one in "$1"/* "$1"/.[!.]* "$1"/..?*; do
    [ -d "$one" ] && [ ! -L "$one" ] || continue
    to=$2/\${one##*/}
    [ -d "$to" ] || mv -T "$one" "$to" 2>/dev/null && [ ! -d "$one" ] && continue
    mkdir -p "$to" && ( place "$one" "$to" ) || return 1
  done
  find "$1/." -name . -o -type d -prune -o -exec sh -c 'to=$1; shift; exec mv -f "$@" "$to"' sh "$2/" {} +
}`;

/** A tar archive on standard input. */
export const bundleScript = (folder: string, incoming: string, name: string, mark: string, packed: boolean): string => `
export LC_ALL=C; umask 022
out=${shellQuote(folder)}; in=$out/${incoming}/b-${name}
${place}
mkdir -p "$in" && cd "$in" || exit 1
if ${packed ? 'gzip -dc | ' : ''}tar -xpof - && cd "$out" && place "$in" "$out"; then said=1; else said=0; fi
cd / && rm -rf "$in"
[ $said = 1 ] && printf '\\n${mark}placed\\n'`;

/**
 * A piece of a big file on standard input, for its place in the half one; `at` counts blocks. dd only goes to that place:
 * cat writes what comes in larger portions.
 */
export const pieceScript = (folder: string, incoming: string, name: string, at: number, mark: string): string => `
export LC_ALL=C; umask 077
mkdir -p ${shellQuote(`${folder}/${incoming}`)} || exit 1
( dd bs=${blockBytes} seek=${at} count=0 conv=notrunc 2>/dev/null </dev/null && exec cat ) 1<>${shellQuote(`${folder}/${incoming}/p-${name}`)} || exit 1
printf '\n${mark}written\n'`;

export interface Whole {
  /** Below the folder. */
  readonly path: string;
  readonly bytes: number;
  readonly modified: number;
  readonly mode: number;
}

/** A half file that is whole now takes its name. */
export function wholeScript(folder: string, incoming: string, name: string, mark: string, { path, bytes, modified, mode }: Whole): string {
  const above = path.includes('/') ? `${folder}/${path.slice(0, path.lastIndexOf('/'))}` : folder;
  const last = path.slice(path.lastIndexOf('/') + 1);
  return `
export LC_ALL=C; umask 022
in=${shellQuote(`${folder}/${incoming}`)}; part=$in/p-${name}
${bytes === 0 ? 'mkdir -p "$in" && : >"$part" || exit 1' : ''}
[ "$(wc -c <"$part")" -eq ${bytes} ] || { echo 'not whole' >&2; exit 1; }
mkdir -p ${shellQuote(above)} "$in/b-${name}" || exit 1
chmod ${(mode & 0o777).toString(8)} "$part" && { touch -d @${modified} "$part" || :; } &&
mv "$part" "$in/b-${name}"/${shellQuote(last)} && mv -f "$in/b-${name}"/${shellQuote(last)} ${shellQuote(`${above}/`)}
said=$?
rm -rf "$in/b-${name}"
[ $said = 0 ] && printf '\\n${mark}whole\\n'`;
}

/** Files whose content is right and whose time or mode is not; their names come on standard input. */
export const touchScript = (folder: string, modified: number, mode: number | undefined): string => {
  const keep = mode === undefined ? '' : `xargs -0 chmod ${(mode & 0o777).toString(8)} <"$names" 2>/dev/null`;
  return `
cd ${shellQuote(folder)} || exit 1
names=$(mktemp) || exit 1
cat >"$names"
xargs -0 touch -d @${modified} <"$names" 2>/dev/null
${keep}
rm -f "$names"`;
};

/** The folder of half files goes when nothing is in it. */
export const tidyScript = (folder: string, incoming: string): string => `rmdir ${shellQuote(`${folder}/${incoming}`)} 2>/dev/null; exit 0`;
