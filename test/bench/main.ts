/**
 * How fast files go: `npm run -s bench -- --json`. OpenSSH's own server on loopback, and in the same run ours beside
 * scp, sftp and rsync with the same cipher. Each is done several times in turn and the median counts, because whatever
 * else a machine does meets all of them alike. Then a line that is cut in the middle, and what is right afterwards.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../../src/services/clock.ts';
import { createFolderSync } from '../../src/ssh/sync/folderSync.ts';
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

export async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      json: { type: 'boolean', default: false }, mb: { type: 'string', default: '200' }, files: { type: 'string', default: '20000' }, rounds: { type: 'string', default: '3' },
    },
  });
  const sizes: Sizes = { bigMb: Number(values.mb), smallFiles: Number(values.files), entries: 10_000, reads: 64, rounds: Number(values.rounds) };
  if (!Object.values(sizes).every((size) => Number.isInteger(size) && size > 0)) {
    process.stderr.write('--mb, --files and --rounds want whole numbers\n');
    return 2;
  }
  if (!existsSync('/usr/sbin/sshd')) {
    process.stderr.write('there is no OpenSSH server here (openssh-server on Debian)\n');
    return 1;
  }
  const folder = mkdtempSync(join(tmpdir(), 'gpu-rental-bench-'));
  try {
    await using bench = await Bench.open(folder);
    const answer = await measure(bench, folder, sizes);
    process.stdout.write(values.json ? `${JSON.stringify(answer)}\n` : `${JSON.stringify(answer, null, 2)}\n`);
    return answer.cut.every(({ right }) => right) ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(bench: Bench, folder: string, sizes: Sizes) {
  const sync = createFolderSync(systemClock);
  const peers = peersOf(bench);
  const told = (what: string): void => void process.stderr.write(`${what}\n`);
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
