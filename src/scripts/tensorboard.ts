/** TensorBoard on a machine: those that run keep a file each in the folder for temporary files. */
import type { WebServer } from '../domain/webTool.ts';
import { shellQuote } from './shellQuote.ts';
import { filesOfLiving, livesScript, mark, pathIn, pidIn, pipInstallScript, portIn, readServers, startScript } from './webTool.ts';

const name = 'tensorboard';

export const findTensorboard = filesOfLiving('"${TMPDIR:-/tmp}"/.tensorboard-info/pid-*.info /tmp/.tensorboard-info/pid-*.info', '$(basename "$file" .info | sed "s/^pid-//")', 'tensorboard');
export const awaitTensorboard = (pid: number): string => findTensorboard + livesScript(name, pid);
export const installTensorboard = pipInstallScript('tensorboard');

/** On loopback, at its usual port or the next that is free: it looks for one only when it is told none. */
export const startTensorboard = (folder: string): string =>
  startScript({ name, present: 'command -v tensorboard', command: `tensorboard --host 127.0.0.1 --logdir ${shellQuote(folder)}` });

export const readTensorboard = (printed: string): WebServer[] => {
  const found = readServers(printed).flatMap((file): WebServer[] => {
    const [port, pid, folder] = [portIn(file['port']), pidIn(file['pid']), file['logdir']];
    if (port === undefined || pid === undefined) return [];
    return [{ port, pid, secure: false, basePath: pathIn(file['path_prefix']), ...(typeof folder === 'string' && folder.startsWith('/') ? { folder: folder.slice(0, 1000) } : {}) }];
  });
  return [...new Map(found.map((server) => [server.pid, server])).values()];
};

const mostFiles = 300;
const deepest = 7;

/** Where training wrote what TensorBoard shows. Trees of data sets are large: it stops looking after some seconds. */
export const eventFilesScript = (folders: readonly string[]): string => `
limit=$(command -v timeout >/dev/null 2>&1 && echo 'timeout 15')
for top in ${folders.map(shellQuote).join(' ')} "$HOME"; do [ -d "$top" ] && printf '%s\\n' "$top"; done | sort -u | while read -r top; do
  $limit find "$top" -maxdepth ${deepest} \\( -name .git -o -name node_modules -o -name site-packages \\) -prune -o -type f -name 'events.out.tfevents.*' -print 2>/dev/null </dev/null
done | head -n ${mostFiles} | sed 's/^/${mark}events /'
printf '${mark}end\\n'
exit 0
`;

/** Folders that hold such files. A name that breaks a line is lost with it. */
export function readEventFolders(printed: string): string[] {
  const paths = printed.split('\n').flatMap((line) => (line.startsWith(`${mark}events /`) ? [line.slice(`${mark}events `.length)] : []));
  const folders = paths.filter((path) => /\/events\.out\.tfevents\.[^/]+$/.test(path) && path.length <= 1024 && !/\p{Cc}/u.test(path)).map((path) => path.slice(0, path.lastIndexOf('/')) || '/');
  return [...new Set(folders)].toSorted();
}
