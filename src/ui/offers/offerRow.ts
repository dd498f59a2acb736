import type { HostIncident } from '../../domain/hostMemory.ts';
import { formatRate } from '../../domain/money.ts';
import { allIn, type Offer, type Stock } from '../../domain/offer.ts';
import { plain } from '../escape.ts';
import type { Icon, Row } from '../row.ts';
import type { Voice } from '../voice.ts';
import { line, memory, percent } from '../words.ts';

/** Below these a host fails often enough to matter. */
const doubtful = 0.97;
const poor = 0.95;

/** One line that a person can decide from: `$0.31/h  1× 24 GB` and `99.9 % · Norway · Vast.ai`. */
export function offerRow(offer: Offer, voice: Voice, incident?: HostIncident): Row {
  const { t, nameOf } = voice;
  const label = `${formatRate(allIn(offer))}  ${memory(offer.gpuCount, offer.vramGb)}`;
  const description = line(
    trustWord(offer, voice),
    plain(offer.place),
    nameOf(offer.provider),
    offer.kind === 'interruptible' && t('interruptible'),
    offer.stock && stockWord(offer.stock, voice),
    incident && t('failed you before'),
  );
  const kind = offer.kind === 'interruptible' ? t('interruptible') : t('on demand');
  return {
    label,
    description,
    icon: offerIcon(offer),
    spoken: [
      t('{0} all in, with {1} GB of disk', formatRate(allIn(offer)), offer.diskGb),
      `${memory(offer.gpuCount, offer.vramGb)} ${plain(offer.gpu)}`,
      kind,
      description,
    ].join(', '),
  };
}

/** A published figure, else the provider's name of the tier, else what kind of place it is. */
export function trustWord(offer: Offer, { t }: Voice): string {
  if (offer.reliability !== undefined) return percent(offer.reliability);
  if (offer.tierName !== undefined) return plain(offer.tierName);
  return offer.tier === 'datacentre' ? t('datacentre') : t('private host');
}

export function stockWord(stock: Stock, { t }: Voice): string {
  switch (stock) {
    case 'low':
      return t('low stock');
    case 'medium':
      return t('medium stock');
    case 'high':
      return t('high stock');
  }
}

function offerIcon(offer: Offer): Icon {
  const codicon = offer.kind === 'interruptible' ? 'zap' : offer.tier === 'datacentre' ? 'server-environment' : 'home';
  if (offer.reliability === undefined || offer.reliability >= doubtful) return { codicon };
  return { codicon, color: offer.reliability < poor ? 'list.warningForeground' : 'disabledForeground' };
}
