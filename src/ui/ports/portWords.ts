/** How ports are called. What a machine names may be a stranger's words. */
import { toolName, type Listener } from '../../domain/listening.ts';
import type { OpenPort } from '../../services/forwards.ts';
import { plain } from '../escape.ts';
import type { Choice } from '../dialogs.ts';
import type { Detail } from '../instances/instanceDetails.ts';
import type { Voice } from '../voice.ts';
import { line } from '../words.ts';

/** `8888` and `localhost:8888 · JupyterLab`. */
export const portRow = ({ remotePort, localPort, name }: OpenPort, { t }: Voice): Detail => ({
  key: `port-${remotePort}`,
  name: t('Port {0}', remotePort),
  figure: line(`localhost:${localPort}`, plain(name ?? '', 40)),
  icon: { codicon: 'plug' },
  context: 'port',
});

/** The port in a node of the list: `instance/vast:77/port-8888`. */
export function portOfNode(node: unknown): number | undefined {
  const port = typeof node === 'string' ? /\/port-(\d{1,5})$/.exec(node)?.[1] : undefined;
  return port === undefined ? undefined : Number(port);
}

/** On loopback: what another computer would reach is none of our doing. */
export const addressOf = ({ localPort }: Pick<OpenPort, 'localPort'>, path = '', secure = false): string => `${secure ? 'https' : 'http'}://127.0.0.1:${localPort}${path}`;

const sshd = /^sshd\b/;

/** What has a page stands first; the way in is no port to forward. */
export function listenerChoices(listeners: readonly Listener[], open: readonly OpenPort[], { t }: Voice): Choice<Listener>[] {
  const shown = listeners.filter(({ program }) => program === undefined || !sshd.test(program));
  const rank = (listener: Listener): number => (toolName(listener) === undefined ? 2 : toolName(listener) === listener.program ? 1 : 0);
  return shown.toSorted((a, b) => rank(a) - rank(b) || a.port - b.port).map((listener) => {
    const name = plain(toolName(listener) ?? '', 40);
    const program = plain(listener.program ?? '', 40);
    const there = open.find(({ remotePort }) => remotePort === listener.port);
    return {
      label: line(String(listener.port), name),
      description: line(program !== name && program, there !== undefined && t('open at localhost:{0}', there.localPort)),
      value: listener,
    };
  });
}

export function portIn(text: string): number | undefined {
  const port = /^\s*(\d{1,5})\s*$/.exec(text)?.[1];
  return port !== undefined && Number(port) > 0 && Number(port) < 65_536 ? Number(port) : undefined;
}
