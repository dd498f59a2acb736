/** Models of images and text together. The dimensions are the language part's; `outsideM` is the vision tower. */
import { bareModels, type ModelEntry, transformers } from './modelEntry.ts';

const untied = transformers({ gated: true, tied: false }, [
  ['llava-hf/llava-1.5-7b-hf llava-v1.5-7b llava-1.5-7b', 7063.4, 32, 4096, 11008, 32, 32, 32064, { outsideM: 324.6 }],
  ['llava-hf/llava-1.5-13b-hf llava-v1.5-13b llava-1.5-13b', 13350.8, 40, 5120, 13824, 40, 40, 32064, { outsideM: 335 }],
  ['llava-hf/llava-v1.6-mistral-7b-hf', 7566.7, 32, 4096, 14336, 32, 8, 32064, { outsideM: 325 }],
  ['llava-hf/llava-v1.6-vicuna-7b-hf llava-v1.6-vicuna-7b', 7063.4, 32, 4096, 11008, 32, 32, 32064, { outsideM: 324.6 }],
  ['Qwen/Qwen2-VL-7B-Instruct qwen2-vl-7b', 8291.4, 28, 3584, 18944, 28, 4, 152064, { outsideM: 675.8 }],
  ['Qwen/Qwen2.5-VL-7B-Instruct qwen2.5-vl-7b', 8292.2, 28, 3584, 18944, 28, 4, 152064, { outsideM: 676.6 }],
  ['Qwen/Qwen2.5-VL-72B-Instruct qwen2.5-vl-72b', 73410.8, 80, 8192, 29568, 64, 8, 152064, { outsideM: 704.6 }],
  ['meta-llama/Llama-3.2-11B-Vision llama-3.2-11b-vision-instruct', 10670.2, 32, 4096, 14336, 32, 8, 128256, { outsideM: 2640 }],
]);

const tied = transformers({ gated: true, tied: true }, [
  ['google/gemma-3-4b-pt gemma-3-4b', 4300.1, 34, 2560, 10240, 8, 4, 262208, { headDim: 256, outsideM: 420 }],
  ['google/gemma-3-12b-pt gemma-3-12b', 12187.3, 48, 3840, 15360, 16, 8, 262208, { headDim: 256, outsideM: 421 }],
  ['google/gemma-3-27b-pt gemma-3-27b', 27432.4, 62, 5376, 21504, 32, 16, 262208, { headDim: 128, outsideM: 423 }],
  ['google/paligemma-3b-pt-224 paligemma-3b-pt-448 paligemma-3b', 2923.5, 18, 2048, 16384, 8, 1, 257216, { headDim: 256, outsideM: 415 }],
  ['Qwen/Qwen2-VL-2B-Instruct qwen2-vl-2b', 2209, 28, 1536, 8960, 12, 2, 151936, { outsideM: 665.3 }],
  ['Qwen/Qwen2.5-VL-3B-Instruct qwen2.5-vl-3b', 3754.6, 36, 2048, 11008, 16, 2, 151936, { outsideM: 668.7 }],
]);

const bare = bareModels([
  ['meta-llama/Llama-3.2-90B-Vision llama-3.2-90b-vision-instruct', 88591, { layers: 100, hidden: 8192, vocab: 128256 }],
  // The embeddings of each layer are looked up, not multiplied: so much less works on a token.
  ['google/gemma-3n-E2B', 5439.4, { activeParamsM: 1910 }], ['google/gemma-3n-E4B', 7849.9, { activeParamsM: 3970 }],
  ['baidu/ERNIE-4.5-VL-28B-A3B', 29399.3, { activeParamsM: 3000 }],
  ['google/gemma-4-E2B', 5123.2], ['google/gemma-4-E4B', 7996.2], ['google/gemma-4-12B', 11959.7],
  ['LiquidAI/LFM2.5-VL-1.6B', 1596.6],
  ['HuggingFaceM4/idefics2-8b', 8402.8, { layers: 32, hidden: 4096, vocab: 32003 }],
  ['HuggingFaceTB/SmolVLM-Instruct smolvlm-2.2b smolvlm2-2.2b', 2246.3, { layers: 24, hidden: 2048, vocab: 49155 }],
  ['microsoft/Phi-3-vision-128k-instruct phi-3.5-vision-instruct phi-3-vision phi-3.5-vision', 4146.6, { layers: 32, hidden: 3072, vocab: 32064 }],
  ['OpenGVLab/InternVL2-8B', 8075.4, { layers: 32, hidden: 4096, vocab: 92553 }],
  ['openbmb/MiniCPM-V-2_6', 8099.2, { layers: 28, hidden: 3584, vocab: 151666 }],
  ['microsoft/Florence-2-base florence-2-base-ft', 231], ['microsoft/Florence-2-large florence-2-large-ft', 771],
  ['Salesforce/blip-image-captioning-base', 247.4], ['Salesforce/blip-image-captioning-large', 469.7],
  ['Salesforce/blip2-opt-2.7b', 3744.7],
  ['mistralai/Ministral-3-3B ministral-3-3b ministral-3-vl-3b', 3849.1],
]);

export const visionLanguageModels: readonly ModelEntry[] = [...untied, ...tied, ...bare];
