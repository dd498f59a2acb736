/**
 * Starts a program on three pipes, as sshd does. Node's own child stdio are sockets, which cannot
 * be opened again by name: `echo x >/dev/stderr` and `cat /dev/stdin` would fail on this pod and
 * work on a rented one. A small here-document is a pipe in dash and in bash >= 5.1, and on Linux
 * both sides can open its ends through /proc. Elsewhere the program keeps the sockets.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { Readable, Writable } from 'node:stream';
import { exitOf, type Launch, type Running, signalGroup } from './running.ts';

// Turns the read ends of 4 and 5 into write ends, so that we never read from a pipe without a
// writer, which would be its end. Says what it has, then waits to hear what to use; it reads from
// a socket byte by byte, so nothing meant for the program is swallowed.
const STARTER = `exec 3<<a 4<<b 5<<c
-
a
-
b
-
c
if [ -p /proc/$$/fd/5 ] && read -r _ <&3 && read -r _ <&4 && read -r _ <&5
then exec 4>/proc/$$/fd/4 5>/proc/$$/fd/5; echo pipes; else echo sockets; fi
read -r way
if [ "$way" = pipes ]; then exec "$0" "$@" <&3 3<&- >&4 4>&- 2>&5 5>&-; fi
exec "$0" "$@" 3<&- 4<&- 5<&-`;

interface Ends {
  stdin: Writable;
  stdout: Readable;
  stderr: Readable;
}

function openEnds(pid: number): Ends {
  const opened: number[] = [];
  const open = (fd: number, flag: number): number => {
    const end = openSync(`/proc/${pid}/fd/${fd}`, flag | constants.O_NONBLOCK);
    opened.push(end);
    return end;
  };
  try {
    const [stdin, stdout, stderr] = [open(3, constants.O_WRONLY), open(4, constants.O_RDONLY), open(5, constants.O_RDONLY)];
    return {
      stdin: new Socket({ fd: stdin, readable: false, writable: true }),
      stdout: new Socket({ fd: stdout, readable: true, writable: false }),
      stderr: new Socket({ fd: stderr, readable: true, writable: false }),
    };
  } catch (error) {
    opened.forEach((fd) => closeSync(fd));
    throw error;
  }
}

/** The first line of the starter, without touching what follows it. */
function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    const { stdout } = child;
    if (stdout === null) {
      resolve('');
      return;
    }
    stdout.once('data', (chunk: Buffer) => {
      stdout.pause();
      resolve(chunk.toString().trim());
    });
    stdout.once('end', () => resolve(''));
    child.once('error', () => resolve(''));
  });
}

const noInput = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });

function running(child: ChildProcess, ends: Ends, exited: Running['exited']): Running {
  ends.stdin.on('error', () => undefined);
  ends.stdout.on('error', () => undefined);
  ends.stderr.on('error', () => undefined);
  return {
    ...ends,
    pid: child.pid,
    exited,
    signal: (name) => signalGroup(child.pid, name),
    hangUp: () => [ends.stdin, ends.stdout, ends.stderr].forEach((end) => end.destroy()),
  };
}

export async function startOnPipes(launch: Launch): Promise<Running> {
  const unix = process.platform !== 'win32';
  const child = unix
    ? spawn('/bin/sh', ['-c', STARTER, launch.file, ...launch.args], { cwd: launch.cwd, env: launch.env, detached: true })
    : spawn(launch.file, launch.args, { cwd: launch.cwd, env: launch.env, windowsHide: true });
  const complaint = Promise.withResolvers<string>();
  const exited = exitOf(child, complaint.resolve);
  if (child.pid === undefined) {
    const reason = `${await complaint.promise}\n`;
    return running(child, { stdin: noInput(), stdout: Readable.from([]), stderr: Readable.from([Buffer.from(reason)]) }, exited);
  }
  const sockets: Ends = { stdin: child.stdin, stdout: child.stdout, stderr: child.stderr };
  if (!unix) return running(child, sockets, exited);
  let ends = sockets;
  if ((await firstLine(child)) === 'pipes') {
    try {
      ends = openEnds(child.pid);
    } catch {
      // Killed meanwhile, or /proc is closed to us: the sockets serve.
    }
  }
  child.stdin.on('error', () => undefined);
  child.stdin.write(ends === sockets ? 'sockets\n' : 'pipes\n');
  if (ends !== sockets) {
    child.stdin.end();
    child.stdout.resume();
    child.stderr.resume();
  }
  return running(child, ends, exited);
}
