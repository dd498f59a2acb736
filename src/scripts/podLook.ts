/** One look at many paths, to tell what has changed since the last. */
import { shellQuote } from './shellQuote.ts';

/** SFTP tells whole seconds; a folder that is listed and filled within one would look unchanged for ever. */
export const lookAt = (paths: readonly string[]): string => `command -v stat >/dev/null 2>&1 || exit 3
set -- ${paths.map(shellQuote).join(' ')}
all=$(stat -L -c "%y %s %i" -- "$@" 2>/dev/null) && { echo "$all"; exit 0; }
for path; do stat -L -c "%y %s %i" -- "$path" 2>/dev/null || echo -; done
`;

/** One mark for each path, the same while nothing has changed; undefined where nothing is. Undefined for all that is no answer. */
export function looks(printed: string, count: number): readonly (string | undefined)[] | undefined {
  const lines = printed.split('\n');
  if (lines.length !== count + 1) return undefined;
  return lines.slice(0, count).map((line) => (line === '-' ? undefined : line));
}
