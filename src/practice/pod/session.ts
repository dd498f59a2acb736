/**
 * One SSH session: what the client asks for before the start (environment, terminal), the start
 * itself (command, shell or sftp) and what it asks for while the program runs.
 */
import { addAbortListener } from 'node:events';
import type { PseudoTtyInfo, ServerChannel, Session, SignalInfo, WindowChangeInfo } from 'ssh2';
import { feed, outlet, pump } from './flow.ts';
import type { Room } from './home.ts';
import { startOnPipes } from './pipes.ts';
import { type Exit, type Running, track } from './running.ts';
import { serveSftp } from './sftp/serve.ts';
import { startOnTerminal, type Terminal } from './terminal.ts';

const SIGNALS = ['ABRT', 'ALRM', 'FPE', 'HUP', 'ILL', 'INT', 'KILL', 'PIPE', 'QUIT', 'SEGV', 'TERM', 'USR1', 'USR2'] as const;

/** RFC 4254 names signals without SIG; some clients write it all the same. */
function signalOf(name: string): NodeJS.Signals | undefined {
  const known = SIGNALS.find((each) => each === name.replace(/^SIG/, ''));
  return known === undefined ? undefined : `SIG${known}`;
}

/** sshd's usual AcceptEnv on Debian and Ubuntu; everything else a client sends is ignored. */
const accepted = (name: string): boolean => name === 'LANG' || name.startsWith('LC_');

function sendExit(channel: ServerChannel, exit: Exit): void {
  const signal = exit.signal === null ? undefined : signalOf(exit.signal);
  if (signal !== undefined) channel.exit(signal);
  else channel.exit(exit.code ?? 255);
}

/** The status goes out at once, the channel closes when nobody holds the program's output any more. */
async function attach(channel: ServerChannel, program: Running, gone: AbortSignal): Promise<void> {
  const left = addAbortListener(gone, () => program.hangUp());
  const { out, err } = outlet(channel, gone);
  feed(channel, program.stdin);
  await Promise.allSettled([
    pump(program.stdout, out),
    program.stderr === null ? undefined : pump(program.stderr, err),
    program.exited.then((exit) => sendExit(channel, exit)),
  ]);
  left[Symbol.dispose]();
  program.stdin.destroy();
  channel.end();
}

/** `gone` fires when the whole connection is lost; a closed session fires only its own. */
export function serveSession(session: Session, room: Room, peer: Readonly<Record<string, string>>, gone: AbortSignal): void {
  const asked: Record<string, string> = {};
  const closed = new AbortController();
  const ended = AbortSignal.any([gone, closed.signal]);
  let pty: PseudoTtyInfo | undefined;
  let program: Running | undefined;
  let terminal: Terminal | undefined;

  const run = async (args: readonly string[], channel: ServerChannel): Promise<void> => {
    room.refresh();
    const launch = { file: room.shell, args, cwd: room.home, env: { ...room.env, ...asked, ...peer } };
    const size = pty;
    if (size === undefined) program = await startOnPipes(launch);
    else program = terminal = await startOnTerminal(launch, size);
    if (pty !== undefined && pty !== size) terminal?.resize(pty);
    track(program, room.living);
    if (ended.aborted) program.hangUp();
    await attach(channel, program, ended);
  };

  session.on('close', () => closed.abort());
  session.on('env', (accept, reject, { key, val }) => {
    if (!accepted(key)) {
      reject?.();
      return;
    }
    asked[key] = val;
    accept?.();
  });
  session.on('pty', (accept, reject, info) => {
    if (!room.terminals) {
      reject?.();
      return;
    }
    pty = info;
    accept?.();
  });
  session.on('window-change', (accept, _reject, info: WindowChangeInfo) => {
    if (pty !== undefined) pty = { ...pty, rows: info.rows, cols: info.cols };
    terminal?.resize(info);
    accept?.();
  });
  session.on('signal', (accept, reject, info: SignalInfo) => {
    const signal = signalOf(info.name);
    if (signal === undefined || program === undefined) {
      reject?.();
      return;
    }
    program.signal(signal);
    accept?.();
  });
  const start = (args: readonly string[], channel: ServerChannel): void => {
    channel.on('error', () => undefined);
    run(args, channel).catch((error: unknown) => {
      channel.stderr.write(`${String(error)}\n`, () => {
        channel.exit(255);
        channel.end();
      });
    });
  };
  session.on('exec', (accept, _reject, { command }) => start(room.commandArgs(command), accept()));
  session.on('shell', (accept) => start(room.loginArgs, accept()));
  // Served from the raw channel: ssh2's own SFTP server can neither name its extensions nor slow down.
  session.on('subsystem', (accept, reject, { name }) => {
    if (name !== 'sftp') {
      reject?.();
      return;
    }
    room.refresh();
    const channel = accept();
    channel.on('error', () => undefined);
    void serveSftp(channel, room.home, ended).then((status) => {
      channel.exit(status);
      channel.end();
    });
  });
}
