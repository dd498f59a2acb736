import * as z from 'zod/mini';
import { isImage, type Start } from '../../domain/start.ts';
import type { ProviderId } from '../../domain/offer.ts';
import type { Drawer } from '../offers/preferences.ts';

const savedStart = z.object({
  image: z.string().check(z.refine(isImage)),
  name: z.exactOptional(z.string().check(z.maxLength(120))),
  ports: z.array(z.int().check(z.gte(1), z.lte(65_535))),
  env: z.exactOptional(z.record(z.string(), z.string())),
  command: z.exactOptional(z.string()),
  install: z.exactOptional(z.string()),
});

const keyOf = (provider: ProviderId): string => `gpuRental.start.${provider}`;

/** What a project's machines are started with, by provider: the same image has another name at each. */
export class StartMemory {
  readonly #drawer: Drawer;

  /** The drawer is the workspace's own. */
  constructor(drawer: Drawer) {
    this.#drawer = drawer;
  }

  of(provider: ProviderId): Start | undefined {
    return z.safeParse(savedStart, this.#drawer.get(keyOf(provider))).data;
  }

  async keep(provider: ProviderId, start: Start): Promise<void> {
    if (start.private !== true) await this.#drawer.update(keyOf(provider), { ...start, private: undefined });
  }
}
