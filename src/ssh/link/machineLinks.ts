/** One link to each machine, shared by all that need it: the only way to a machine that is ours, once it was reached. */
import type { MachineLink, MachineLinks, RemoteFiles } from '../../domain/machineLink.ts';
import type { Endpoint } from '../../domain/instance.ts';
import type { Disposable } from '../../domain/ports.ts';
import { Line, type LineParts } from './line.ts';
import { run } from './run.ts';

export interface MachineLinksParts extends Omit<LineParts, 'alias' | 'endpoints'> {
  readonly endpoints: (alias: string) => readonly Endpoint[];
}

export function createMachineLinks({ endpoints, ...parts }: MachineLinksParts): MachineLinks & Disposable {
  const links = new Map<string, { readonly link: MachineLink; readonly line: Line }>();
  return {
    of(alias) {
      const known = links.get(alias);
      if (known !== undefined) return known.link;
      const line = new Line({ ...parts, alias, endpoints: () => endpoints(alias) });
      const link = linkOver(alias, line, parts.clock);
      links.set(alias, { link, line });
      return link;
    },
    dispose() {
      for (const { line } of links.values()) line.dispose();
    },
  };
}

const linkOver = (alias: string, line: Line, clock: LineParts['clock']): MachineLink => ({
  alias,
  get state() {
    return line.state;
  },
  onDidChange: (listener) => line.onDidChange(listener),
  hold: () => line.hold(),
  run: (script, options) => run(line, clock, script, options),
  async start(command, signal) {
    const { openProcess, toProcess } = await import('./process.ts');
    return line.session(async (on) => toProcess(await openProcess(on, command), on.closed, signal), ({ exit }) => exit, signal);
  },
  async terminal(size, command) {
    const { openTerminal, toTerminal } = await import('./process.ts');
    return line.session(async (on) => toTerminal(await openTerminal(on, size, command), on.closed), ({ ended }) => ended);
  },
  files: filesOver(line, clock),
  forward: async (remotePort, localPort = 0) => (await import('./forward.ts')).openForward(line, remotePort, localPort),
});

/** Read when the first file is asked for. */
function filesOver(line: Line, clock: LineParts['clock']): RemoteFiles {
  let reading: Promise<RemoteFiles> | undefined;
  const files = (): Promise<RemoteFiles> => (reading ??= Promise.all([import('./files.ts'), import('./sftp.ts')]).then(([{ createFiles }, { Sftp }]) => createFiles(new Sftp(line, clock))));
  return {
    stat: async (path) => (await files()).stat(path),
    lstat: async (path) => (await files()).lstat(path),
    list: async (path) => (await files()).list(path),
    read: async (path, range) => (await files()).read(path, range),
    write: async (path, content, options) => (await files()).write(path, content, options),
    makeFolder: async (path) => (await files()).makeFolder(path),
    removeFile: async (path) => (await files()).removeFile(path),
    removeFolder: async (path) => (await files()).removeFolder(path),
    rename: async (from, to, options) => (await files()).rename(from, to, options),
    readLink: async (path) => (await files()).readLink(path),
    realPath: async (path) => (await files()).realPath(path),
    setModified: async (path, at) => (await files()).setModified(path, at),
  };
}
