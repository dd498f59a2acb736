/** The names of facts, and what is asked for where nobody can read one. */
import type { FactName } from './facts.ts';
import type { Translate } from './words.ts';

export function factLabel(name: FactName, t: Translate): string {
  switch (name) {
    case 'model': return t('Model');
    case 'method': return t('Method');
    case 'loraRank': return t('LoRA rank');
    case 'dataset': return t('Data set');
    case 'samples': return t('Samples per epoch');
    case 'epochs': return t('Epochs');
    case 'steps': return t('Optimizer steps');
    case 'seqLen': return t('Longest sample (tokens)');
    case 'tokensPerSample': return t('Average sample (tokens)');
    case 'resolution': return t('Resolution (pixels)');
    case 'frames': return t('Frames per clip');
    case 'microBatch': return t('Batch per GPU');
    case 'accumulation': return t('Gradient accumulation');
    case 'globalBatch': return t('Batch over all GPUs');
    case 'gpus': return t('GPUs');
    case 'parallelism': return t('Parallelism');
    case 'tensorParallel': return t('GPUs that share a layer');
    case 'pipelineParallel': return t('Stages of the pipeline');
    case 'precision': return t('Precision');
    case 'baseWeights': return t('Frozen weights');
    case 'optimizer': return t('Optimizer');
    case 'checkpointing': return t('Gradient checkpointing');
    case 'cpuOffload': return t('Weights wait in host memory');
    case 'packing': return t('Packing');
    case 'compile': return t('Compiled');
    case 'flashAttention': return t('Fast attention');
    case 'evalPasses': return t('Evaluation passes');
    case 'checkpointEvery': return t('Steps between checkpoints');
    case 'stack': return t('Code base');
    case 'task': return t('Kind of task');
    case 'work': return t('Training or inference');
    case 'engine': return t('What answers');
    case 'servedWeights': return t('Stored weights');
    case 'concurrency': return t('Requests at once');
    case 'promptTokens': return t('Tokens of a request');
    case 'answerTokens': return t('Tokens of an answer');
    case 'contextTokens': return t('Longest context (tokens)');
  }
}

/** A question is a whole sentence where the field's name alone would leave a person guessing. */
export function questionWords(name: FactName, t: Translate): string {
  switch (name) {
    case 'model': return t('Which model is trained (a name, or a size such as 7B)?');
    case 'dataset': return t('Which data set is it trained on?');
    case 'samples': return t('How many samples are in one epoch?');
    case 'epochs': return t('How many epochs?');
    case 'steps': return t('How many optimizer steps?');
    case 'seqLen': return t('How many tokens does the longest sample have?');
    case 'tokensPerSample': return t('How many tokens does a sample have on average?');
    case 'resolution': return t('How many pixels is the longer side of an image?');
    case 'frames': return t('How many frames are in a clip?');
    case 'microBatch': return t('How many samples are in a batch, per GPU?');
    case 'gpus': return t('How many GPUs does it train on?');
    case 'servedWeights': return t('How are the weights stored?');
    case 'concurrency': return t('How many requests are answered at once?');
    case 'promptTokens': return t('How many tokens does a request have?');
    case 'answerTokens': return t('How many tokens does an answer have?');
    default: return t('What is {0}?', factLabel(name, t));
  }
}
