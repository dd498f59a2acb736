/** What evaluation adds, in forward passes of one micro-batch over the whole run. */
import { type ConfigJob, tell } from './job.ts';
import type { Node } from './node.ts';

/** `samples` go through once each time; passes are of the batch that is trained with. */
export function tellEvaluation(job: ConfigJob, node: Node | undefined, times: number | undefined, samples: number, note: string): void {
  const micro = job.draft.get('microBatch');
  if (times === undefined || micro === undefined || !(times >= 1) || !(samples > 0)) return;
  tell(job, 'evalPasses', Math.floor(times) * Math.ceil(samples / micro), node, { certainty: 'derived', note });
}

/** Optimizer steps of the run where they are stated or follow from what is; packing makes fewer of them. */
export function stepsOf({ draft }: ConfigJob): number | undefined {
  const stated = draft.get('steps');
  const samples = draft.get('samples');
  const batch = draft.get('globalBatch');
  if (stated !== undefined || samples === undefined || batch === undefined || draft.get('packing') === true) return stated;
  return Math.ceil((samples * (draft.get('epochs') ?? 1)) / batch);
}
