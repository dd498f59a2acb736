import type { CommandHandlers } from '../commandIds.ts';
import { connectGpuflow, type GpuflowDeps } from './gpuflowFlow.ts';
import type { GuideDesk } from './guideDesk.ts';

/** The desk is made when the first of them needs it. */
export const guideCommands = (deps: GpuflowDeps, desk: () => Promise<Pick<GuideDesk, 'open' | 'refresh'>>) => ({
  'gpuRental.guide.open': async () => (await desk()).open(),
  'gpuRental.guide.refreshPrices': async () => (await desk()).refresh(),
  'gpuRental.gpuflow.connect': () => connectGpuflow(deps),
}) satisfies CommandHandlers;
