/** Command lines that start a server: vLLM, SGLang, TGI, llama.cpp, Ollama, text-generation-webui. */
import type { Command } from '../launch/command.ts';
import type { Place, Value } from '../python/value.ts';
import { scalar, scalarOf, stringOf } from '../python/value.ts';
import { put, putNumber, type Reader } from '../reader.ts';
import { isTrue } from '../table.ts';
import { answersWith, oneCard, putCards, putNumberType, putQuantisation, putServedModel, usualWeights } from './served.ts';
import { putOllamaModel } from './ollama.ts';

interface Server {
  is(command: Command): boolean;
  read(reader: Reader, command: Command): void;
}

const module = (pattern: RegExp) => ({ program }: Command): boolean => pattern.test(program);
const tool = (pattern: RegExp) => ({ launcher }: Command): boolean => pattern.test(launcher);
const flag = ({ flags }: Command, ...names: readonly string[]): Value | undefined => names.map((name) => flags.get(name)).find((value) => value !== undefined);
const placeOf = ({ file, line }: Command): Place => ({ source: 'command', certainty: 'derived', file, line });

const vllm: Server = {
  is: (command) => (tool(/^vllm$/)(command) && command.program === 'serve') || module(/^vllm\.entrypoints\./)(command),
  read: (reader, command) => {
    answersWith(reader, 'vllm', placeOf(command));
    putServedModel(reader, flag(command, 'model') ?? command.positional[0]);
    putQuantisation(reader, flag(command, 'quantization', 'q'), 'int4');
    putNumberType(reader, flag(command, 'dtype'));
    putCards(reader, flag(command, 'tensor_parallel_size', 'tp'), flag(command, 'pipeline_parallel_size', 'pp'));
    putNumber(reader, 'contextTokens', flag(command, 'max_model_len'));
    usualWeights(reader, 'fp16', flag(command, 'quantization', 'q'));
    oneCard(reader, flag(command, 'tensor_parallel_size', 'tp'), flag(command, 'pipeline_parallel_size', 'pp'));
  },
};

const sglang: Server = {
  is: (command) => module(/^sglang\.launch_server$/)(command) || (tool(/^sglang$/)(command) && command.program === 'serve'),
  read: (reader, command) => {
    answersWith(reader, 'sglang', placeOf(command));
    putServedModel(reader, flag(command, 'model_path', 'model') ?? command.positional[0]);
    putQuantisation(reader, flag(command, 'quantization'), 'int4');
    putNumberType(reader, flag(command, 'dtype'));
    putCards(reader, flag(command, 'tp_size', 'tp', 'tensor_parallel_size'), flag(command, 'pp_size', 'pp'));
    putNumber(reader, 'contextTokens', flag(command, 'context_length'));
    usualWeights(reader, 'fp16', flag(command, 'quantization'));
    oneCard(reader, flag(command, 'tp_size', 'tp', 'tensor_parallel_size'), flag(command, 'pp_size', 'pp'));
  },
};

const tgi: Server = {
  is: tool(/^text-generation-launcher$/),
  read: (reader, command) => {
    answersWith(reader, 'tgi', placeOf(command));
    putServedModel(reader, flag(command, 'model_id'));
    putQuantisation(reader, flag(command, 'quantize'), 'int8');
    putNumberType(reader, flag(command, 'dtype'));
    // Unlike the others it takes all cards that it sees.
    putCards(reader, flag(command, 'num_shard'), undefined);
    putNumber(reader, 'contextTokens', flag(command, 'max_total_tokens'));
    usualWeights(reader, 'fp16', flag(command, 'quantize'));
  },
};

const llamaCpp: Server = {
  is: tool(/^llama-(server|cli)$/),
  read: (reader, command) => {
    answersWith(reader, 'llama.cpp', placeOf(command));
    putServedModel(reader, flag(command, 'm', 'model', 'hf_file', 'hff', 'hf', 'hfr', 'hf_repo'));
    putNumber(reader, 'contextTokens', flag(command, 'c', 'ctx_size'));
    putNumber(reader, 'concurrency', flag(command, 'np', 'parallel'));
    putNumber(reader, 'answerTokens', flag(command, 'n', 'predict', 'n_predict'));
    usualWeights(reader, 'q4');
  },
};

const ollama: Server = {
  is: (command) => tool(/^ollama$/)(command) && command.program === 'run',
  read: (reader, command) => {
    answersWith(reader, 'ollama', placeOf(command));
    putOllamaModel(reader, command.positional[0]);
  },
};

/** Its own flags beside a script that many projects call the same. */
const webuiFlags = ['load_in_4bit', 'load_in_8bit', 'loader', 'gpu_memory', 'n_gpu_layers', 'gpu_layers', 'ctx_size', 'wbits', 'model_dir'];

const webui: Server = {
  is: ({ program, flags }) => /(^|\/)server\.py$/.test(program) && flags.has('model') && webuiFlags.some((name) => flags.has(name)),
  read: (reader, command) => {
    answersWith(reader, 'text-generation-webui', placeOf(command));
    const model = flag(command, 'model');
    // Downloads are folders called `owner_name`.
    const name = stringOf(model)?.replace(/^([^_/]+)_(?=[^/]+$)/, '$1/');
    if (model && name !== undefined) putServedModel(reader, scalar(name, model.at));
    const four = flag(command, 'load_in_4bit');
    const eight = flag(command, 'load_in_8bit');
    if (four && isTrue(four)) put(reader, 'servedWeights', 'q4', four.at);
    else if (eight && isTrue(eight)) put(reader, 'servedWeights', 'q8', eight.at);
    else if (scalarOf(flag(command, 'wbits')) === 4) put(reader, 'servedWeights', 'int4', placeOf(command));
    putNumber(reader, 'contextTokens', flag(command, 'ctx_size', 'n_ctx', 'max_seq_len'));
    usualWeights(reader, stringOf(flag(command, 'loader'))?.toLowerCase() === 'llama.cpp' ? 'q4' : 'fp16');
  },
};

const servers: readonly Server[] = [vllm, sglang, tgi, llamaCpp, ollama, webui];

export function readServingCommand(reader: Reader): boolean {
  const { command } = reader;
  const server = command && servers.find((one) => one.is(command));
  if (command === undefined || server === undefined) return false;
  server.read(reader, command);
  return true;
}
