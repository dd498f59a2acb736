import { gpuFromOffer } from '../catalogue/gpus.ts';
import { fitOn } from '../memory/fit.ts';
import { predictMemory } from '../memory/predictMemory.ts';
import type { Run } from '../run.ts';
import { createPredictor } from '../time/predictTime.ts';
import type { EstimateTools } from './tools.ts';

/** The real tools, resting on published runs and the user's own. */
export const createTools = (evidence: readonly Run[]): EstimateTools =>
  ({ gpu: gpuFromOffer, predict: createPredictor(evidence).predict, memory: predictMemory, fit: fitOn });
