import type { OfferGroup } from '../../domain/filter.ts';
import type { Standing } from '../../domain/insight.ts';
import { formatRate } from '../../domain/money.ts';
import { plain } from '../escape.ts';
import type { Row } from '../row.ts';
import type { Voice } from '../voice.ts';
import { gb, line, offersCount } from '../words.ts';

/** `RTX 4090 · 24 GB` and `from $0.31/h · 142 offers · cheap today`. */
export function groupRow(group: OfferGroup, { t }: Voice, standing?: Standing): Row {
  const label = `${plain(group.gpu)} · ${gb(group.vramGb)}`;
  const unusual = standing === 'cheap' ? t('cheap today') : standing === 'dear' && t('dear today');
  const description = line(t('from {0} · {1}', formatRate(group.from), offersCount(group.offers.length, t)), unusual);
  return { label, description, icon: { codicon: cardIcon(group.gpu) }, spoken: `${label}, ${description}` };
}

/** Cards for games, for desks and for racks. */
function cardIcon(gpu: string): string {
  if (/^(RTX (PRO|A\d|\d000\b)|Quadro|TITAN)/i.test(gpu)) return 'device-desktop';
  if (/^(RTX|GTX) /i.test(gpu)) return 'game';
  return 'server';
}
