import assert from 'node:assert/strict';
import { RentError } from '../../../../src/domain/errors.ts';
import { groupOffers } from '../../../../src/domain/filter.ts';
import type { OfferId } from '../../../../src/domain/offer.ts';
import type { MarketView } from '../../../../src/services/market.ts';
import { groupRow } from '../../../../src/ui/offers/groupRow.ts';
import { offerRow } from '../../../../src/ui/offers/offerRow.ts';
import { offerText } from '../../../../src/ui/offers/offerText.ts';
import { offerTooltip } from '../../../../src/ui/offers/offerTooltip.ts';
import { summaryRow } from '../../../../src/ui/offers/summaryRow.ts';
import { summaryTooltip } from '../../../../src/ui/offers/summaryTooltip.ts';
import { problemRow } from '../../../../src/ui/problemRow.ts';
import { offer } from '../../../fakes/offers.ts';
import { english } from '../support/english.ts';

const readAt = new Date(2026, 10, 22, 14, 3, 20).getTime();
const decoded = (text: string): string => text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
const runpod = offer({ id: 'runpod:a' as OfferId, provider: 'runpod', tier: 'datacentre', tierName: 'Secure', place: 'EU-RO-1', stock: 'high', gpuUsd: 0.69, diskUsd: 0 });
delete (runpod as { reliability?: number }).reliability;

