/** The file system of a machine, as the editor asks it. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import { median } from './figures.ts';

async function seconds(rounds: number, work: () => Promise<void>): Promise<number> {
  const took: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const began = performance.now();
    await work();
    took.push((performance.now() - began) / 1000);
  }
  return median(took);
}

/** Beside OpenSSH's sftp, which also has to sign in; that part alone is told too. */
export async function listing({ link, keyFile, port, cipher }: Bench, folder: string, entries: number, rounds: number) {
  const ours = await seconds(rounds, async () => {
    const { entries: found } = await link.files.list(folder);
    if (found.length !== entries) throw new Error(`${found.length} entries of ${entries}`);
  });
  const sftp = (batch: string) => seconds(rounds, () => new Promise((resolve, reject) => {
    const options = ['-q', '-i', keyFile, '-o', `Port=${port}`, '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR', '-c', cipher];
    const child = spawn('sftp', [...options, '-b', '-', 'root@127.0.0.1'], { stdio: ['pipe', 'ignore', 'ignore'] });
    child.once('error', reject).once('close', (code) => (code === 0 ? resolve() : reject(new Error(`sftp ended with ${code}`))));
    child.stdin.end(`${batch}\n`);
  }));
  return { entries, seconds: { ours, sftp: await sftp(`ls -l "${folder}"`), sftpSignInAlone: await sftp('pwd') } };
}

/** Beside the same reads one after the other. */
export async function reads({ link }: Bench, folder: string, count: number, rounds: number) {
  const names = Array.from({ length: count }, (_, at) => join(folder, `${at}.txt`));
  const check = (content: Uint8Array): void => {
    if (content.length !== 1024) throw new Error(`${content.length} bytes`);
  };
  const together = await seconds(rounds, async () => (await Promise.all(names.map((name) => link.files.read(name)))).forEach(check));
  const inTurn = await seconds(rounds, async () => {
    for (const name of names) check(await link.files.read(name));
  });
  return { files: count, seconds: { together, inTurn } };
}
