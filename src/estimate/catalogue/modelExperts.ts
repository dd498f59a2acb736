/**
 * Mixtures of experts. `ffn` is the width that works on one token: that of an expert times the experts chosen, which
 * is what activations follow; the parameters in memory follow all experts.
 */
import { bareModels, type ModelEntry, transformers } from './modelEntry.ts';

const known = transformers({ gated: true, tied: false }, [
  ['mistralai/Mixtral-8x7B-v0.1 mixtral-8x7b nous-hermes-2-mixtral-8x7b', 46702.8, 32, 4096, 28672, 32, 8, 32000, { activeParamsM: 12879.9 }],
  ['mistralai/Mixtral-8x22B-v0.1 mixtral-8x22b', 140630.1, 56, 6144, 32768, 48, 8, 32768, { activeParamsM: 39150 }],
  ['Qwen/Qwen1.5-MoE-A2.7B', 14315.8, 24, 2048, 11264, 16, 16, 151936, { activeParamsM: 2700 }],
  ['Qwen/Qwen2-57B-A14B', 57409.3, 28, 3584, 40960, 28, 4, 151936, { activeParamsM: 14000 }],
  ['Qwen/Qwen3-30B-A3B qwen3-coder-30b-a3b qwen3-30b-a3b-thinking', 30532.1, 48, 2048, 6144, 32, 4, 151936, { activeParamsM: 3350, headDim: 128 }],
  ['Qwen/Qwen3-235B-A22B qwen3-235b-a22b-thinking', 235093.6, 94, 4096, 12288, 64, 4, 151936, { activeParamsM: 22000, headDim: 128 }],
  ['openai/gpt-oss-20b', 20914.8, 24, 2880, 11520, 64, 8, 201088, { activeParamsM: 3600, headDim: 64 }],
  ['openai/gpt-oss-120b', 116829.2, 36, 2880, 11520, 64, 8, 201088, { activeParamsM: 5100, headDim: 64 }],
]);

const bare = bareModels([
  ['microsoft/Phi-3.5-MoE-instruct phi-3.5-moe', 41873, { activeParamsM: 6600, layers: 32, hidden: 4096 }],
  ['deepseek-ai/DeepSeek-V2-Lite', 15706.5, { activeParamsM: 2400, layers: 27, hidden: 2048, vocab: 102400 }],
  ['deepseek-ai/DeepSeek-V2 deepseek-v2.5', 235741, { activeParamsM: 21000, layers: 60, hidden: 5120, vocab: 102400 }],
  ['deepseek-ai/DeepSeek-V3 deepseek-r1 deepseek-r1-0528 deepseek-v3.1', 671026, { activeParamsM: 37000, layers: 61, hidden: 7168, vocab: 129280 }],
  ['meta-llama/Llama-4-Scout-17B-16E', 108642, { activeParamsM: 17000, layers: 48, hidden: 5120, vocab: 202048 }],
  ['meta-llama/Llama-4-Maverick-17B-128E', 400712, { activeParamsM: 17000, layers: 48, hidden: 5120, vocab: 202048 }],
  ['baidu/ERNIE-4.5-21B-A3B', 21825.4, { activeParamsM: 3000 }],
  ['google/gemma-4-26B-A4B', 25805.9, { activeParamsM: 4000 }],
  ['allenai/OLMoE-1B-7B-0924 olmoe-1b-7b', 6919.2, { activeParamsM: 1300, layers: 16, hidden: 2048, vocab: 50304 }],
  ['ai21labs/Jamba-v0.1', 51570, { activeParamsM: 12000, layers: 32, hidden: 4096, vocab: 65536 }],
  ['databricks/dbrx-base dbrx', 131597, { activeParamsM: 36000, layers: 40, hidden: 6144, vocab: 100352 }],
]);

export const expertModels: readonly ModelEntry[] = [...known, ...bare];
