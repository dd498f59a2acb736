/** Our host file: every machine that can be reached now, for ssh and whatever editor asks it. */
import { writeFile } from 'node:fs/promises';
import type { SshHost } from '../domain/ssh.ts';
import { readIfThere, writeAtomic } from './files.ts';
import type { Layout } from './folder.ts';
import { checkedAlias } from './grammar.ts';
import { formatBlock, type HostOptions, joinBlocks, parseBlocks } from './hostBlock.ts';
import { withLock } from './lock.ts';

export interface HostFile {
  write(host: SshHost, options: HostOptions): Promise<void>;
  remove(alias: string): Promise<void>;
  aliases(): Promise<readonly string[]>;
}

/** The folder must be there. */
export function createHostFile(layout: Layout): HostFile {
  let tail: Promise<unknown> = Promise.resolve();

  const read = async () => (await readIfThere(layout.hostFile))?.toString('utf8');

  /** One change at a time in this process, then one among all processes. */
  function change(edit: (blocks: Map<string, string>) => void): Promise<void> {
    const turn = tail.then(() =>
      withLock(`${layout.hostFile}.lock`, async () => {
        const before = await read();
        const blocks = parseBlocks(before ?? '');
        edit(blocks);
        const after = joinBlocks(blocks);
        if (after !== before) await writeAtomic(layout.hostFile, after);
      }),
    );
    tail = turn.catch(() => undefined);
    return turn;
  }

  return {
    async write(host, options) {
      const block = formatBlock(host.alias, options);
      await writeFile(layout.noHostKeys, '', { mode: 0o600 });
      await change((blocks) => blocks.set(host.alias, block));
    },
    remove: (alias) => change((blocks) => blocks.delete(checkedAlias(alias))),
    aliases: async () => [...parseBlocks((await read()) ?? '').keys()],
  };
}
