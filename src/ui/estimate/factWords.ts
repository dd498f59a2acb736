import type { Fact, FactSource } from '../../estimate/facts.ts';
import type { Translate } from '../voice.ts';

function sourceWord(source: FactSource, t: Translate): string {
  switch (source) {
    case 'user': return t('you said so');
    case 'command': return t('command line');
    case 'script': return t('script');
    case 'config': return t('configuration');
    case 'hub': return t('model card');
    case 'files': return t('files beside it');
    case 'table': return t('table of known models and data');
    case 'default': return t('usual value');
  }
}

export function originWords({ source, certainty }: Pick<Fact, 'source' | 'certainty'>, t: Translate): string {
  const word = sourceWord(source, t);
  if (certainty === 'derived') return t('{0}, computed', word);
  return certainty === 'assumed' && source !== 'user' ? t('{0}, assumed', word) : word;
}
