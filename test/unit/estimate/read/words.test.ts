import assert from 'node:assert/strict';
import { optimizerWord, precisionWord } from '../../../../src/estimate/read/words.ts';
import { fileNamed } from '../../../../src/estimate/read/files.ts';

const words = <T>(read: (word: string) => T | undefined, expected: Readonly<Record<string, T | undefined>>): void => {
  for (const [word, meaning] of Object.entries(expected)) assert.equal(read(word), meaning, word);
};

describe('the words of frameworks', () => {
  it('for precision', () => words(precisionWord, {
    bf16: 'bf16', 'torch.bfloat16': 'bf16', 'bf16-mixed': 'bf16', 'bf16-true': 'bf16', amp_bf16: 'bf16', fp16: 'fp16', 'torch.float16': 'fp16', 'torch.half': 'fp16', '16-mixed': 'fp16', 16: 'fp16',
    amp_fp16: 'fp16', no: 'fp32', 32: 'fp32', '32-true': 'fp32', 'torch.float32': 'fp32', 'torch.float8_e4m3fn': 'fp8', fp8: 'fp8', auto: undefined, '64-true': undefined, '': undefined,
  }));

  it('for optimizers', () => words(optimizerWord, {
    adamw_torch: 'adamw', adamw_torch_fused: 'adamw', paged_adamw_32bit: 'adamw', 'torch.optim.Adam': 'adamw', decoupled_adamw: 'adamw', adamw_8bit: 'adamw-8bit', adamw_bnb_8bit: 'adamw-8bit',
    paged_adamw_8bit: 'adamw-8bit', AdamW8bit: 'adamw-8bit', 'bnb.optim.Adam8bit': 'adamw-8bit', PagedAdamW8bit: 'adamw-8bit', adamw_bf16: 'adamw-bf16', SGD: 'sgd', sgd: 'sgd', Adafactor: 'adafactor', Lion8bit: 'lion',
    paged_lion_8bit: 'lion', Muon: 'muon', RMSprop: 'other', Prodigy: 'other', lamb: 'other', mystery: undefined, auto: undefined,
  }));
});

describe('a file that is named by a script', () => {
  const files = ['configs/zero3.json', 'other/zero3.json', 'a/b/train.yaml', 'train.yaml'].map((path) => ({ path, text: '' }));

  it('is the one whose folders agree the most', () => {
    assert.equal(fileNamed(files, './other/zero3.json')?.path, 'other/zero3.json');
    assert.equal(fileNamed(files, '../../configs/zero3.json')?.path, 'configs/zero3.json');
    assert.equal(fileNamed(files, 'b/train.yaml')?.path, 'a/b/train.yaml');
    assert.equal(fileNamed(files, 'zero2.json'), undefined);
    assert.equal(fileNamed(files, '..'), undefined);
  });
});
