/** The estimator with what it rests on: published runs, the person's own, and the log that keeps those. */
import type { Hub, HubSplit } from './domain/hub.ts';
import type { RunLog } from './domain/runLog.ts';
import { gpuFromOffer } from './estimate/catalogue/gpus.ts';
import type { ListPrice } from './estimate/catalogue/prices.ts';
import { publishedRuns } from './estimate/evidence.ts';
import { asRun } from './estimate/learn/asRun.ts';
import type { MeasuredRun } from './estimate/learn/measuredRun.ts';
import { measuredTools } from './estimate/learn/measuredTools.ts';
import { lineOf, ownRunsOf, type OwnRun } from './estimate/learn/ownRuns.ts';
import { createTools } from './estimate/offers/createTools.ts';
import { createSpeeds } from './estimate/offers/servingTools.ts';
import type { EstimateTools } from './estimate/offers/tools.ts';
import { lookUp } from './estimate/read/hub.ts';
import type { Run } from './estimate/run.ts';
import type { Model, Workload } from './estimate/workload.ts';
import { estimatorWith, remembered } from './estimating.ts';
import { loadParsers } from './syntax/parsers.ts';
import type { Estimator } from './ui/estimate/estimator.ts';

export interface EstimatorDeps {
  /** The person's own runs. */
  readonly log: RunLog;
  readonly hub: Hub;
  /** Of the large clouds, as they were read last; the table of the product unless said. */
  readonly cloudPrices?: () => Promise<{ readonly prices: readonly ListPrice[] }>;
  readonly now: () => number;
}

export async function loadEstimating({ log, hub, cloudPrices, now }: EstimatorDeps): Promise<Estimator> {
  const [parsers, published, lines, clouds] = await Promise.all([loadParsers(), publishedRuns(), linesOf(log), cloudPrices?.()]);
  const kept = remembered(parsers);
  const [tools, speeds] = [createTools(published), createSpeeds(published)];
  const made = (runs: readonly OwnRun[]): ReturnType<typeof estimatorWith> => estimatorWith(kept, measuredTools(tools, runs.map(({ run }) => run)), speeds, () => clouds?.prices);
  let own = ownRunsOf(lines);
  let current = made(own);
  const models = new Map<string, Model>();
  const splits = new Map<string, readonly HubSplit[]>();
  return {
    read: (files, options) => current.read(files, { ...options, hub: { models, splits } }),
    estimate: (reading, offers) => current.estimate(reading, offers),
    learn: async ({ workload }, measured) => {
      const line = measuredLine(workload, measured, now());
      if (line === undefined) return false;
      await log.append(line);
      own = ownRunsOf([...own.map(lineOf), line]);
      current = made(own);
      return true;
    },
    lookUp: async (names, signal) => {
      const found = await lookUp(hub, names, kept.json, signal);
      for (const [name, model] of found.models) models.set(name, model);
      for (const [name, rows] of found.splits) splits.set(name, rows);
      return found.models.size + found.splits.size;
    },
  };
}

export const toolsFor = (published: readonly Run[], own: readonly OwnRun[]): EstimateTools => measuredTools(createTools(published), own.map(({ run }) => run));

/** A log that cannot be read costs what was learned, and no estimate. */
export const linesOf = (log: RunLog): Promise<readonly string[]> => log.lines().catch(() => []);

/** Undefined where nobody knows how many samples a step has: then the rate says nothing of another batch. */
export function measuredLine(workload: Workload, { script, progress, gpu, vramGb, gpuCount }: MeasuredRun, at: number): string | undefined {
  // The same step of the same script on the same machine, measured again, takes the place of the first.
  const id = [script, gpu, vramGb, gpuCount, workload.model?.name, workload.stack, workload.method, workload.microBatch, workload.seqLen ?? workload.resolution].map((part) => part ?? '').join(' ');
  const run = asRun(workload, { gpu: gpuFromOffer(gpu, vramGb), count: gpuCount }, { id, progress });
  return run === undefined ? undefined : lineOf({ script, at, run });
}
