/** The price lists of the large clouds that were believed last, as one file in the per-user folder. */
import { chmod, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { listedClouds, type CloudList, type CloudLists, type CloudPrice } from '../domain/cloudPrice.ts';
import type { UsdPerHour } from '../domain/money.ts';

/** Three lists of some dozens of machines in three regions have about forty thousand characters. */
const mostBytes = 2_000_000;

const rate = z.pipe(z.int().check(z.positive()), z.transform((micro) => micro as UsdPerHour));
const size = z.optional(z.number().check(z.positive()));
const price = z.object({ instance: z.string(), region: z.string(), onDemand: rate, spot: z.optional(rate), vcpus: size, ramGb: size });
const list = z.object({ cloud: z.enum(listedClouds), source: z.string().check(z.maxLength(200)), at: z.int(), prices: z.array(price) });
const kept = z.object({ version: z.literal(1), lists: z.array(list) });

export function createCloudLists(folder: string): CloudLists {
  const file = join(folder, 'cloud-prices.json');

  /** What another version wrote, or nobody of us, is as if there were none: it can be read again. */
  async function read(): Promise<readonly CloudList[]> {
    try {
      if ((await stat(file)).size > mostBytes) return [];
      const { success, data } = kept.safeParse(JSON.parse(await readFile(file, 'utf8')));
      return success ? data.lists.map((one) => ({ ...one, prices: one.prices.map(asPrice) })) : [];
    } catch (error) {
      if (error instanceof SyntaxError || (error instanceof Error && 'code' in error && error.code === 'ENOENT')) return [];
      throw error;
    }
  }

  return {
    read,
    async keep(fresh) {
      const lists = [...(await read()).filter(({ cloud }) => cloud !== fresh.cloud), fresh];
      await mkdir(folder, { recursive: true, mode: 0o700 });
      // Whoever reads meanwhile sees the old file or the new one, never half of either.
      const next = `${file}.${process.pid}`;
      await writeFile(next, `${JSON.stringify({ version: 1, lists })}\n`, { mode: 0o600 });
      await rename(next, file);
      await chmod(file, 0o600);
    },
  };
}

const asPrice = ({ instance, region, onDemand, spot, vcpus, ramGb }: z.infer<typeof price>): CloudPrice => ({
  instance, region, onDemand, ...(spot === undefined ? {} : { spot }), ...(vcpus === undefined ? {} : { vcpus }), ...(ramGb === undefined ? {} : { ramGb }),
});
