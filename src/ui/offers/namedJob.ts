import { createEmitter } from '../../domain/emitter.ts';
import type { FinishCost } from '../../domain/filter.ts';
import type { Job } from '../../domain/job.ts';
import type { Offer } from '../../domain/offer.ts';
import type { Drawer } from './preferences.ts';

/** What a named job is expected to cost on an offer, and what speaks for it and against it; as Markdown. */
export type FinishWords = (offer: Offer) => string | undefined;

export interface JobFigures {
  readonly job: Job;
  readonly cost: FinishCost;
  readonly words: FinishWords;
}

const jobKey = 'gpuRental.job';

/** The job that was last named in this workspace. What it costs where is worked out by code that is read once there is one. */
export class NamedJob {
  readonly #changed = createEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #drawer: Drawer;
  readonly #figuresOf: (saved: unknown) => Promise<JobFigures | undefined>;
  #figures: JobFigures | undefined;

  constructor(drawer: Drawer, figuresOf: (saved: unknown) => Promise<JobFigures | undefined>) {
    this.#drawer = drawer;
    this.#figuresOf = figuresOf;
    const saved = drawer.get(jobKey);
    if (saved !== undefined) void this.#use(saved).catch(() => undefined); // without it offers are sorted by price
  }

  get figures(): JobFigures | undefined {
    return this.#figures;
  }

  async name(job: Job): Promise<void> {
    await this.#use(job);
    await this.#drawer.update(jobKey, job);
  }

  async #use(saved: unknown): Promise<void> {
    this.#figures = await this.#figuresOf(saved);
    this.#changed.fire();
  }
}
