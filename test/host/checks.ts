// The checks of `npm test`, in the order they run. Each gives its sums; a check that throws has failed.
import { globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type BrowserParts, ensureBrowserParts } from './browser.ts';
import { ensureDebianPackages, onDebian } from './debian.ts';
import { desktopForTests } from './desktop.ts';
import { testInHost } from './extensionHost.ts';
import { leash } from './leash.ts';
import { mocha, mochaInParts, type MochaContext, type Split } from './mocha.ts';
import { bin, root } from './paths.ts';
import { addTallies, noTests, oneFailed, type Tally } from './tally.ts';
import { type BuiltExtension, handOverBuild } from './vsix.ts';

export interface Context extends MochaContext {
  /** Builds on the first call. */
  readonly built: () => Promise<BuiltExtension>;
}

export interface Check {
  readonly name: string;
  readonly title: string;
  readonly run: (context: Context) => Promise<Tally>;
  /** Needs a VS Code in a browser. */
  readonly browser?: true;
  /** Mostly waits for what it downloads: it begins with the run and is told of in its turn. */
  readonly early?: true;
}

const onePassed: Tally = { ...noTests, passed: 1 };

function skip(reason: string): Tally {
  console.log(`SKIPPED: ${reason}`);
  return { ...noTests, skipped: 1 };
}

async function succeeds(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<boolean> {
  const file = join(bin, process.platform === 'win32' ? `${command}.cmd` : command);
  return await leash(file, args, { cwd: root, env: { ...process.env, ...env }, inherit: true }).exited === 0;
}

/** A program that knows only right and wrong counts as one test. */
async function program(command: string, args: readonly string[]): Promise<Tally> {
  return await succeeds(command, args) ? onePassed : oneFailed;
}

/** Suites look for these themselves and skip what they cannot do; here they are fetched where that is possible. */
function ensureTools(packages: readonly string[], purpose: string): void {
  if (onDebian()) ensureDebianPackages(packages, purpose);
}

/** More at a time than there are processors: what takes longest mostly waits for machines, and the score computes. */
const units: Split = {
  longest: ['weather.test.ts', 'estimate/score', 'guard/machine.test.ts', 'guard', 'practice/pod', 'secrets.test.ts', 'hostKeys.test.ts', 'ssh'],
  jobs: availableParallelism() + 1,
  pieces: 4,
};

/** A browser and an editor with each. */
const workbenches: Split = { longest: ['workspace.test.ts', 'rental.test.ts', 'weather.test.ts', 'estimate.test.ts'], jobs: Math.min(2, availableParallelism()), pieces: 4 };

async function types(): Promise<Tally> {
  const projects = ['.', ...globSync('src/**/tsconfig.json', { cwd: root })];
  const tallies: Tally[] = [];
  for (const project of projects) tallies.push(await program('tsc', ['-p', project]));
  return tallies.reduce(addTallies, noTests);
}

async function inBrowser(purpose: string, run: (parts: BrowserParts) => Promise<Tally>): Promise<Tally> {
  const parts = await ensureBrowserParts(purpose);
  return parts ? await run(parts) : skip(`${purpose}; the reason stands on standard error`);
}

async function desktop(context: Context): Promise<Tally> {
  const { engines }: { engines: { vscode: string } } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  // The oldest version that is promised to work.
  const executable = await desktopForTests(engines.vscode.replace(/^\D+/, ''));
  if (!executable) return skip('mocha in a desktop VS Code: none is installed, none can be fetched, or there is no display');
  return await testInHost(executable, await context.built(), context.grep);
}

export const checks: readonly Check[] = [
  { name: 'types', title: 'Types', run: types },
  { name: 'lint', title: 'Lint', run: () => program('oxlint', ['--deny-warnings']) },
  {
    name: 'unit',
    title: 'Unit tests',
    run: (context) => {
      ensureTools(['openssh-client', 'procps'], 'what needs a real SSH client');
      return mochaInParts('unit', units, context);
    },
  },
  { name: 'chaos', title: 'Bad days: random faults and crashes against the practice market', run: (context) => mocha('chaos', context) },
  {
    name: 'conformance',
    title: "Conformance: the vendors' own clients",
    early: true,
    run: (context) => {
      ensureTools(['openssh-client', 'python3', 'python3-venv'], "what needs the vendors' Python packages");
      return mochaInParts('conformance', { longest: [], jobs: 1, pieces: 1 }, context, { timeoutMs: 120_000 });
    },
  },
  {
    name: 'package',
    title: 'The packaged extension',
    run: async (context) => await mocha('package', context, { env: handOverBuild(await context.built()) }),
  },
  {
    name: 'vscode',
    title: 'Mocha in the extension host of a VS Code server',
    browser: true,
    run: (context) => inBrowser('mocha in the extension host', async (parts) => await testInHost(parts, await context.built(), context.grep)),
  },
  { name: 'desktop', title: 'Mocha in the extension host of a desktop VS Code', run: desktop },
  {
    name: 'e2e',
    title: 'The workbench end to end',
    browser: true,
    run: (context) => inBrowser('the workbench end to end', async () =>
      await mochaInParts('e2e', workbenches, context, { env: handOverBuild(await context.built()), timeoutMs: 180_000 })),
  },
];
