/** Where work is done on a machine: the same folder that a connection was told to open. */
import { shellQuote } from './shellQuote.ts';

const mark = 'gpu-rental-folder=';

/** Leaves it in `$folder`: the first that is there and can be written to. `$home` is the last resort. */
export const findFolder = (folders: readonly string[]): string => `
home=$(cd "\${HOME:-/}" 2>/dev/null && pwd -P || echo /)
folder=$home
for candidate in ${[...folders.map(shellQuote), '"$home"'].join(' ')}; do
  if [ -d "$candidate" ] && [ -w "$candidate" ]; then folder=$candidate; break; fi
done
`;

export const askWorkFolder = (folders: readonly string[]): string => `${findFolder(folders)}printf '\\n${mark}%s\\n' "$folder"
`;

/** Undefined where no answer of ours is found, or one that is no plain path. */
export function readWorkFolder(printed: string): string | undefined {
  const [, folder] = new RegExp(`^${mark}(/[^\\p{Cc}]{0,1023})$`, 'mu').exec(printed) ?? [];
  return folder;
}
