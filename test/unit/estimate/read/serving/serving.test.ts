import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { SourceFile } from '../../../../../src/domain/source.ts';
import { weightsInName } from '../../../../../src/estimate/read/serving/served.ts';
import { assertFacts, type Expected, gapCodes, questionNames, read } from '../support.ts';

const check = (path: string, text: string, expected: Expected, beside: readonly SourceFile[] = []): void => {
  const files = [{ path, text }, ...beside];
  const reading = read(files);
  assert.deepEqual(gapCodes(reading), []);
  assertFacts(reading, files, { work: ['inference'], ...expected });
};

const vllm = `from vllm import LLM, SamplingParams
prompts = ["Tell me of Ada", "And of Babbage", "And of Lovelace"]
params = SamplingParams(temperature=0.8, max_tokens=300)
llm = LLM(
    model="TheBloke/Llama-2-70B-AWQ",
    quantization="awq",
    tensor_parallel_size=2,
    max_model_len=4096,
)
for output in llm.generate(prompts, params):
    print(output.outputs[0].text)
`;
const generate = `import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig
name = "mistralai/Mistral-7B-Instruct-v0.3"
quant = BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_compute_dtype=torch.bfloat16)
tokenizer = AutoTokenizer.from_pretrained(name)
model = AutoModelForCausalLM.from_pretrained(name, quantization_config=quant, device_map="auto")
inputs = tokenizer("Hello", return_tensors="pt").to("cuda")
print(tokenizer.decode(model.generate(**inputs, max_new_tokens=400)[0]))
`;

describe('scripts that answer', () => {
  it('with vLLM: model, weights, cards, prompts and lengths, each on its line', () => {
    check('serve.py', vllm, {
      engine: ['vllm', 'llm = LLM('], model: ['TheBloke/Llama-2-70B-AWQ', 'TheBloke'], servedWeights: ['int4', 'quantization="awq"'], gpus: [2, 'tensor_parallel_size'],
      contextTokens: [4096, 'max_model_len'], answerTokens: [300, 'max_tokens=300'], concurrency: [3, 'prompts = ['],
    });
  });

  it('with vLLM are on one card unless told, and ask what nobody says', () => {
    const reading = read([{ path: 'a.py', text: 'from vllm import LLM\nllm = LLM("meta-llama/Llama-3.1-8B-Instruct", dtype="float16")\n' }]);
    assertFacts(reading, [], { gpus: [1], servedWeights: ['fp16'], concurrency: undefined, answerTokens: undefined });
    assert.deepEqual(questionNames(reading), ['concurrency', 'promptTokens', 'answerTokens']);
    assert.equal(reading.anchor?.line, 2);
  });

  it('ask for weights and take no number of cards where those are said and nobody can tell which', () => {
    const reading = read([{ path: 'a.py', text: 'from vllm import LLM\ndef make(name, how, cards):\n    return LLM(model="gpt2", quantization=how, tensor_parallel_size=cards)\n' }]);
    assertFacts(reading, [], { servedWeights: undefined, gpus: undefined });
    assert.deepEqual(questionNames(reading), ['servedWeights', 'concurrency', 'promptTokens']);
    const command = read([{ path: 'run.sh', text: 'vllm serve $MODEL --tensor-parallel-size $TP\n' }]);
    assertFacts(command, [], { gpus: undefined, servedWeights: ['fp16'], model: undefined });
  });

  it('with an engine that is given as arguments', () => {
    check('a.py', 'from vllm import AsyncEngineArgs, AsyncLLMEngine\nargs = AsyncEngineArgs(model="Qwen/Qwen2.5-7B", tensor_parallel_size=2, pipeline_parallel_size=2)\nengine = AsyncLLMEngine.from_engine_args(args)\n',
      { model: ['Qwen/Qwen2.5-7B'], gpus: [4], engine: ['vllm'] });
  });

  it('with SGLang', () => {
    check('a.py', 'import sglang as sgl\nllm = sgl.Engine(model_path="meta-llama/Llama-3.1-8B-Instruct", tp_size=2, quantization="fp8")\nllm.generate(["a", "b"], {})\n',
      { engine: ['sglang'], servedWeights: ['fp8', 'quantization'], gpus: [2], concurrency: [2] });
  });

  it('with Transformers, packed by bitsandbytes and spread over all cards', () => {
    check('chat.py', generate, {
      engine: ['transformers', 'model.generate'], model: ['mistralai/Mistral-7B-Instruct-v0.3', 'name ='], servedWeights: ['q4', 'load_in_4bit=True'], answerTokens: [400, 'max_new_tokens'],
      concurrency: [1], gpus: undefined,
    });
  });

  it('with a pipeline of Transformers', () => {
    check('pipe.py', `import torch
from transformers import pipeline
pipe = pipeline("text-generation", model="meta-llama/Llama-3.1-8B-Instruct", torch_dtype=torch.bfloat16, device=0)
print(pipe("Hello", max_new_tokens=64))
`, { engine: ['transformers', 'pipeline("text'], model: ['meta-llama/Llama-3.1-8B-Instruct'], servedWeights: ['fp16', 'torch_dtype'], answerTokens: [64, 'max_new_tokens=64'], gpus: [1] });
  });

  it('with llama-cpp-python and with Ollama', () => {
    check('a.py', 'from llama_cpp import Llama\nllm = Llama(model_path="./models/llama-2-13b-chat.Q8_0.gguf", n_ctx=2048, n_gpu_layers=-1)\nllm("Hi", max_tokens=100)\n',
      { engine: ['llama.cpp'], servedWeights: ['q8'], contextTokens: [2048], answerTokens: [100] });
    check('b.py', 'import ollama\nprint(ollama.chat(model="llama3:70b", messages=[]))\n', { engine: ['ollama'], servedWeights: ['q4'] });
  });

  it('stay training where they train first', () => {
    const reading = read([{ path: 'a.py', text: `from transformers import AutoModelForCausalLM, Trainer, TrainingArguments
model = AutoModelForCausalLM.from_pretrained("gpt2")
Trainer(model=model, args=TrainingArguments(max_steps=10, output_dir="o")).train()
model.generate(max_new_tokens=20)
` }]);
    assert.equal(reading.workload.work, 'training');
    assertFacts(reading, [], { steps: [10], answerTokens: undefined });
  });

  it('are not those that draw, hear or only name a model', () => {
    for (const text of [
      'from transformers import WhisperForConditionalGeneration\nm = WhisperForConditionalGeneration.from_pretrained("openai/whisper-small")\nm.generate(x)\n',
      'from diffusers import StableDiffusionPipeline\np = StableDiffusionPipeline.from_pretrained("x")\np("a cat")\n',
      'from transformers import AutoModelForCausalLM\nm = AutoModelForCausalLM.from_pretrained("gpt2")\n',
      'from transformers import pipeline\npipeline("sentiment-analysis")("good")\n',
    ]) assert.deepEqual(gapCodes(read([{ path: 'a.py', text }])), ['notTraining'], text);
  });
});

