import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type ErrorCode, isRentError, type RentError } from '../../../../src/domain/errors.ts';
import type { Log } from '../../../../src/domain/ports.ts';

/** A folder of its own for the tests of one describe, gone afterwards. Its name is as awkward as a path may be. */
export function tempFolder(name = 'gpu rental 50% [ssh] '): (sub: string) => string {
  let folder = '';
  before(() => void (folder = mkdtempSync(join(tmpdir(), name))));
  after(() => rmSync(folder, { recursive: true, force: true }));
  let count = 0;
  return (sub) => join(folder, `${++count}`, sub);
}

export async function until(holds: () => boolean | Promise<boolean>, what = 'the condition'): Promise<void> {
  for (const deadline = Date.now() + 15_000; !(await holds()); await pause(2))
    if (Date.now() > deadline) assert.fail(`${what} did not come true`);
}

export const rejectsWith = (work: Promise<unknown>, code: ErrorCode, detail?: RegExp): Promise<RentError> =>
  work.then(
    () => assert.fail(`resolved instead of failing with ${code}`),
    (error: unknown) => {
      if (!isRentError(error, code)) throw error;
      if (detail) assert.match(error.detail ?? '', detail);
      return error;
    },
  );

export function throwsWith(work: () => unknown, code: ErrorCode, detail?: RegExp): void {
  assert.throws(work, (error) => isRentError(error, code) && (detail === undefined || detail.test(error.detail ?? '')));
}

export const noLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export const runTool = (file: string, args: readonly string[], input?: string): Promise<Ended> =>
  new Promise((resolve) => {
    const child = execFile(file, [...args], { timeout: 30_000 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
    );
    child.stdin?.end(input);
  });

const childScript = join(import.meta.dirname, 'child.ts');
/** Another process of ours, as another editor window would be. */
export const runChild = (task: string, ...args: readonly string[]): Promise<Ended> =>
  runTool(process.execPath, [childScript, task, ...args]);

export const hasTool = (file: string, ...args: readonly string[]): boolean => {
  try {
    execFileSync(file, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** A loopback port that nothing listens on. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
