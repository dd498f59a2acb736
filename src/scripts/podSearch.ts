/** Looks for a text in the files of a folder: with ripgrep where it is, else with find and grep. */
import { shellQuote } from './shellQuote.ts';

export interface SearchOrder {
  readonly folder: string;
  readonly text: string;
  readonly most: number;
}

export interface Found {
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  readonly text: string;
}

export interface SearchAnswer {
  readonly found: readonly Found[];
  /** There was more than was asked for. */
  readonly more: boolean;
}

const mark = 'gpu-rental-search';
const longestLine = 400;

/** As ripgrep's smart case: small letters stand for large ones too. */
const anyCase = (text: string): string => (text === text.toLowerCase() ? '-i' : '');

/** A file of more than four megabytes is data. `cut` bounds what one endless line can say. */
export const searchScript = ({ folder, text, most }: SearchOrder): string => `cd ${shellQuote(folder)} || exit 4
text=${shellQuote(text)}
echo ${mark}
if command -v rg >/dev/null 2>&1; then
  rg -n --no-heading --color never --no-messages -F ${anyCase(text)} --max-filesize 4M --hidden -g '!.git' --null -e "$text" . 
else
  null=-Z; grep -Z x /dev/null >/dev/null 2>&1; [ $? -le 1 ] || null=
  find . -name .git -prune -o -type f -size -8192 -exec grep -nIHF $null ${anyCase(text)} -e "$text" -- {} + 2>/dev/null
fi | cut -c 1-${longestLine + 4096} | head -n ${most + 1}
`;

/** Null for what is no answer. Names are held to the folder: a machine may say anything. */
export function readSearch(printed: string, folder: string, most: number): SearchAnswer | undefined {
  const at = printed.indexOf(`${mark}\n`);
  if (at < 0) return undefined;
  const found = printed.slice(at + mark.length + 1).split('\n').flatMap((line) => readFound(line, folder));
  return { found: found.slice(0, most), more: found.length > most };
}

function readFound(line: string, folder: string): Found[] {
  // A name may have a colon; only where nothing else parts it from the rest is the first number after one taken.
  const pattern = line.includes('\0') ? /^(?:\.\/)?([^\0]+)\0(\d+):(.*)$/s : /^(?:\.\/)?(.+?):(\d+):(.*)$/s;
  const [, name, number, text = ''] = pattern.exec(line) ?? [];
  if (name === undefined || number === undefined || name.split('/').includes('..') || name.startsWith('/')) return [];
  return [{ path: `${folder === '/' ? '' : folder}/${name}`, line: Number(number), text: text.slice(0, longestLine) }];
}
