/** Python that answers with a model: vLLM and SGLang, Transformers' `generate` and pipelines, llama-cpp-python, Ollama. */
import { answersInText } from '../../inference/answersInText.ts';
import type { Program } from '../python/program.ts';
import { type Call, callOf, numberOf, scalar, stringOf, type Value } from '../python/value.ts';
import { put, putDefault, putNumber, type Reader } from '../reader.ts';
import { argument, isTrue } from '../table.ts';
import { putOllamaModel } from './ollama.ts';
import { answersWith, oneCard, putCards, putNumberType, putQuantisation, putServedModel, usualWeights } from './served.ts';

export const readServing = (reader: Reader, program: Program): boolean =>
  readVllm(reader, program) || readSglang(reader, program) || readLlamaCpp(reader, program) || readOllama(reader, program)
  || readPipeline(reader, program) || readGenerate(reader, program);

const prefer = (calls: readonly Call[]): Call | undefined => calls.findLast(({ certain }) => certain) ?? calls.at(-1);
const callsOf = ({ calls }: Program, pattern: RegExp): readonly Call[] => calls.filter(({ callee }) => pattern.test(callee));

function readVllm(reader: Reader, program: Program): boolean {
  const made = prefer(callsOf(program, /^vllm\.(?:\w+\.)*(LLM|EngineArgs|AsyncEngineArgs)$|^(LLM|EngineArgs|AsyncEngineArgs)$/));
  if (made === undefined) return false;
  answersWith(reader, 'vllm', made.place);
  const given = (name: string, position?: number): Value | undefined => argument(made, name, position) ?? made.attributes.get(name);
  putServedModel(reader, given('model', 0));
  putQuantisation(reader, given('quantization'), 'int4');
  putNumberType(reader, given('dtype'));
  putCards(reader, given('tensor_parallel_size'), given('pipeline_parallel_size'));
  putNumber(reader, 'contextTokens', given('max_model_len'));
  putNumber(reader, 'answerTokens', prefer(callsOf(program, /(^|\.)SamplingParams$/))?.keywords.get('max_tokens'));
  putPrompts(reader, program, made, numberOf(given('max_num_seqs')));
  usualWeights(reader, 'fp16', given('quantization'));
  oneCard(reader, given('tensor_parallel_size'), given('pipeline_parallel_size'));
  return true;
}

function readSglang(reader: Reader, program: Program): boolean {
  const made = prefer(callsOf(program, /^(sglang|sgl)\.(?:\w+\.)*(Engine|Runtime)$/));
  if (made === undefined) return false;
  answersWith(reader, 'sglang', made.place);
  const { keywords } = made;
  putServedModel(reader, keywords.get('model_path') ?? made.args[0]);
  putQuantisation(reader, keywords.get('quantization'), 'int4');
  putNumberType(reader, keywords.get('dtype'));
  putCards(reader, keywords.get('tp_size'), keywords.get('pp_size'));
  putNumber(reader, 'contextTokens', keywords.get('context_length'));
  putPrompts(reader, program, made, numberOf(keywords.get('max_running_requests')));
  usualWeights(reader, 'fp16', keywords.get('quantization'));
  oneCard(reader, keywords.get('tp_size'), keywords.get('pp_size'));
  return true;
}

/** Prompts that stand in the script are answered together, as many as the engine takes at once. */
function putPrompts(reader: Reader, { calls }: Program, engine: Call, most = 256): void {
  const generate = calls.find(({ callee, receiver }) => callee === '.generate' && callOf(receiver) === engine);
  const prompts = generate && (generate.keywords.get('prompts') ?? generate.keywords.get('prompt') ?? generate.args[0]);
  if (prompts?.kind === 'list' && prompts.items.length > 0) putNumber(reader, 'concurrency', scalar(Math.min(prompts.items.length, most), { ...prompts.at, certainty: 'derived' }));
}

function readLlamaCpp(reader: Reader, program: Program): boolean {
  const made = prefer(callsOf(program, /^llama_cpp\.(?:\w+\.)*Llama(\.from_pretrained)?$|^Llama(\.from_pretrained)?$/));
  if (made === undefined) return false;
  const { keywords } = made;
  answersWith(reader, 'llama.cpp', made.place);
  putServedModel(reader, keywords.get('repo_id'));
  putServedModel(reader, keywords.get('filename') ?? argument(made, 'model_path', 0));
  putNumber(reader, 'contextTokens', keywords.get('n_ctx'));
  putNumber(reader, 'answerTokens', longestAnswer(program, ['max_tokens']));
  putDefault(reader, 'concurrency', 1);
  usualWeights(reader, 'q4');
  return true;
}

