/** A home folder that stands for a machine, and the scripts of runs sent to it by one of the shells that machines have. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Afterwards, RunAbout, RunSeen } from '../../../src/domain/run.ts';
import { listRuns, readRuns } from '../../../src/scripts/runList.ts';
import { asking } from '../../../src/scripts/runPlaces.ts';
import { readStarted, startRun, type Started } from '../../../src/scripts/runStart.ts';
import { startShell, type Shell } from '../guard/shells.ts';

export class RunMachine {
  readonly home = mkdtempSync(join(tmpdir(), 'runs-'));
  readonly work = join(this.home, "my work's");
  readonly shell: Shell;

  constructor(shell: Shell) {
    this.shell = shell;
    mkdirSync(join(this.home, 'bin'));
    mkdirSync(this.work);
  }

  /** `sh` is this machine's shell too: the wrapper is started by that name. */
  send(script: string): Promise<string> {
    return startShell(this.shell, script, { HOME: this.home, PATH: `${join(this.home, 'bin')}:${process.env['PATH'] ?? ''}` });
  }

  async start(id: string, words: readonly string[], afterwards: Afterwards = 'keep', change = (script: string): string => script): Promise<Started> {
    const about: RunAbout = { words, folder: this.work };
    return readStarted(await this.send(change(startRun(id, about, afterwards))));
  }

  sh(id: string, text: string, afterwards?: Afterwards, change?: (script: string) => string): Promise<Started> {
    return this.start(id, ['sh', '-c', text], afterwards, change);
  }

  async runs(): Promise<RunSeen[]> {
    return readRuns(await this.send(listRuns())) ?? assert.fail('no answer');
  }

  async until(id: string, holds: (run: RunSeen) => boolean): Promise<RunSeen> {
    const end = performance.now() + 80_000;
    for (;;) {
      const run = (await this.runs()).find((one) => one.id === id);
      if (run !== undefined && holds(run)) return run;
      assert.ok(performance.now() < end, `never came: ${JSON.stringify(run)}`);
      await wait(50);
    }
  }

  ended(id: string): Promise<RunSeen> {
    return this.until(id, ({ state }) => state === 'ended');
  }

  /** Below the folder that runs share with the guard; undefined where nothing is. */
  fact(path: string): string | undefined {
    const full = join(this.home, '.gpu-rental', path);
    return existsSync(full) ? readFileSync(full, 'utf8') : undefined;
  }

  facts(path: string): string[] {
    return readdirSync(join(this.home, '.gpu-rental', path));
  }

  put(path: string, text: string, mode = 0o644): void {
    writeFileSync(join(this.home, path), text, { mode });
  }

  /** Processes of a test must not outlive it. */
  async dispose(): Promise<void> {
    await this.send(asking('for f in "$g"/runs/*/child "$g"/runs/*/pid; do ! lives "$f" || kill -KILL "-$p" || kill -KILL "$p"; done; :'));
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}
