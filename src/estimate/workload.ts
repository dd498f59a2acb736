/**
 * What a script does, in the terms that its cost depends on. Undefined means that nobody knows: it is asked for
 * or carried as a stated gap, never guessed.
 */
export type Task = 'language' | 'encoder' | 'vision-language' | 'diffusion' | 'vision' | 'detection' | 'medical' | 'speech' | 'other';

/** What a script does with its model: changes it, or answers with it as it is. */
export type Work = 'training' | 'inference';
/** What answers: servers, libraries and programs that load a model for that. */
export type Engine = 'vllm' | 'sglang' | 'tgi' | 'transformers' | 'llama.cpp' | 'ollama' | 'text-generation-webui';
/**
 * How a served model is stored. `q8` and `q4` are GGUF files for llama.cpp (Q8_0, Q4_K_M); `int8` and `int4` the
 * packed weights (AWQ, GPTQ, bitsandbytes) of servers that record their launches, as vLLM and TGI do.
 */
export type ServedWeights = 'fp32' | 'fp16' | 'fp8' | 'int8' | 'int4' | 'q8' | 'q4';

/** `lora` stands for every small adapter on frozen weights, `qlora` for those on weights of four bits. */
export type Method = 'full' | 'lora' | 'qlora';
export type Precision = 'fp32' | 'tf32' | 'fp16' | 'bf16' | 'fp8';
/** How the weights that are not trained lie in memory. */
export type BaseWeights = 'fp32' | 'fp16' | 'bf16' | 'int8' | 'nf4' | 'fp8';
export type Optimizer = 'adamw' | 'adamw-bf16' | 'adamw-8bit' | 'sgd' | 'adafactor' | 'lion' | 'muon' | 'other';
export type Parallelism = 'single' | 'ddp' | 'fsdp' | 'zero1' | 'zero2' | 'zero3' | 'tensor' | 'pipeline';
/** Code bases differ by constant factors at the same work; see the stack factor in time/. */
export type Stack =
  | 'hf' | 'unsloth' | 'torchtune' | 'axolotl' | 'llama-factory' | 'litgpt' | 'llm-foundry' | 'nanogpt' | 'megatron' | 'nemo'
  | 'lightning' | 'diffusers' | 'kohya' | 'ai-toolkit' | 'simpletuner' | 'timm' | 'ultralytics' | 'mmdetection' | 'detectron2'
  | 'nnunet' | 'pytorch' | 'other';

export interface Model {
  /** As published: `meta-llama/Llama-3.1-8B`, `resnet50`. */
  readonly name: string;
  /** Millions of parameters in memory, and those that work on each token where they are fewer (mixture of experts). */
  readonly paramsM: number;
  readonly activeParamsM?: number;
  readonly layers?: number;
  readonly hidden?: number;
  /** Width of the feed-forward part, and whether it is gated (SwiGLU: three matrices). */
  readonly ffn?: number;
  readonly gated?: boolean;
  readonly heads?: number;
  readonly kvHeads?: number;
  readonly vocab?: number;
  readonly tiedEmbeddings?: boolean;
  /** Billions of multiply-accumulates, and millions of activations, of one forward pass at `resolution`. */
  readonly gmacs?: number;
  readonly mActs?: number;
  readonly resolution?: number;
}

export interface Workload {
  readonly task: Task;
  readonly stack: Stack;
  readonly model?: Model;
  /** Its name where it is a published one, else the path that the script names. */
  readonly dataset?: string;
  readonly method: Method;
  readonly loraRank?: number;
  readonly precision: Precision;
  readonly baseWeights?: BaseWeights;
  readonly optimizer: Optimizer;
  readonly parallelism: Parallelism;
  /** GPUs that share each matrix, and stages that the layers are split over. */
  readonly tensorParallel?: number;
  readonly pipelineParallel?: number;
  /** GPUs the script asks for; undefined takes the offer's. */
  readonly gpus?: number;
  /** Samples per GPU and forward pass. */
  readonly microBatch?: number;
  /** Forward passes per optimizer step and GPU. */
  readonly accumulation?: number;
  /** Samples per optimizer step over all GPUs, where the script fixes that instead. */
  readonly globalBatch?: number;
  /** Optimizer steps. They win over epochs, as in every trainer. */
  readonly steps?: number;
  readonly epochs?: number;
  /** Samples of one epoch. */
  readonly samples?: number;
  /** Most tokens of a sample; with packing every sample has this many. */
  readonly seqLen?: number;
  /** Tokens of a sample on average, where that is known. */
  readonly tokensPerSample?: number;
  /** Pixels of a side, frames of a clip, seconds of audio: whatever the task's samples are measured in. */
  readonly resolution?: number;
  readonly frames?: number;
  readonly packing: boolean;
  readonly checkpointing: boolean;
  /** Weights, gradients and optimizer wait in the memory of the host; layers come to the GPU as they are needed. */
  readonly cpuOffload?: boolean;
  readonly compile: boolean;
  /** False where the script asks for attention that keeps the whole matrix of scores. */
  readonly flashAttention: boolean;
  /** Forward passes of one micro-batch that evaluation and validation add over the whole run. */
  readonly evalPasses?: number;
  /** Optimizer steps between checkpoints. */
  readonly checkpointEvery?: number;
  /** Training where nothing is said. What follows is told of inference alone. */
  readonly work?: Work;
  readonly engine?: Engine;
  readonly servedWeights?: ServedWeights;
  /** Requests that are answered at once. */
  readonly concurrency?: number;
  /** Tokens of a request, and of its answer. */
  readonly promptTokens?: number;
  readonly answerTokens?: number;
  /** Most tokens of both together that the server takes. */
  readonly contextTokens?: number;
}
