/** Whether the oracle sees: a bug is planted in the product, and some bad day must condemn it. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { scheduleNumber } from './commandLine.ts';
import { mutants, type Mutant, type Place } from './mutants.ts';
import { startPlayer } from './pool.ts';

export interface CaughtMutant {
  readonly name: string;
  /** How many schedules it took; null when none of them saw it. */
  readonly caughtAfter: number | null;
}

export interface MutationOptions {
  readonly seed: number;
  readonly threads: number;
  readonly note: (text: string) => void;
  readonly chosen?: readonly Mutant[];
  readonly most?: number;
}

const mostSchedules = 2000;
const root = resolve(import.meta.dirname, '../..');

export async function catchMutants({ seed, threads, note, chosen = mutants, most = mostSchedules }: MutationOptions): Promise<CaughtMutant[]> {
  const caught = new Map<string, number | null>();
  const left = chosen.values();
  await Promise.all(Array.from({ length: threads }, async () => {
    for (const mutant of left) {
      const caughtAfter = await catchOne(mutant, seed, most);
      caught.set(mutant.name, caughtAfter);
      note(`${mutant.name}: ${caughtAfter === null ? 'NOT caught' : `caught after ${caughtAfter}`}`);
    }
  }));
  return chosen.map(({ name }) => ({ name, caughtAfter: caught.get(name) ?? null }));
}

async function catchOne(mutant: Mutant, seed: number, most: number): Promise<number | null> {
  const folder = mkdtempSync(join(tmpdir(), 'gpu-rental-mutant-'));
  try {
    await using suspect = startPlayer(await plant(mutant, folder));
    for (let index = 0; index < most; index++) {
      const schedule = scheduleNumber(seed, index);
      if (await condemns(suspect.play(schedule)) && !(await innocentAlso(schedule))) return index + 1;
    }
    return null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A planted bug may also break the product so that the simulation cannot go on: that is seen as well. */
async function condemns(playing: ReturnType<ReturnType<typeof startPlayer>['play']>): Promise<boolean> {
  const { verdict } = await playing;
  return verdict.violations.length > 0;
}

/** A day that condemns the product as it is proves nothing about a mutant. */
async function innocentAlso(schedule: number): Promise<boolean> {
  await using player = startPlayer();
  return await condemns(player.play(schedule));
}

/** The worker with these changes, as a file in `folder`. */
export async function plant({ name, also, ...place }: Mutant, folder: string): Promise<URL> {
  const changed = new Map([place, ...(also === undefined ? [] : [also])].map((one) => [join(root, one.file), changedBy(one, name)]));
  const planted = new Set<string>();
  const plugin: Plugin = {
    name: 'plant',
    setup: ({ onLoad, onResolve }) => {
      // Packages stay outside, and are nowhere to be found from a temporary folder.
      onResolve({ filter: /^(axios|ssh2)$/ }, ({ path: name }) => ({ path: import.meta.resolve(name), external: true }));
      onLoad({ filter: /\.ts$/ }, ({ path: loaded }) => {
        const contents = changed.get(loaded);
        if (contents === undefined) return undefined;
        planted.add(loaded);
        return { contents, loader: 'ts' };
      });
    },
  };
  const outfile = join(folder, 'worker.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('worker.ts', import.meta.url))],
    outfile, bundle: true, platform: 'node', format: 'esm', target: 'node24', logLevel: 'error',
    absWorkingDir: root, plugins: [plugin],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  // The guard's program is read from beside the code.
  copyFileSync(join(root, 'src/guard/guard.sh'), join(folder, 'guard.sh'));
  const away = [...changed.keys()].filter((path) => !planted.has(path)).map((path) => relative(root, path));
  if (away.length > 0) throw new Error(`mutant "${name}": ${away.join(' and ')} is no part of the simulation`);
  return pathToFileURL(outfile);
}

function changedBy({ file, find, replace }: Place, name: string): string {
  const source = readFileSync(join(root, file), 'utf8');
  if (source.split(find).length !== 2) throw new Error(`mutant "${name}": ${file} does not hold its place exactly once`);
  return source.replace(find, () => replace);
}
