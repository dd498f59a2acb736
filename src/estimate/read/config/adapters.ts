/** How the weights that stay frozen lie in memory, and what an adapter over them is called. */
import { weightsOf } from '../words.ts';
import { type ConfigJob, tell, tellNumber } from './job.ts';
import { firstAt, flagOf, type Node } from './node.ts';

/** Four bits under an adapter is QLoRA; eight is still called LoRA. Without bits the base lies in the precision of the run. */
export function tellAdapter(job: ConfigJob, adapter: Node | undefined, bits: Node | undefined, width: 'nf4' | 'int8' | 'fp8' | undefined): void {
  if (bits !== undefined && width !== undefined) tell(job, 'baseWeights', width, bits);
  if (adapter === undefined) return;
  tell(job, 'method', width === 'nf4' ? 'qlora' : 'lora', adapter);
  const precision = weightsOf(job.draft.get('precision'));
  if (width === undefined && precision !== undefined) tell(job, 'baseWeights', precision, adapter, { certainty: 'derived' });
}

/** `load_in_4bit` and `load_in_8bit`, as bitsandbytes calls them everywhere. */
export function loadedBits(root: Node): { readonly node: Node; readonly width: 'nf4' | 'int8' } | undefined {
  const four = firstAt(root, 'load_in_4bit', 'quantization_config.load_in_4bit', 'bnb_config.load_in_4bit');
  if (four !== undefined && flagOf(four) === true) return { node: four, width: 'nf4' };
  const eight = firstAt(root, 'load_in_8bit', 'quantization_config.load_in_8bit', 'bnb_config.load_in_8bit');
  return eight !== undefined && flagOf(eight) === true ? { node: eight, width: 'int8' } : undefined;
}

export const tellRank = (job: ConfigJob, node: Node | undefined): boolean => tellNumber(job, 'loraRank', node);
