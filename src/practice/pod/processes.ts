/**
 * Finds and ends every process of a pod, also those that left their parent, their terminal and
 * their session: each carries the pod's marker in its environment from birth, and so do its
 * children unless they clear it; those are known by parent and group.
 */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { MARKER } from './home.ts';

export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** Ended, but its parent has not asked for the status yet. */
  readonly zombie: boolean;
  readonly marked: boolean;
}

/** The fields after the name, which stands in brackets and may hold anything itself. */
export function parseStat(pid: number, stat: string, marked: boolean): ProcessRow | undefined {
  const [state, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (state === undefined || parent === undefined || group === undefined) return undefined;
  return { pid, parent: Number(parent), group: Number(group), zombie: state === 'Z' || state === 'X', marked };
}

async function readProc(dir: string): Promise<ProcessRow[]> {
  const mark = Buffer.from(`\0${MARKER}=${dir}\0`);
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const rows = await Promise.all(
    ids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => undefined);
      if (stat === undefined) return undefined;
      // Other users' environments are closed to us, and theirs are no processes of ours.
      const environment = await readFile(`/proc/${pid}/environ`).catch(() => Buffer.alloc(0));
      return parseStat(pid, stat, Buffer.concat([Buffer.of(0), environment, Buffer.of(0)]).includes(mark));
    }),
  );
  return rows.filter((row) => row !== undefined);
}

/** One line of `ps` with the environment behind the command, as BSD and Linux print it. */
export function parsePsLine(line: string, dir: string): ProcessRow | undefined {
  const [, pid, parent, group, state, rest] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s*(.*)$/.exec(line) ?? [];
  if (state === undefined || rest === undefined) return undefined;
  const marked = `${rest} `.includes(` ${MARKER}=${dir} `);
  return { pid: Number(pid), parent: Number(parent), group: Number(group), zombie: state.startsWith('Z'), marked };
}

export function readPs(dir: string): Promise<ProcessRow[]> {
  return new Promise((resolve, reject) => {
    const columns = ['axeww', '-o', 'pid=,ppid=,pgid=,stat=,command='];
    execFile('ps', columns, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout) => {
      if (error !== null) reject(error);
      else resolve(stdout.split('\n').flatMap((line) => parsePsLine(line, dir) ?? []));
    });
  });
}

/** The marked and the known ones, and whoever has one of them, or one found this way, as parent or in its group. */
export function belonging(rows: readonly ProcessRow[], known: ReadonlySet<number>, self = process.pid): number[] {
  const own = rows.find((row) => row.pid === self)?.group;
  // Programs of a pod lead groups of their own: what shares ours was never started on it.
  const candidates = rows.filter((row) => row.pid !== self && row.group !== own);
  const members = new Set(candidates.filter((row) => row.marked || known.has(row.pid)).map((row) => row.pid));
  for (let before = -1; before !== members.size; ) {
    before = members.size;
    const groups = new Set(candidates.filter((row) => members.has(row.pid)).map((row) => row.group));
    for (const row of candidates) if (members.has(row.parent) || groups.has(row.group)) members.add(row.pid);
  }
  return candidates.filter((row) => members.has(row.pid) && !row.zombie).map((row) => row.pid);
}

export async function podProcesses(dir: string, known: ReadonlySet<number>): Promise<number[]> {
  if (process.platform === 'win32') return [...known];
  return belonging(await (process.platform === 'linux' ? readProc(dir) : readPs(dir)), known);
}

function signal(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    // Windows has no signals, but ends a program with all it has started.
    if (process.platform === 'win32') execFile('taskkill', ['/pid', String(pid), '/T', '/F'], () => undefined);
    else process.kill(pid, name);
  } catch {
    // Ended meanwhile.
  }
}

const POLL_MS = 25;
const GIVE_UP_MS = 15_000;

/**
 * Asks every process to end, and ends by force what is left after `graceMs`. Done when two looks
 * in a row find nothing: a process in the middle of exec shows no environment for a moment.
 */
export async function endProcesses(dir: string, graceMs: number, known: ReadonlySet<number> = new Set()): Promise<void> {
  const asked = new Set<number>();
  const began = performance.now();
  for (let empty = 0; empty < 2; ) {
    const found = await podProcesses(dir, known);
    empty = found.length === 0 ? empty + 1 : 0;
    const waited = performance.now() - began;
    if (found.length > 0 && waited > GIVE_UP_MS) throw new Error(`${found.length} processes of the pod in ${dir} cannot be ended`);
    for (const pid of found) {
      if (waited > graceMs) signal(pid, 'SIGKILL');
      else if (!asked.has(pid)) signal(pid, 'SIGTERM');
      asked.add(pid);
    }
    await delay(POLL_MS);
  }
}
