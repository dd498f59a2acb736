/**
 * The speed figures: `npm run -s bench -- --json`, or one part alone with `--only files` or `--only explorer`.
 *
 * How fast files go: OpenSSH's own server on loopback, and in the same run ours beside
 * scp, sftp and rsync with the same cipher. Each is done several times in turn and the median counts, because whatever
 * else a machine does meets all of them alike. Then a line that is cut in the middle, and what is right afterwards.
 *
 * How fast the explorer is with ten thousand offers: explorer/bench.ts.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../../src/services/clock.ts';
import { createFolderSync } from '../../src/ssh/sync/folderSync.ts';
import { explorerFigures } from './explorer/bench.ts';
import { Bench } from './sync/bench.ts';
import { cuts } from './sync/cuts.ts';
import { layBig, layFolder, laySmall } from './sync/data.ts';
import { listing, reads } from './sync/files.ts';
import { median, type Race, ratio } from './sync/figures.ts';
import { peersOf } from './sync/peers.ts';

const megabyte = 2 ** 20;

interface Sizes {
  readonly bigMb: number;
  readonly smallFiles: number;
  readonly entries: number;
  readonly reads: number;
  readonly rounds: number;
}

const parts = ['files', 'explorer'] as const;

export async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      json: { type: 'boolean', default: false }, only: { type: 'string' },
      mb: { type: 'string', default: '200' }, files: { type: 'string', default: '20000' }, rounds: { type: 'string', default: '3' }, offers: { type: 'string', default: '10000' },
    },
  });
  const sizes: Sizes = { bigMb: Number(values.mb), smallFiles: Number(values.files), entries: 10_000, reads: 64, rounds: Number(values.rounds) };
  const offers = Number(values.offers);
  if (![...Object.values(sizes), offers].every((size) => Number.isInteger(size) && size > 0)) return refused('--mb, --files, --rounds and --offers want whole numbers', 2);
  if (values.only !== undefined && !parts.some((part) => part === values.only)) return refused(`--only wants one of ${parts.join(', ')}`, 2);
  const wanted = (part: (typeof parts)[number]): boolean => values.only === undefined || values.only === part;
  if (wanted('files') && !existsSync('/usr/sbin/sshd')) return refused('there is no OpenSSH server here (openssh-server on Debian)', 1);
  const files = wanted('files') ? await fileFigures(sizes) : undefined;
  // More rounds than files get: a round takes a moment, and whatever else the machine does shows in it.
  const explorer = wanted('explorer') ? await explorerFigures(offers, sizes.rounds * 5, told) : undefined;
  const answer = { ...files, ...(explorer === undefined ? {} : { explorer }) };
  process.stdout.write(values.json ? `${JSON.stringify(answer)}\n` : `${JSON.stringify(answer, null, 2)}\n`);
  return files === undefined || files.cut.every(({ right }) => right) ? 0 : 1;
}

const told = (what: string): void => void process.stderr.write(`${what}\n`);

function refused(why: string, code: number): number {
  told(why);
  return code;
}

async function fileFigures(sizes: Sizes) {
  const folder = mkdtempSync(join(tmpdir(), 'gpu-rental-bench-'));
  try {
    await using bench = await Bench.open(folder);
    return await measure(bench, folder, sizes);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(bench: Bench, folder: string, sizes: Sizes) {
  const sync = createFolderSync(systemClock);
  const peers = peersOf(bench);
  const results: Record<string, object> = {};
  for (const [name, lay, bytesAndFiles] of [
    ['oneFile', (at: string) => layBig(at, sizes.bigMb * megabyte), { bytes: sizes.bigMb * megabyte, files: 1 }],
    ['smallFiles', (at: string) => laySmall(at, sizes.smallFiles), { files: sizes.smallFiles }],
  ] as const) {
    const here = join(folder, name);
    lay(here);
    for (const way of ['up', 'down'] as const) {
      told(`${name} ${way}`);
      const race: Race = { ours: [], scp: [], sftp: [], rsync: [] };
      for (let round = 0; round < sizes.rounds; round++) {
        race.ours.push(await bench.timed(here, (from, to) => sync[way]({
          link: bench.link, signal: bench.signal, localFolder: way === 'up' ? from : to, remoteFolder: way === 'up' ? to : from,
        })));
        for (const peer of ['scp', 'sftp', 'rsync'] as const) {
          const run = peers[peer];
          if (run !== undefined) race[peer].push(await bench.timed(here, (from, to) => run(way, from, to)));
        }
      }
      const seconds = Object.fromEntries(Object.entries(race).flatMap(([who, took]) => (took.length === 0 ? [] : [[who, median(took)]])));
      results[`${name}${way === 'up' ? 'Up' : 'Down'}`] = { ...bytesAndFiles, seconds, timesScp: ratio(race.scp, race.ours), timesSftp: ratio(race.sftp, race.ours), timesRsync: ratio(race.rsync, race.ours) };
    }
  }
  told('listing and reading');
  const many = join(folder, 'many');
  layFolder(many, sizes.entries);
  const files = { listing: await listing(bench, many, sizes.entries, sizes.rounds), reads: await reads(bench, many, sizes.reads, sizes.rounds) };
  told('cutting the line');
  return { cipher: bench.cipher, rounds: sizes.rounds, ...results, ...files, cut: await cuts(bench, sync, folder) };
}
