import assert from 'node:assert/strict';
import { baseWeightsOf, firstNumber, methodOf, optimizerOf, parallelismOf, precisionOf, sourceOf, stackOf, taskOf, wholeNumber } from '../../../../src/estimate/score/text.ts';

const table = <In extends readonly unknown[], Out>(what: string, run: (...input: In) => Out, cases: readonly (readonly [...In, Out])[]): void => {
  for (const each of cases) {
    const input = each.slice(0, -1) as unknown as In;
    it(`${what} ${JSON.stringify(input)}`, () => assert.deepEqual(run(...input), each.at(-1)));
  }
};

describe('what published tables say', () => {
  table('reads the first number of', firstNumber, [
    ['1024', 1024], ['max 768 (mean 210)', 768], ['<1024', 1024], ['1,024 tokens', 1024], ['1.5e3', 1500],
    ['none', undefined], ['', undefined], ['0', undefined], ['-4', undefined], [undefined, undefined],
  ]);
  table('reads as a whole number', wholeNumber, [
    ['8', 8], ['1,007', 1007], ['0.18', 0.18], ['1e3', 1000], ['8 x', undefined], ['-1', undefined], ['', undefined], ['NaN', undefined], ['1e999', undefined],
  ]);
  table('takes for one source', sourceOf, [
    ['mosaicml/llm-foundry:scripts/train/README.md@8c8dd48f7', 'mosaicml/llm-foundry'],
    ['https://github.com/Owner/Name/issues/14', 'owner/name'],
    ['https://github.com/owner/name', 'owner/name'],
    ['owner/name.js', 'owner/name.js'],
    ['a blog as quoted at https://example.org/posts/x#top', 'https://example.org/posts/x'],
    ['', ''],
  ]);
  table('recognises the stack of', stackOf, [
    ['HF; adamw_8bit', 'unslothai/unsloth:README.md', 'hf'],
    ['Unsloth Open; adamw', 'unslothai/unsloth:README.md', 'unsloth'],
    ['qlora (unsloth)', 'somebody/else:x', 'unsloth'],
    ['executed output; Unsloth 2025.1', 'unslothai/notebooks:nb/x.ipynb', 'unsloth'],
    ['composer/llm-foundry, flash-attn', 'mosaicml/llm-foundry:x', 'llm-foundry'],
    ['no compile', 'huggingface/peft:method_comparison/MetaMathQA', 'hf'],
    ['no compile', 'huggingface/peft:method_comparison/image-gen', 'diffusers'],
    ['NeMo 25.11', 'NVIDIA-NeMo/Megatron-Bridge:docs', 'nemo'],
    ['Megatron-DeepSpeed', 'VIA-Research/vTrain:data', 'megatron'],
    ['', 'nobody/knows:x', 'pytorch'],
  ]);
  table('recognises the task of', taskOf, [
    ['llm_finetune', 'sft', 'Llama 3 8B', 'language'],
    ['nlp_train', 'squad finetune', 'BERT base', 'encoder'],
    ['mlperf', 'MLPerf training v4.0 bert', 'BERT large pretrain', 'encoder'],
    ['mlperf', 'MLPerf training v4.0 stable_diffusion', 'Stable Diffusion v2', 'diffusion'],
    ['vision_train', 'COCO detection', 'Faster R-CNN', 'detection'],
    ['vision_train', 'classification', 'ResNet-50', 'vision'],
    ['speech_audio', 'tts', 'Tacotron 2', 'speech'],
    ['vlm_finetune', 'notebook vision-language sft', 'Gemma', 'vision-language'],
    ['medical_seg', 'Task002_Heart 2d', 'nnU-Net', 'medical'],
    ['', '', 'nobody knows', 'other'],
  ]);
  table('recognises the method of', methodOf, [
    ['full', 'bf16', 'full'], ['lora r16', 'bf16', 'lora'], ['qlora', 'nf4', 'qlora'], ['lora', 'bf16+nf4', 'qlora'],
    ['ia3', 'bf16', 'lora'], ['', '', 'full'], ['full galore128', 'bf16', 'full'],
  ]);
  table('recognises the precision of', precisionOf, [
    ['amp_bf16', 'bf16'], ['amp fp16', 'fp16'], ['F16', 'fp16'], ['fp32/tf32', 'tf32'], ['fp32 (no tensor cores)', 'fp32'], ['mxfp8', 'fp8'],
    ['FP8 tensorwise', 'fp8'], ['fp8-torchao', 'bf16'], ['bf16+fp8 head', 'bf16'], ['4bit + fp16', 'fp16'], ['', 'bf16'],
  ]);
  table('recognises the frozen weights of', baseWeightsOf, [
    ['bf16+nf4', 'nf4'], ['4bit + fp16', 'nf4'], ['bf16+int8 (gptq)', 'int8'], ['fp8-torchao', 'fp8'], ['bf16', undefined],
  ]);
  table('recognises the optimizer of', optimizerOf, [
    ['optim adamw_8bit; packing', 'language', 'adamw-8bit'], ['optim paged_adamw_8bit', 'language', 'adamw-8bit'], ['Adafactor, cached', 'diffusion', 'adafactor'],
    ['record #4 (Muon)', 'language', 'muon'], ['', 'language', 'adamw'], ['', 'vision', 'sgd'],
  ]);
  table('recognises how GPUs share in', parallelismOf, [
    ['single', 1, { parallelism: 'single', tensor: 1, pipeline: 1 }],
    ['DDP', 8, { parallelism: 'ddp', tensor: 1, pipeline: 1 }],
    ['FSDP FULL_SHARD', 8, { parallelism: 'fsdp', tensor: 1, pipeline: 1 }],
    ['TP2 PP4 DP12', 96, { parallelism: 'pipeline', tensor: 2, pipeline: 4 }],
    ['TP8 DP32 PP1', 256, { parallelism: 'tensor', tensor: 8, pipeline: 1 }],
    ['TP4 PP12 DP8 ZeRO-1', 384, { parallelism: 'pipeline', tensor: 4, pipeline: 12 }],
    ['ZeRO-3', 8, { parallelism: 'zero3', tensor: 1, pipeline: 1 }],
    ['device_map/MP', 2, { parallelism: 'pipeline', tensor: 1, pipeline: 2 }],
    ['', 1, { parallelism: 'single', tensor: 1, pipeline: 1 }],
  ]);
});
