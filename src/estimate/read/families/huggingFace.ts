/** transformers' Trainer with everything that builds on it: TRL, Seq2Seq (Whisper), Unsloth, PEFT. */
import { readAdapters } from '../adapters.ts';
import { readDataset } from '../datasetOf.ts';
import type { Program } from '../python/program.ts';
import { type Call, callOf, lastPart, numberOf, stringOf, truth, type Value } from '../python/value.ts';
import { anchorAt, put, putBoolean, putDefault, putModel, putNumber, type Reader } from '../reader.ts';
import { applyTable, argument, isTrue, quantised, valuesOf } from '../table.ts';
import { precisionOf } from '../words.ts';
import { readEvaluation } from './evaluation.ts';
import { huggingFaceKeys } from './huggingFaceKeys.ts';

const trainers = /^(Seq2Seq|SFT|DPO|ORPO|KTO|CPO|GRPO|PPO|Reward|RLOO|Online\w*|Sentence\w+|Unsloth\w*)?Trainer$/;
const configurations = /^(Seq2Seq|Unsloth|Sentence\w+)?TrainingArguments$|^(SFT|DPO|ORPO|KTO|CPO|GRPO|PPO|Reward|RLOO|SimPO)Config$/;
const modelClasses = /(^|\.)(Auto\w*Model\w*|Fast\w*Model|Auto\w*LM\w*|\w+For\w+|\w*Model|\w*LMHeadModel|Idefics\w*|SentenceTransformer)$/;

export function readHuggingFace(reader: Reader, program: Program): boolean {
  const { calls } = program;
  const trainer = prefer(calls.filter((call) => kindOf(call, trainers)));
  const config = (trainer && configOf(trainer)) ?? prefer(calls.filter((call) => kindOf(call, configurations)));
  const main = trainer ?? config;
  if (main === undefined) return false;
  if (trainer && config === undefined && !trainer.keywords.has('args') && lastPart(trainer.callee) === 'Trainer' && /lightning/.test(trainer.callee)) return false;
  const unsloth = calls.some(({ callee }) => /unsloth/i.test(callee) || /^Fast\w*Model\./.test(callee));
  put(reader, 'stack', unsloth ? 'unsloth' : 'hf', main.place);
  anchorAt(reader, main.place.file, main.place.line);
  readModel(reader, calls, trainer);
  if (config) {
    applyTable(reader, huggingFaceKeys, valuesOf(config));
    // In TRL the length belongs to the configuration; in others `max_length` is that of generated text.
    if (/^(SFT|Reward|DPO)Config$/.test(lastPart(config.callee))) putNumber(reader, 'seqLen', config.keywords.get('max_length'));
    const packing = config.attributes.get('packing') ?? config.keywords.get('packing');
    putBoolean(reader, 'packing', packing);
  }
  if (trainer) for (const key of ['max_seq_length', 'packing']) applyTable(reader, { [key]: huggingFaceKeys[key] ?? (() => undefined) }, trainer.keywords);
  readAdapters(reader, calls, trainer);
  // The dataclasses around the arguments name the model and the data.
  for (const instance of calls.filter(({ of, certain }) => of !== undefined && certain)) {
    if (instance !== config && !/Dataset|Model$|Collator/.test(instance.callee)) applyTable(reader, huggingFaceKeys, instance.attributes);
  }
  readDataset(reader, trainer && (trainer.keywords.get('train_dataset') ?? trainer.args[2]), program);
  readLength(reader, calls);
  if (unsloth && reader.draft.get('precision') === undefined) putDefault(reader, 'precision', 'bf16');
  if (config && reader.draft.get('steps') === undefined && !isOpen(config, 'max_steps') && !isOpen(config, 'num_train_epochs')) putDefault(reader, 'epochs', 3);
  // Its adapters recompute activations unless told not to.
  if (unsloth && calls.some(({ callee }) => lastPart(callee) === 'get_peft_model') && reader.draft.get('checkpointing') === undefined) putDefault(reader, 'checkpointing', true);
  if (config) defaults(reader, (key) => isOpen(config, key));
  readEvaluation(reader, trainer, config);
  return true;
}

/** A value is said, but nobody can tell which: the default is not it. */
const isOpen = (config: Call, key: string): boolean => (valuesOf(config).get(key)?.kind ?? 'scalar') !== 'scalar' || config.args.some(({ kind }) => kind === 'unknown');