function readOllama(reader: Reader, program: Program): boolean {
  const asked = prefer(callsOf(program, /^ollama\.(chat|generate)$/));
  if (asked === undefined) return false;
  answersWith(reader, 'ollama', asked.place);
  putOllamaModel(reader, argument(asked, 'model', 0));
  putDefault(reader, 'concurrency', 1);
  return true;
}

function readPipeline(reader: Reader, program: Program): boolean {
  const made = prefer(callsOf(program, /(^|\.)pipeline$/).filter((call) => /^(text-generation|conversational|image-text-to-text)$/.test(stringOf(argument(call, 'task', 0)) ?? '')));
  if (made === undefined) return false;
  answersWith(reader, 'transformers', made.place);
  const model = argument(made, 'model', 1);
  const options = made.keywords.get('model_kwargs');
  const given = (name: string): Value | undefined => made.keywords.get(name) ?? (options?.kind === 'dict' ? options.entries.get(name) : undefined);
  const load = callOf(model);
  if (load === undefined) putServedModel(reader, model);
  else readLoad(reader, load);
  readStorage(reader, given);
  putNumber(reader, 'concurrency', given('batch_size'));
  putNumber(reader, 'answerTokens', longestAnswer(program, ['max_new_tokens']));
  finish(reader, given('device_map'));
  return true;
}

const loads = /(^|\.)(?:Auto\w*Model\w*|Auto\w*LM\w*|Fast\w*Model|\w+ForCausalLM|\w+ForConditionalGeneration|\w*LMHeadModel|AutoPeftModelForCausalLM|AutoGPTQForCausalLM|AutoAWQForCausalLM)\.from_(?:pretrained|quantized)$/;

function readGenerate(reader: Reader, program: Program): boolean {
  const generate = prefer(callsOf(program, /^\.generate$/));
  const load = prefer(callsOf(program, loads));
  if (generate === undefined || load === undefined || !answersInText(stringOf(nameIn(load)))) return false;
  answersWith(reader, 'transformers', generate.place);
  readLoad(reader, load);
  putNumber(reader, 'answerTokens', generate.keywords.get('max_new_tokens') ?? longestAnswer(program, ['max_new_tokens']));
  finish(reader, load.keywords.get('device_map'));
  return true;
}

const nameIn = (load: Call): Value | undefined => argument(load, 'pretrained_model_name_or_path', 0) ?? load.keywords.get('model_name');

function readLoad(reader: Reader, load: Call): void {
  putServedModel(reader, nameIn(load));
  readStorage(reader, (name) => load.keywords.get(name));
}

/** bitsandbytes inside of Transformers unpacks before every product, as llama.cpp does. */
function readStorage(reader: Reader, given: (name: string) => Value | undefined): void {
  const config = callOf(given('quantization_config'));
  const asked = (name: string): Value | undefined => given(name) ?? config?.keywords.get(name);
  const four = asked('load_in_4bit');
  const eight = asked('load_in_8bit');
  if (four && isTrue(four)) put(reader, 'servedWeights', 'q4', four.at);
  else if (eight && isTrue(eight)) put(reader, 'servedWeights', 'q8', eight.at);
  else putNumberType(reader, given('torch_dtype') ?? given('dtype'));
}

/** A generation configuration, or the call of a pipeline, names it where `generate` does not. */
const longestAnswer = ({ calls }: Program, names: readonly string[]): Value | undefined =>
  calls.flatMap(({ keywords }) => names.flatMap((name) => keywords.get(name) ?? [])).at(-1);

/** One request at a time, on one card unless the layers are spread over all that are there. */
function finish(reader: Reader, deviceMap: Value | undefined): void {
  putDefault(reader, 'concurrency', 1);
  usualWeights(reader, 'fp16');
  if (stringOf(deviceMap) === undefined || !/^(auto|balanced\w*|sequential)$/.test(stringOf(deviceMap) ?? '')) oneCard(reader);
}
