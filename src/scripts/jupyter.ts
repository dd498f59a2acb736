/**
 * JupyterLab on a machine. Every server keeps a file that only its user reads, with its port and its token: so one that
 * the provider's image has started is found like our own. The token never stands in an argument.
 */
import type { WebServer } from '../domain/webTool.ts';
import { filesOfLiving, livesScript, pathIn, pidIn, pipInstallScript, portIn, readServers, startScript, workFolder } from './webTool.ts';

const name = 'jupyter';

const runtimes = ['"${JUPYTER_RUNTIME_DIR:-/nowhere}"', '"$HOME"/.local/share/jupyter/runtime', '/root/.local/share/jupyter/runtime', '/home/*/.local/share/jupyter/runtime'];
const files = runtimes.flatMap((runtime) => [`${runtime}/jpserver-*.json`, `${runtime}/nbserver-*.json`]).join(' ');
const named = '$(basename "$file" .json | sed "s/.*-//")';

export const findJupyter = filesOfLiving(files, named, 'jupyter\\|notebook');
export const awaitJupyter = (pid: number): string => findJupyter + livesScript(name, pid);
export const installJupyter = pipInstallScript('jupyterlab');

/** The token is made on the machine and stays in a file there, from which Jupyter reads it. */
const newToken = `
JUPYTER_TOKEN_FILE=$own/token; export JUPYTER_TOKEN_FILE
rm -f "$JUPYTER_TOKEN_FILE"
head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \\n' >"$JUPYTER_TOKEN_FILE"
[ -s "$JUPYTER_TOKEN_FILE" ] || exit 1
`;

/**
 * On loopback, at its usual port or the next that is free, in the first of the folders that is there. Asked by another
 * name than a local one it answers too: an editor in a browser reaches it through a proxy. The token keeps others out.
 */
export const startJupyter = (folders: readonly string[]): string =>
  startScript({
    name,
    present: 'command -v jupyter-lab',
    prepare: workFolder(folders) + newToken,
    command: 'jupyter-lab --no-browser --ip=127.0.0.1 --allow-root --ServerApp.allow_remote_access=True --ServerApp.root_dir="$folder"',
  });

export const readJupyter = (printed: string): WebServer[] =>
  readServers(printed).flatMap((file) => {
    const [port, pid, token, folder] = [portIn(file['port']), pidIn(file['pid']), file['token'], file['root_dir'] ?? file['notebook_dir']];
    if (port === undefined || pid === undefined) return [];
    return [{
      port, pid, secure: file['secure'] === true, basePath: pathIn(file['base_url']),
      ...(typeof token === 'string' && /^[\x21-\x7e]{1,400}$/.test(token) ? { token } : {}),
      ...(typeof folder === 'string' && folder.startsWith('/') ? { folder: folder.slice(0, 1000) } : {}),
    }];
  });
