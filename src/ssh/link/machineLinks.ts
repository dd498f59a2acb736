/** One link to each machine, shared by all that need it: the only way to a machine that is ours, once it was reached. */
import type { MachineLink, MachineLinks } from '../../domain/machineLink.ts';
import type { Endpoint } from '../../domain/instance.ts';
import type { Disposable } from '../../domain/ports.ts';
import { createFiles } from './files.ts';
import { openForward } from './forward.ts';
import { Line, type LineParts } from './line.ts';
import { openProcess, openTerminal, toProcess, toTerminal } from './process.ts';
import { run } from './run.ts';
import { Sftp } from './sftp.ts';

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
  start: (command, signal) =>
    line.session(async (on) => toProcess(await openProcess(on, command), on.closed, signal), ({ exit }) => exit, signal),
  terminal: (size, command) =>
    line.session(async (on) => toTerminal(await openTerminal(on, size, command), on.closed), ({ ended }) => ended),
  files: createFiles(new Sftp(line, clock)),
  forward: (remotePort, localPort = 0) => openForward(line, remotePort, localPort),
});
