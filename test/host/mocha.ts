// Mocha in processes of its own, whose sums are added up.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { leash } from './leash.ts';
import { atMost, inParts, type Part } from './parts.ts';
import { bin, root } from './paths.ts';
import { addTallies, mustEndVariable, noTests, oneFailed, type Tally, tallyVariable } from './tally.ts';

export interface MochaContext {
  /** A folder that lives as long as the run. */
  readonly scratch: string;
  readonly grep: string;
}

export interface MochaOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Where what .mocharc.json says is too short. */
  readonly timeoutMs?: number;
}

/** Below the folder of tests, with slashes. */
function suitesIn(folder: string): string[] {
  const files = globSync('**/*.test.ts', { cwd: join(root, 'test', folder) }).map((file) => file.replaceAll(sep, '/'));
  if (files.length === 0) throw new Error(`There is no suite in test/${folder}.`);
  return files.toSorted();
}

export async function mocha(folder: string, context: MochaContext, options: MochaOptions = {}): Promise<Tally> {
  return await runMocha({ folder, name: folder, files: suitesIn(folder), inherit: true }, context, options);
}

export interface Split {
  /** Files and folders that begin first, each by itself, because they take longest. */
  readonly longest: readonly string[];
  /** Processes at a time. */
  readonly jobs: number;
  /** Of what is not named. */
  readonly pieces: number;
}

/** The same in several processes at a time; what each says appears whole when it ends. */
export async function mochaInParts(folder: string, { longest, jobs, pieces }: Split, context: MochaContext, options: MochaOptions = {}): Promise<Tally> {
  const tallies = await atMost(jobs, inParts(suitesIn(folder), longest, pieces), async (part) =>
    await runMocha({ ...part, folder, inherit: false }, context, options));
  return tallies.reduce(addTallies, noTests);
}

interface MochaRun extends Part {
  readonly folder: string;
  /** Its output is seen as it comes. */
  readonly inherit: boolean;
}

async function runMocha({ folder, name, files, inherit }: MochaRun, { scratch, grep }: MochaContext, { env, timeoutMs }: MochaOptions): Promise<Tally> {
  const started = Date.now();
  const tally = join(scratch, `${folder}-${name.replaceAll(/[^\w]+/g, '-')}.json`);
  const command = join(bin, process.platform === 'win32' ? 'mocha.cmd' : 'mocha');
  const running = leash(command, [
    '--reporter', 'test/host/tally.ts', process.stdout.isTTY ? '--color' : '--no-color',
    ...(timeoutMs === undefined ? [] : ['--timeout', String(timeoutMs)]), ...(grep ? ['--grep', grep] : []),
    ...files.map((file) => `test/${folder}/${file}`),
  ], { cwd: root, env: { ...process.env, ...env, [tallyVariable]: tally, [mustEndVariable]: '15000' }, inherit });
  const ended = await running.exited === 0;
  if (!inherit) console.log(`\n── ${name} (${Math.round((Date.now() - started) / 1000)} s)\n${running.output()}`);
  // Without sums mocha did not get as far as running. With them and a bad end it counts failures, or did not end.
  if (!existsSync(tally)) return oneFailed;
  const sums: Tally = JSON.parse(readFileSync(tally, 'utf8'));
  return ended || sums.failed > 0 ? sums : addTallies(sums, oneFailed);
}
