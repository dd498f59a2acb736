/** What is asked for, as a sentence or as the field's name where that says enough. */
import type { FactName } from './facts.ts';
import type { Translate } from './words.ts';

export function questionWords(name: FactName, t: Translate): string {
  switch (name) {
    case 'model': return t('Which model is trained?');
    case 'dataset': return t('Which data set is it trained on?');
    case 'samples': return t('How many samples has one epoch?');
    case 'epochs': return t('How many epochs?');
    case 'steps': return t('How many optimizer steps?');
    case 'seqLen': return t('How many tokens has the longest sample?');
    case 'tokensPerSample': return t('How many tokens has a sample on average?');
    case 'resolution': return t('What resolution have the images, in pixels?');
    case 'frames': return t('How many frames has a clip?');
    case 'microBatch': return t('How many samples are in a batch, per GPU?');
    case 'gpus': return t('How many GPUs does it train on?');
    default: return t('What is {0}?', name);
  }
}
