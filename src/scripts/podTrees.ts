/** What is done to whole trees on a machine, where SFTP would take one request for each file. */
import type { FileProblem } from '../domain/machineLink.ts';
import { shellQuote } from './shellQuote.ts';

/**
 * Removes a folder with all that is in it, and nothing of another disk that is mounted there. Checked again where it
 * happens: the home folder, or one that it lies in, is never removed.
 */
export const removeTree = (path: string): string => `LC_ALL=C; export LC_ALL
path=${shellQuote(path)}
case "$(cd "$HOME" 2>/dev/null && pwd -P)/" in "$(cd "$path" 2>/dev/null && pwd -P)/"*) echo "the home folder lies there" >&2; exit 1;; esac
stay=
rm --help 2>&1 | grep -q one-file-system && stay=--one-file-system
exec rm -rf $stay -- "$path"
`;

/** Whole or not at all: what is copied takes its place when it is there. `beside` is a name in the same folder that is free. */
export const copyTree = (from: string, to: string, beside: string, overwrite: boolean): string => `LC_ALL=C; export LC_ALL
from=${shellQuote(from)} to=${shellQuote(to)} beside=${shellQuote(beside)}
cp -a -- "$from" "$beside" || { code=$?; rm -rf -- "$beside"; exit $code; }
${takePlace(overwrite)}`;

/** Where a plain rename cannot lead, because another disk is mounted there. */
export const moveTree = (from: string, to: string, beside: string, overwrite: boolean): string => `${copyTree(from, to, beside, overwrite)}
rm -rf -- "$from"
`;

/** What came there meanwhile is left alone; \`mv\` would put things into a folder that stands in the way. */
const takePlace = (overwrite: boolean): string => overwrite
  ? `if [ -d "$to" ] && [ ! -L "$to" ]; then rm -rf -- "$to" || { rm -rf -- "$beside"; exit 1; }; fi
mv -f -- "$beside" "$to" || { rm -rf -- "$beside"; exit 1; }`
  : `if [ -e "$to" ] || [ -L "$to" ]; then rm -rf -- "$beside"; echo "File exists" >&2; exit 1; fi
mv -- "$beside" "$to" || { rm -rf -- "$beside"; exit 1; }`;

const sayings: readonly (readonly [RegExp, FileProblem])[] = [
  [/no space left|quota exceeded/i, 'diskFull'],
  [/permission denied|not permitted|read-only file system/i, 'noPermission'],
  [/file exists/i, 'exists'],
  [/no such file/i, 'notFound'],
  [/home folder lies there/, 'noPermission'],
];

/** What a machine meant by what it said of a script that failed. */
export const problemIn = (stderr: string): FileProblem => sayings.find(([saying]) => saying.test(stderr))?.[1] ?? 'failed';
