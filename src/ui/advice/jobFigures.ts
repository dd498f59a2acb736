/** A named job's figures for every offer, each worked out once. */
import * as z from 'zod/mini';
import type { HostHistory, HostRecord } from '../../domain/hostMemory.ts';
import type { Job } from '../../domain/job.ts';
import type { Usd } from '../../domain/money.ts';
import type { Offer } from '../../domain/offer.ts';
import { finishInsight } from '../../estimate/advice/finishCost.ts';
import type { JobFigures } from '../offers/namedJob.ts';
import type { Voice } from '../voice.ts';
import { finishTooltip } from './adviceWords.ts';
import { marketAround, type AroundDeps } from './marketAround.ts';

const positive = z.number().check(z.positive(), z.lte(100_000));
const savedJob = z.object({
  hours: positive,
  use: z.enum(['batch', 'exploration', 'production']),
  checkpointHours: z.exactOptional(positive),
  dataGb: z.number().check(z.gte(0), z.lte(1_000_000)),
  sensitive: z.boolean(),
  on: z.exactOptional(z.object({ gpu: z.string(), gpuCount: z.int().check(z.positive()) })),
  vramGb: z.exactOptional(positive),
});

export const parseJob = (saved: unknown): Job | undefined => z.safeParse(savedJob, saved).data;

export interface FigureDeps extends AroundDeps {
  readonly voice: Voice;
  readonly history?: HostHistory | undefined;
  /** Sensitive work is done here now, whatever it was when the job was named. */
  readonly sensitive: () => boolean;
}

/** Undefined for what is no job: it was kept by another version, or by hand. */
export function jobFigures(saved: unknown, { voice, history, sensitive, ...around }: FigureDeps): JobFigures | undefined {
  const job = parseJob(saved);
  if (job === undefined) return undefined;
  const known = new WeakMap<Offer, { readonly usd: Usd | undefined; readonly record: HostRecord | undefined }>();
  const told = finishInsight(job, history);
  const market = marketAround(around);
  const cost = (offer: Offer): Usd | undefined => {
    const record = history?.(offer);
    const before = known.get(offer);
    if (before?.record === record && before !== undefined) return before.usd;
    const usd = told(offer);
    known.set(offer, { usd, record });
    return usd;
  };
  return { job, cost, words: (offer) => finishTooltip(offer, { ...job, sensitive: sensitive() }, market(offer), history, voice) };
}
