/** Which files of a folder nobody writes to: a checkpoint that is copied while it is written would be half of one. */
import { shellQuote } from './shellQuote.ts';

/** What was not touched for this long is whole. */
export const stillSeconds = 15;

const mark = 'gpu-rental-still';

/** Prints their names below the folder, one a line, between two marks; names that a line cannot carry are left out. */
export const stillFilesScript = (folder: string): string => `
echo '${mark} begin'
if cd ${shellQuote(folder)} 2>/dev/null; then
  ref=$(mktemp) || exit
  trap 'rm -f "$ref"' EXIT
  touch -d "@$(($(date +%s) - ${stillSeconds}))" "$ref" || exit
  find . -type f ! -newer "$ref" ! -name '*
*' ! -path '*
*' -print || exit
fi
echo '${mark} end'
`;

/** Undefined when the machine did not say all of it. */
export function readStillFiles(printed: string): readonly string[] | undefined {
  const lines = printed.split('\n');
  const [begin, end] = [lines.indexOf(`${mark} begin`), lines.lastIndexOf(`${mark} end`)];
  if (begin < 0 || end < begin) return undefined;
  const names = lines.slice(begin + 1, end).flatMap((line) => (line.startsWith('./') ? [line.slice(2)] : []));
  return names.filter((name) => name.split('/').every((part) => part !== '' && part !== '..'));
}
