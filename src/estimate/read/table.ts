/** A family is mostly a table: what it calls a thing, and which fact that is. */
import { callOf, type Call, type Place, placeOfFact, scalarOf, stringOf, type Value } from './python/value.ts';
import { put, putBoolean, putDataset, putModel, putNumber, putOptimizer, putPrecision, type Reader } from './reader.ts';

export type Handler = (reader: Reader, value: Value, all: ReadonlyMap<string, Value>) => void;
export type Table = Readonly<Record<string, Handler>>;

export function applyTable(reader: Reader, table: Table, values: ReadonlyMap<string, Value>): void {
  for (const [key, value] of values) if (Object.hasOwn(table, key)) table[key]?.(reader, value, values);
}

export const number = (name: Parameters<typeof putNumber>[1]): Handler => (reader, value) => void putNumber(reader, name, value);
export const flag = (name: Parameters<typeof putBoolean>[1]): Handler => (reader, value) => putBoolean(reader, name, value);
export const model: Handler = (reader, value) => void putModel(reader, value);
export const dataset: Handler = (reader, value) => putDataset(reader, value);
export const precision: Handler = putPrecision;
export const optimizer: Handler = putOptimizer;

export const isTrue = (value: Value | undefined): boolean => {
  const held = scalarOf(value);
  return held !== undefined && held !== null && held !== false && held !== 0 && !/^(false|no|none|)$/i.test(String(held));
};

/** `bf16=True` means bf16; `bf16=False` says nothing of its own. */
export const precisionFlag = (word: 'bf16' | 'fp16' | 'tf32' | 'fp8'): Handler => (reader, value) => {
  if (!isTrue(value)) return;
  // Matrix products in TF32 are what is left where no half precision is asked for.
  if (word === 'tf32' && reader.draft.get('precision') !== undefined) return;
  put(reader, 'precision', word, value.at);
};

export const adapter = (reader: Reader, at: Place): void => {
  reader.draft.set('method', reader.draft.get('baseWeights') === 'nf4' ? 'qlora' : 'lora', placeOfFact(at));
};

/** Four bits under an adapter is QLoRA, whichever of the two was said first; eight bits are LoRA on a smaller base. */
export const quantised = (bits: 'nf4' | 'int8'): Handler => (reader, value) => {
  if (!isTrue(value)) return;
  put(reader, 'baseWeights', bits, value.at);
  if (bits === 'nf4' && (reader.draft.get('method') === 'lora' || reader.draft.get('loraRank') !== undefined)) put(reader, 'method', 'qlora', value.at);
};

export const valuesOf = (call: Call): Map<string, Value> => new Map([...call.attributes, ...call.keywords]);
/** A keyword, or the argument that stands at its place. */
export const argument = (call: Call, name: string, position?: number): Value | undefined =>
  call.keywords.get(name) ?? (position === undefined ? undefined : call.args[position]);
export const pathOf = (value: Value | undefined): string | undefined => stringOf(value) ?? stringOf(callOf(value)?.args[0]);
