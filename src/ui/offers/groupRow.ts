import type { OfferGroup } from '../../domain/filter.ts';
import { formatRate } from '../../domain/money.ts';
import { plain } from '../escape.ts';
import type { Row } from '../row.ts';
import type { Voice } from '../voice.ts';
import { gb, offersCount } from '../words.ts';

/** `RTX 4090 · 24 GB` and `from $0.31/h · 142 offers`. */
export function groupRow(group: OfferGroup, { t }: Voice): Row {
  const label = `${plain(group.gpu)} · ${gb(group.vramGb)}`;
  const description = t('from {0} · {1}', formatRate(group.from), offersCount(group.offers.length, t));
  return { label, description, icon: { codicon: cardIcon(group.gpu) }, spoken: `${label}, ${description}` };
}

/** Cards for games, for desks and for racks. */
function cardIcon(gpu: string): string {
  if (/^(RTX (PRO|A\d|\d000\b)|Quadro|TITAN)/i.test(gpu)) return 'device-desktop';
  if (/^(RTX|GTX) /i.test(gpu)) return 'game';
  return 'server';
}
