import type { CommandHandlers } from '../commandIds.ts';
import { connectGpuflow, type GpuflowDeps } from './gpuflowFlow.ts';
import type { GuideDesk } from './guideDesk.ts';

export const guideCommands = (deps: GpuflowDeps, desk: Pick<GuideDesk, 'open' | 'refresh'>) => ({
  'gpuRental.guide.open': () => desk.open(),
  'gpuRental.guide.refreshPrices': () => desk.refresh(),
  'gpuRental.gpuflow.connect': () => connectGpuflow(deps),
}) satisfies CommandHandlers;