describe('commands that start a server', () => {
  const command = (text: string, expected: Expected): void => check('run.sh', `#!/bin/bash\nset -e\n${text}\n`, expected);

  it('vllm serve, by its name, as a module, and in a container', () => {
    const expected: Expected = { engine: ['vllm'], model: ['meta-llama/Llama-3.1-70B-Instruct'], gpus: [4], contextTokens: [8192] };
    command('vllm serve meta-llama/Llama-3.1-70B-Instruct --tensor-parallel-size 4 --max-model-len 8192', expected);
    command('python -m vllm.entrypoints.openai.api_server --model meta-llama/Llama-3.1-70B-Instruct -tp 4 --max-model-len 8192', expected);
    command('docker run --gpus all -p 8000:8000 vllm/vllm-openai:latest --model meta-llama/Llama-3.1-70B-Instruct --tensor-parallel-size 4 \\\n  --max-model-len 8192', expected);
  });

  it('text-generation-inference', () => {
    command('text-generation-launcher --model-id mistralai/Mistral-7B-Instruct-v0.3 --quantize bitsandbytes-nf4 --num-shard 2 --max-total-tokens 4096',
      { engine: ['tgi'], servedWeights: ['int4'], gpus: [2], contextTokens: [4096] });
    command('docker run ghcr.io/huggingface/text-generation-inference:3.0 --model-id mistralai/Mistral-7B-Instruct-v0.3', { engine: ['tgi'], servedWeights: ['fp16'], gpus: undefined });
  });

  it('SGLang, llama.cpp, Ollama and text-generation-webui', () => {
    command('python -m sglang.launch_server --model-path Qwen/Qwen2.5-7B-Instruct --tp 2', { engine: ['sglang'], gpus: [2] });
    command('./llama-server -m models/mistral-7b-instruct-v0.2.Q5_K_M.gguf -c 4096 -np 4', { engine: ['llama.cpp'], servedWeights: ['q4'], contextTokens: [4096], concurrency: [4] });
    command('ollama run mixtral', { engine: ['ollama'], servedWeights: ['q4'] });
    command('python server.py --model TheBloke_Llama-2-13B-GPTQ --loader exllamav2 --listen', { engine: ['text-generation-webui'], servedWeights: ['int4'] });
  });
});

describe('how weights are stored', () => {
  it('is in the names of files and of published models', () => {
    const cases = { 'llama-2-70b.Q4_K_M.gguf': 'q4', 'm-IQ3_XS.gguf': 'q4', 'x.Q6_K.gguf': 'q8', 'Llama-3-8B-AWQ': 'int4', 'x-w8a8': 'int8', 'Meta-Llama-3.1-405B-Instruct-FP8': 'fp8', 'm-f16.gguf': 'fp16', 'gpt2': undefined, 'Qwen2.5-7B': undefined };
    for (const [name, weights] of Object.entries(cases)) assert.equal(weightsInName(name), weights, name);
  });
});

it('no mutilated server breaks the reader', () => {
  const whole = [vllm, generate];
  fc.assert(fc.property(fc.constantFrom(...whole), fc.nat(), fc.nat(), fc.boolean(), (text, from, length, twice) => {
    const start = from % text.length;
    const piece = text.slice(start, start + (length % 200));
    const broken = twice ? text.slice(0, start) + piece + text.slice(start) : text.slice(0, start) + text.slice(start + piece.length);
    for (const fact of read([{ path: 'serve.py', text: broken }]).facts) assert.ok(fact.value !== undefined && fact.value !== '');
  }), { numRuns: 120 });
});
