// The door of every npm script: `node test/host/bootstrap.mjs start|test|market|headless|score|chaos|bench ARGS…`.
// It runs on any Node from 20 on and without node_modules, so it is plain JavaScript with no imports of ours.
// Standard output belongs to the entry; what is installed on the way is told on standard error.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const modules = join(root, 'node_modules');
// The package `node` keeps the real binary in its platform package; its own bin/node is a copy of that.
const node24 = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

const entries = {
  start: 'test/host/start.ts',
  test: 'test/host/runTests.ts',
  market: 'src/practice/main.ts',
  headless: 'src/headless/main.ts',
  score: 'src/headless/score.ts',
  chaos: 'test/chaos/main.ts',
  bench: 'test/bench/main.ts',
};
// These serve until they are ended. A headless command is not among them: cut short in the middle of a
// rental it would leave more to clean up than when it finishes without anybody reading its answer.
const endsWithParent = new Set(['start', 'test', 'market', 'chaos', 'bench']);

/** npm writes the hidden lockfile last, so an install that was cut short never matches. */
function modulesMatchLock() {
  const read = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;
  try {
    const wanted = read(join(root, 'package-lock.json'));
    const installed = read(join(modules, '.package-lock.json'));
    return existsSync(node24) && Object.entries(wanted).every(([path, { version, optional }]) =>
      path === '' || installed[path]?.version === version || (optional && !installed[path]));
  } catch {
    return false;
  }
}

function installModules() {
  console.error('Installing the packages of package-lock.json (npm ci).');
  // npm must not run on the very Node it is about to delete.
  const bin = join(modules, '.bin');
  const path = (process.env.PATH ?? '').split(delimiter).filter((entry) => entry !== bin).join(delimiter);
  const { status, error } = spawnSync('npm', ['ci', '--loglevel', 'error'], {
    cwd: root,
    env: { ...process.env, PATH: path },
    shell: process.platform === 'win32',
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) {
    console.error(`npm ci failed${error ? `: ${error.message}` : ''}.`);
    process.exit(1);
  }
}

function canStripTypes() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 18);
}

/** npm starts a script through a shell, which lives on when npm is killed; Linux says who is above it. */
function grandparent() {
  try {
    const [, parent] = /\) \S+ (\d+)[^)]*$/.exec(readFileSync(`/proc/${process.ppid}/stat`, 'utf8')) ?? [];
    return parent;
  } catch {
    return undefined;
  }
}

/** Whoever was killed outright forwards nothing; that its children have another parent is all there is to see. */
function onParentDeath(act) {
  const parent = process.ppid;
  const above = process.env.npm_lifecycle_event === undefined ? undefined : grandparent();
  setInterval(() => {
    if (process.ppid !== parent || (above !== undefined && grandparent() !== above)) act();
  }, 500).unref();
}

async function runHere(name, args) {
  const entry = join(root, entries[name]);
  process.argv = [process.execPath, entry, ...args];
  if (endsWithParent.has(name)) onParentDeath(() => process.kill(process.pid, 'SIGTERM'));
  const { main } = await import(pathToFileURL(entry).href);
  const code = await main(args);
  // Nothing returned means: still serving. A number is the end, whatever sockets are still open.
  if (typeof code === 'number') process.stdout.write('', () => process.exit(code));
}

function runUnderNode24(args) {
  const child = spawn(node24, [fileURLToPath(import.meta.url), ...args], {
    stdio: 'inherit',
    env: { ...process.env, PATH: `${join(modules, '.bin')}${delimiter}${process.env.PATH ?? ''}` },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  onParentDeath(() => { if (endsWithParent.has(args[0])) child.kill('SIGTERM'); });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

const [name, ...args] = process.argv.slice(2);
if (!Object.hasOwn(entries, name ?? '')) {
  console.error(`Usage: bootstrap.mjs ${Object.keys(entries).join('|')} ARGUMENTS`);
  process.exit(2);
}
const ready = modulesMatchLock();
if (!ready) installModules();
if (ready && canStripTypes()) {
  await runHere(name, args).catch((error) => {
    console.error(error);
    process.exit(1);
  });
} else {
  runUnderNode24([name, ...args]);
}