/** `open` are those that are said, but nobody can tell what they come to. */
export function defaults(reader: Reader, open: (key: string) => boolean): void {
  if (!open('per_device_train_batch_size')) putDefault(reader, 'microBatch', 8);
  if (!open('gradient_accumulation_steps')) putDefault(reader, 'accumulation', 1);
  if (!open('optim')) putDefault(reader, 'optimizer', 'adamw');
  if (!open('gradient_checkpointing')) putDefault(reader, 'checkpointing', false);
  if (!open('bf16') && !open('fp16')) putDefault(reader, 'precision', 'fp32');
}

/** A class of the script's own is what its bases are; many people call theirs `Trainer` too. */
const kindOf = ({ callee, of }: Call, pattern: RegExp): boolean => (of?.bases ?? [callee]).some((name) => pattern.test(lastPart(name)) && library.test(name));
/** A bare name came by `import *`, or in a cell that is not there. */
const library = /^(transformers|trl|unsloth\w*|sentence_transformers|optimum|peft|setfit)\b|^\w+$/;
const prefer = (calls: readonly Call[]): Call | undefined => calls.findLast(({ certain }) => certain) ?? calls.at(-1);

function configOf(trainer: Call): Call | undefined {
  const given = callOf(trainer.keywords.get('args') ?? trainer.args[1]);
  return given && kindOf(given, configurations) ? given : undefined;
}

function readModel(reader: Reader, calls: readonly Call[], trainer: Call | undefined): void {
  const loads = calls.filter(({ callee, receiver }) => /(^|\.)from_pretrained$/.test(callee) && receiver === undefined && modelClasses.test(callee.replace(/\.from_pretrained$/, '')));
  const given = trainer && (trainer.keywords.get('model') ?? trainer.args[0]);
  const named = stringOf(given) === undefined ? undefined : given;
  const load = loadOf(given, loads, 0) ?? prefer(loads);
  putModel(reader, named ?? (load && (argument(load, 'pretrained_model_name_or_path', 0) ?? load.keywords.get('model_name'))));
  if (load === undefined) return;
  for (const key of ['load_in_4bit', 'load_in_8bit', 'max_seq_length', 'attn_implementation'] as const) {
    const value = load.keywords.get(key);
    if (value) huggingFaceKeys[key]?.(reader, value, load.keywords);
  }
  const quantisation = callOf(load.keywords.get('quantization_config'));
  if (quantisation) quantisedBy(reader, quantisation);
  const type = precisionOf(load.keywords.get('torch_dtype') ?? load.keywords.get('dtype'));
  const at = (load.keywords.get('torch_dtype') ?? load.keywords.get('dtype'))?.at;
  if (type && at && reader.draft.get('baseWeights') === undefined && type !== 'tf32') put(reader, 'baseWeights', type, at);
}

/** The model that the trainer gets, back to where it was loaded. */
function loadOf(value: Value | undefined, loads: readonly Call[], depth: number): Call | undefined {
  const call = callOf(value);
  if (call === undefined || depth > 10) return undefined;
  if (loads.includes(call)) return call;
  return loadOf(call.receiver, loads, depth + 1) ?? loadOf(call.args[0], loads, depth + 1) ?? loadOf(call.keywords.get('model'), loads, depth + 1);
}

function quantisedBy(reader: Reader, config: Call): void {
  for (const [key, bits] of [['load_in_4bit', 'nf4'], ['load_in_8bit', 'int8']] as const) {
    const value = config.keywords.get(key);
    if (value && truth(value) === true) quantised(bits)(reader, value, config.keywords);
  }
}

/** Tokenizers cut at `max_length` where `truncation` is on. */
function readLength(reader: Reader, calls: readonly Call[]): void {
  if (reader.draft.get('seqLen') !== undefined || reader.draft.get('task') === 'speech') return;
  const cuts = calls.filter(({ callee, keywords }) => /tokenizer|^\.$|processor/i.test(callee) && keywords.has('max_length') && isTrue(keywords.get('truncation')));
  const lengths = new Set(cuts.map(({ keywords }) => numberOf(keywords.get('max_length'))));
  if (lengths.size === 1) putNumber(reader, 'seqLen', cuts[0]?.keywords.get('max_length'));
}
