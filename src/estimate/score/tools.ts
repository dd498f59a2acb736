import type { Band } from '../band.ts';
import { findGpu } from '../catalogue/gpus.ts';
import { fitInference, servedAs } from '../inference/fitInference.ts';
import { promptSeconds, tokensPerSecond } from '../inference/serve.ts';
import { predictMemory } from '../memory/predictMemory.ts';
import type { Run } from '../run.ts';
import { createPredictor } from '../time/predictTime.ts';
import type { Prediction, Tools } from './score.ts';

/** What published tables of serving take when they do not say: one sequence, a page of text. */
const usualTokens = 512;

const inverse = ({ low, likely, high }: Band): Band => ({ low: 1 / high, likely: 1 / likely, high: 1 / low });
const per = ({ low, likely, high }: Band, tokens: number): Band => ({ low: low / tokens, likely: likely / tokens, high: high / tokens });

/** Seconds per token of runs that generate or read. */
function createInference(evidence: readonly Run[]): Prediction {
  const efficiency = fitInference(evidence, findGpu);
  return (run, machine) => {
    const { model, seqLen, globalBatch } = run.workload;
    if (model === undefined || !(model.paramsM > 0)) return undefined;
    const tokens = seqLen ?? usualTokens;
    if (run.phase === 'prefill') {
      const prompt = promptSeconds(model, servedAs(run), machine, tokens, efficiency);
      return prompt === undefined ? undefined : per(prompt, tokens);
    }
    const rate = tokensPerSecond(model, servedAs(run), machine, { batch: globalBatch ?? 1, promptTokens: 0, answerTokens: tokens }, efficiency);
    return rate === undefined ? undefined : inverse(rate);
  };
}

/** What the product itself predicts with. */
export const productTools: Tools = {
  createPredictor, createInference,
  memory: (run, machine) => predictMemory(run.workload, machine)?.gb,
};
