// What Remote-SSH does to reach a machine: one `ssh -T -D PORT ALIAS sh` that is given a script on its standard
// input. The script starts a VS Code server or finds the one that runs, and says where it listens; everything
// after that goes through the SOCKS port.
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { quote } from '../../../src/practice/pod/quote.ts';
import type { CodeServer } from '../../host/codeServer.ts';
import { until } from '../../host/until.ts';
import { freePort, type Machine, sshEnvironment } from './machine.ts';

export interface Connection extends AsyncDisposable {
  /** Of the server, on the machine. */
  readonly pid: number;
  /** Where the server listens, as seen from the machine. */
  readonly origin: string;
  /** For a browser on this side. */
  readonly proxy: string;
  readonly end: () => Promise<void>;
}

/** The server itself lies on this computer's disk, 600 MB that are linked to instead of sent. */
function startScript({ server }: CodeServer): string {
  return `set -eu
home="$HOME/.vscode-server"
mkdir -p "$home"
if ! { [ -s "$home/pid" ] && kill -0 "$(cat "$home/pid")" 2>/dev/null; }; then
  ln -sfn ${quote(dirname(dirname(server)))} "$home/server"
  # What starts in the background may be slower than the first look at its log.
  : >"$home/log"
  $(command -v setsid || command -v nohup) ${quote(process.execPath)} "$home/server/out/server-main.js" \\
    --host 127.0.0.1 --port 0 --without-connection-token --accept-server-license-terms \\
    --enable-remote-auto-shutdown --disable-telemetry --disable-workspace-trust \\
    --server-data-dir "$home/data" --user-data-dir "$home/data" --extensions-dir "$home/extensions" \\
    </dev/null >>"$home/log" 2>&1 &
  echo $! >"$home/pid"
fi
pid=$(cat "$home/pid")
while port=$(sed -n 's/.*agent listening on \\([0-9]*\\).*/\\1/p' "$home/log") && [ -z "$port" ]; do
  kill -0 "$pid" || { cat "$home/log" >&2; exit 1; }
  sleep 0.1
done
echo "server $pid listens on $port"
`;
}

export async function connectAsRemoteSsh({ ready }: Machine, parts: CodeServer): Promise<Connection> {
  const port = await freePort();
  const ssh = spawn('ssh', ['-F', ready.hostFile, '-T', '-o', 'ExitOnForwardFailure=yes', '-D', `127.0.0.1:${port}`, ready.alias, 'sh'], { env: sshEnvironment });
  let said = '';
  for (const stream of [ssh.stdout, ssh.stderr]) stream.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
  let ended = false;
  const closed = new Promise<void>((resolve, reject) => ssh.once('close', () => resolve()).once('error', reject));
  void closed.then(() => (ended = true));
  const end = async (): Promise<void> => {
    ssh.kill();
    await closed;
  };
  ssh.stdin.on('error', () => {});
  // Its end is left open: the shell waits for more, and with it the connection stays.
  ssh.stdin.write(startScript(parts));
  try {
    const [, pid, listens] = await until('the server on the machine', () => {
      const found = /^server (\d+) listens on (\d+)$/m.exec(said);
      if (!found && ended) throw new Error(`ssh ended early: ${said}`);
      return found;
    }, { detail: () => said });
    return { pid: Number(pid), origin: `http://127.0.0.1:${listens}`, proxy: `socks5://127.0.0.1:${port}`, end, [Symbol.asyncDispose]: end };
  } catch (error) {
    await end();
    throw error;
  }
}