describe('offer rows', () => {
  it('say on one line what decides', () => {
    const { label, description } = offerRow(offer({ reliability: 0.9994 }), english);
    assert.equal(label, '$0.33/h  1× 24 GB');
    assert.equal(description, '99.9 % · Norway · Vast.ai');
  });

  it('name the tier where no reliability is published, and the stock where it is known', () => {
    assert.equal(offerRow(runpod, english).description, 'Secure · EU-RO-1 · RunPod · high stock');
  });

  it('say in words that an offer is interruptible', () => {
    const row = offerRow(offer({ kind: 'interruptible', reliability: 0.982, place: 'Texas, US', gpuCount: 2 }), english);
    assert.equal(row.label, '$0.33/h  2× 24 GB');
    assert.equal(row.description, '98.2 % · Texas, US · Vast.ai · interruptible');
    assert.equal(row.icon?.codicon, 'zap');
  });

  it('colour only what the text says already', () => {
    const colours = [0.98, 0.97, 0.969, 0.95, 0.949].map((reliability) => offerRow(offer({ reliability }), english).icon?.color);
    assert.deepEqual(colours, [undefined, undefined, 'disabledForeground', 'disabledForeground', 'list.warningForeground']);
  });

  it('tell a screen reader the disk and the kind, which a glance takes from elsewhere', () => {
    assert.equal(offerRow(offer(), english).spoken, '$0.33/h all in, with 40 GB of disk, 1× 24 GB RTX 4090, on demand, 99.5 % · Norway · Vast.ai');
  });

  it('survive what a host calls its place', () => {
    const row = offerRow(offer({ place: '$(flame) [free](command:x)\n' }), english);
    assert.doesNotMatch(row.description ?? '', /\$\(|\]\(|\n/);
  });

  it('leave out a place that is not known', () => {
    assert.equal(offerRow(offer({ place: '' }), english).description, '99.5 % · Vast.ai');
  });

  it('make a line to paste', () => {
    assert.equal(offerText(offer({ readAt }), english), '1× RTX 4090 · $0.33/h all in, with 40 GB of disk · 99.5 % · Norway · Vast.ai · vast:1001 · read at 14:03:20');
  });
});

describe('group rows', () => {
  it('name the card, the best price and the number', () => {
    const [group] = groupOffers([offer({ gpuUsd: 0.5 }), offer({ id: 'vast:2' as OfferId, gpuUsd: 0.29 })], 'reliability');
    assert.ok(group);
    assert.deepEqual([groupRow(group, english).label, groupRow(group, english).description], ['RTX 4090 · 24 GB', 'from $0.31/h · 2 offers']);
  });

  it('tell cards for games, desks and racks apart', () => {
    const icons = ['RTX 4090', 'GTX 1080 Ti', 'RTX A6000', 'RTX A4500', 'RTX 6000 Ada', 'RTX PRO 6000 S', 'H100 SXM', 'L40S', 'MI300X'].map((gpu) => {
      const [group] = groupOffers([offer({ gpu })], 'price');
      assert.ok(group);
      return groupRow(group, english).icon?.codicon;
    });
    assert.deepEqual(icons, ['game', 'game', 'device-desktop', 'device-desktop', 'device-desktop', 'device-desktop', 'server', 'server', 'server']);
  });
});

describe('offer tooltip', () => {
  const rich = offer({
    readAt,
    details: {
      machineId: '5', hostId: '9', cpuName: 'EPYC 7702', cpuCores: 16, ramGb: 64.4, diskName: 'NVMe', diskMbPerS: 2100.4, maxDiskGb: 512, downMbps: 1800, upMbps: 450,
      downUsdPerGb: 0.002, upUsdPerGb: 0, pcieGbPerS: 22.84, cuda: '12.8', driver: '570.86', availableUntil: readAt + 86_400_000, listedSince: readAt - 90_000_000, verified: true, directSsh: false,
    },
  });
  const text = decoded(offerTooltip(rich, readAt, english));

  it('splits the price and says what a stopped machine costs', () => {
    for (const row of ['| 1× RTX 4090 | $0.33/h all in |', '| GPU | $0.31/h |', '| Disk of 40 GB | $0.020/h |', '| While stopped | $0.020/h ($14.60 a month) |', '| Traffic in, on top | $2.00 per TB |', '| Traffic out, on top | free |']) {
      assert.ok(text.includes(row), row);
    }
  });

  it('tells everything that is known of the host and the machine', () => {
    for (const row of [
      '| Reliability, as published | 99.5 % |', '| Kind of place | private host: its owner can read what runs there |', '| Verified by the provider | yes |', '| Listed | 1 d 1 h ago |',
      '| Can be rented until | 14:03 tomorrow |', '| SSH | through a slow proxy only |', '| Offer | 1001 |', '| Machine | 5 |', '| Host | 9 |', '| CPU | EPYC 7702, 16 cores |', '| Memory | 64 GB |',
      '| Disk | NVMe, 2100 MB/s |', '| Largest disk | 512 GB |', '| Network in | 1.8 Gbit/s |', '| Network out | 450 Mbit/s |', '| PCIe | 22.8 GB/s |', '| CUDA | 12.8 |', '| Driver | 570.86 |',
    ]) assert.ok(text.includes(row), row);
    assert.match(text, /Vast\.ai, read at 14:03:20$/);
  });

  it('leaves out what is not known instead of guessing', () => {
    const bare = decoded(offerTooltip(runpod, readAt, english));
    assert.doesNotMatch(bare, /CPU|CUDA|Traffic|Listed|Verified|undefined|NaN|Reliability/);
    assert.match(bare, /\| Tier \| Secure \|/);
  });

  it('says that a stop keeps nothing where it keeps nothing', () => {
    const bare = offer({ price: { ...rich.price, stoppedDisk: 0 as never } });
    assert.match(decoded(offerTooltip(bare, readAt, english)), /\| While stopped \| nothing is kept \|/);
  });

  it('lets nothing act that a host wrote', () => {
    const nasty = offerTooltip(offer({ gpu: '[x](command:y)', place: '<img src=x>|', details: { cpuName: '](command:z)' } }), readAt, english);
    assert.doesNotMatch(nasty, /\]\(|<img|command:/);
  });

  it('adds the memory of several cards', () => {
    assert.match(decoded(offerTooltip(offer({ gpuCount: 8, vramGb: 80 }), readAt, english)), /\| GPU memory \| 80 GB each, 640 GB in all \|/);
  });
});

describe('summary row', () => {
  const view: MarketView = { filter: { diskGb: 40 }, offers: [], dropped: 4, more: false, loading: false, readAt, stale: false, errors: [] };

  it('counts what is shown and dropped, with the time of reading, which does not age on the screen, and the disk', () => {
    assert.equal(summaryRow({ view, shown: 312, hiddenHosts: 0, now: readAt + 20_000 }, english).label, '312 offers, 4 dropped · read at 14:03:20 · 40 GB disk');
  });

  it('says when there is more, hidden or old', () => {
    const odd = { ...view, dropped: 0, more: true, stale: true };
    const row = summaryRow({ view: odd, shown: 1, hiddenHosts: 2, now: readAt + 6 * 60_000 }, english);
    assert.equal(row.label, '1+ offers · 2 hosts hidden · read 6 m ago · not fresh · 40 GB disk');
    assert.equal(row.icon?.codicon, 'warning');
    assert.match(summaryTooltip({ view: odd }, english), /GPU plus 40 GB of disk.*narrower filter.*did not answer/);
    assert.doesNotMatch(summaryTooltip({ view: odd }, english), /Dropped/);
  });

  it('counts one', () => {
    assert.match(summaryRow({ view, shown: 1, hiddenHosts: 1, now: readAt }, english).label, /^1 offer, 4 dropped · 1 host hidden/);
  });
});

describe('problem row', () => {
  it('says which provider could not be heard, and why', () => {
    const row = problemRow({ provider: 'runpod', error: new RentError('network', { detail: 'ECONNREFUSED' }) }, english);
    assert.deepEqual([row.label, row.description], ['RunPod', 'RunPod could not be reached.']);
  });
});
