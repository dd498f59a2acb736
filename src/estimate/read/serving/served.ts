/** What all that answers with a model have in common: how the weights are stored, and what is taken when nothing is said. */
import type { Engine, ServedWeights } from '../../workload.ts';
import { type Place, placeOfFact, scalarOf, stringOf, type Value } from '../python/value.ts';
import { anchorAt, put, putDefault, putModel, type Reader } from '../reader.ts';
import { precisionOf } from '../words.ts';

/** Marks the script as one that answers. */
export function answersWith(reader: Reader, engine: Engine, at: Place): void {
  put(reader, 'work', 'inference', { ...at, certainty: 'derived' });
  put(reader, 'task', 'language', { ...at, certainty: 'derived' });
  put(reader, 'engine', engine, { ...at, certainty: 'derived' });
  anchorAt(reader, at.file, at.line);
}

/** Puts a model by the name that a server takes, and how its weights are stored where the name says so. */
export function putServedModel(reader: Reader, value: Value | undefined): void {
  const name = stringOf(value);
  if (value === undefined || name === undefined) return;
  putModel(reader, value);
  const weights = weightsInName(name);
  if (weights !== undefined) put(reader, 'servedWeights', weights, { ...value.at, certainty: 'derived' });
}

/** `Llama-2-70B-AWQ`, `Q4_K_M.gguf`, `-FP8`: undefined where the name says nothing. */
export function weightsInName(name: string): ServedWeights | undefined {
  const [, bits] = /(?:^|[^a-z\d])i?q([2-8])(?:_[a-z\d]|$|\b)/i.exec(name) ?? [];
  // Files of five bits lie nearer to four, those of six nearer to eight.
  if (bits !== undefined) return Number(bits) >= 6 ? 'q8' : 'q4';
  if (/(?:^|[^a-z\d])(?:int8|8-?bit|w8a8|w8a16)(?![a-z\d])/i.test(name)) return 'int8';
  if (/(?:^|[^a-z\d])(?:awq|gptq|int4|4-?bit|w4a16|nf4|bnb)(?![a-z\d])/i.test(name)) return 'int4';
  if (/(?:^|[^a-z\d])(?:fp8|float8)(?![a-z\d])/i.test(name)) return 'fp8';
  return /(?:^|[^a-z\d])(?:f16|fp16|bf16)(?![a-z\d])/i.test(name) ? 'fp16' : undefined;
}

/** What servers call ways of packing weights. `bitsandbytes` is eight bits in TGI and four in vLLM. */
export function putQuantisation(reader: Reader, value: Value | undefined, bitsandbytes: ServedWeights): void {
  const word = stringOf(value)?.toLowerCase();
  if (value === undefined || word === undefined) return;
  const weights = word === 'bitsandbytes' ? bitsandbytes : /fp8|fbgemm/.test(word) ? 'fp8' : /eetq|int8|w8a8|-?int8/.test(word) ? 'int8'
    : /awq|gptq|marlin|nf4|fp4|int4|w4a16|exl2|squeezellm|aqlm/.test(word) ? 'int4' : undefined;
  // A GPTQ file can have eight bits, which only its name tells.
  if (weights !== undefined && !(weights === 'int4' && reader.draft.get('servedWeights') === 'int8')) put(reader, 'servedWeights', weights, value.at);
}

/** A type of numbers says how unpacked weights are stored, and nothing of packed ones. */
export function putNumberType(reader: Reader, value: Value | undefined): void {
  const type = precisionOf(value);
  if (value === undefined || type === undefined || scalarOf(value) === 'auto' || reader.draft.get('servedWeights') !== undefined) return;
  put(reader, 'servedWeights', type === 'fp32' ? 'fp32' : type === 'fp8' ? 'fp8' : 'fp16', value.at);
}

/** Said, but nobody can tell what it comes to: what is usual is not it. */
const isOpen = (value: Value | undefined): boolean => value !== undefined && value.kind !== 'scalar';

/** Published models are stored in sixteen bits; `said` is where a script would say otherwise. */
export function usualWeights(reader: Reader, weights: ServedWeights, ...said: readonly (Value | undefined)[]): void {
  if (!said.some(isOpen)) putDefault(reader, 'servedWeights', weights);
}

/** Servers use one card unless told to split the model. */
export function oneCard(reader: Reader, ...said: readonly (Value | undefined)[]): void {
  if (!said.some(isOpen)) putDefault(reader, 'gpus', 1);
}

/** Cards that layers and matrices are split over, together. */
export function putCards(reader: Reader, tensor: Value | undefined, pipeline: Value | undefined): void {
  const [across, along] = [scalarOf(tensor), scalarOf(pipeline)];
  const at = tensor?.at ?? pipeline?.at;
  const count = (typeof across === 'number' ? across : 1) * (typeof along === 'number' ? along : 1);
  if (at === undefined || [tensor, pipeline].some((value) => value !== undefined && value.kind !== 'scalar')) return;
  if (Number.isInteger(count) && count >= 1 && count <= 1_000) reader.draft.set('gpus', count, placeOfFact(at));
}
