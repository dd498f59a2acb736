/** Own runs as one file of lines in the per-user folder, beside the store of money and apart from it. */
import { appendFile, chmod, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunLog } from '../domain/runLog.ts';

/** Runs that are kept, and how many more may gather before the file is written anew. */
const most = 300;
const slack = 100;
/** A line is a few hundred characters; a file of more than this was not written by us. */
const mostBytes = 4_000_000;
const longestLine = 20_000;

export function createRunLog(folder: string): RunLog {
  const file = join(folder, 'runs.jsonl');

  async function lines(): Promise<readonly string[]> {
    try {
      if ((await stat(file)).size > mostBytes) return [];
      return (await readFile(file, 'utf8')).split('\n').filter((line) => line.trim() !== '').slice(-most);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    }
  }

  return {
    lines,
    async append(line) {
      const bare = line.replace(/[\r\n]+/g, ' ');
      if (bare.length > longestLine) return;
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await appendFile(file, `${bare}\n`, { mode: 0o600 });
      const text = await readFile(file, 'utf8');
      const all = text.split('\n').filter((one) => one !== '');
      if (all.length <= most + slack && text.length <= mostBytes) return;
      // Whoever reads meanwhile sees the old file or the new one, never half of either.
      const fresh = `${file}.${process.pid}`;
      await writeFile(fresh, `${all.slice(-most).join('\n')}\n`, { mode: 0o600 });
      await rename(fresh, file);
      await chmod(file, 0o600);
    },
  };
}
