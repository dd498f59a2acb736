/** How a machine hands over what it is asked for. What a login shell prints comes before the mark. */
import { shellQuote } from './shellQuote.ts';
import { blockBytes } from './syncLook.ts';

/** The files whose names come on standard input, as one or more tar archives behind each other. */
export const archiveScript = (folder: string, mark: string, packed: boolean): string => `
cd ${shellQuote(folder)} || exit 1
printf '${mark}begin\\n'
xargs -0 tar -cf - 2>/dev/null${packed ? ' | gzip -1' : ''}
exit 0`;

/** A piece of one file; both numbers count blocks. */
export const cutScript = (path: string, at: number, blocks: number, mark: string): string => `
[ -f ${shellQuote(path)} ] || exit 1
printf '${mark}begin\\n'
exec dd if=${shellQuote(path)} bs=${blockBytes} skip=${at} count=${blocks} 2>/dev/null`;

/** The folder that a path of a person means: as it is, below the home folder, or below the first work folder there is. */
export const folderScript = (path: string, workFolders: readonly string[], mark: string): string => `
home=$(cd "\${HOME:-/}" 2>/dev/null && pwd -P || echo /)
work=$home
for one in ${workFolders.map(shellQuote).join(' ')}; do
  if [ -d "$one" ] && [ -w "$one" ]; then work=$one; break; fi
done
printf '${mark}%s\\n' "${rootOf(path)}"`;

const rootOf = (path: string): string => (path.startsWith('/') ? '' : /^~(?:\/|$)/.test(path) ? '$home' : '$work');

/** Undefined when the machine gave no usable folder. */
export function readFolder(stdout: string, path: string, mark: string): string | undefined {
  const said = stdout.split('\n').find((line) => line.startsWith(mark))?.slice(mark.length).trimEnd();
  const under = path.replace(/^~(?:\/|$)/, '');
  const full = path.startsWith('/') ? path : `${said ?? ''}/${under}`;
  return said === undefined || !full.startsWith('/') || full.includes('\0') ? undefined : normal(full);
}

function normal(path: string): string {
  const names: string[] = [];
  for (const name of path.split('/')) {
    if (name === '..') names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return `/${names.join('/')}`;
}
