import type { FactView, OfferRowView, PanelView } from '../../../../src/webview/estimate/messages.ts';
import { panelLabels } from '../../../../src/ui/estimate/labels.ts';
import { english } from '../../ui/support/english.ts';

export const row = (offer: string, usd: number, hours: number, change: Partial<OfferRowView> = {}): OfferRowView => ({
  offer, machine: 'RTX 4090', about: '1× 24 GB · Norway', cost: `$${usd}`, costRange: `$${usd} – $${usd * 2}`, time: `${hours} h`, rate: '$0.33/h', risk: 'fits · 99.5 %',
  usd, hours, riskShare: 0.02, front: false, risky: false, ...change,
});

export const fact = (change: Partial<FactView> = {}): FactView => ({
  name: 'epochs', label: 'Epochs', control: { kind: 'number', value: '3', least: 0, whole: false }, origin: 'script', said: false,
  place: { id: 'p15', text: 'L15', title: 'train.py:15' }, ...change,
});

export const view = (change: Partial<PanelView> = {}): PanelView => ({
  labels: panelLabels(english.t), name: 'train.py', read: 'as read at 14:03:20', headline: '≈ $1.04 · 2.0 h on RTX 4090', busy: false, questions: [], facts: [fact()], unread: [],
  picks: [{ label: 'Cheapest', offer: 'vast:1', machine: 'RTX 4090', text: '$1.04 · 2.0 h' }],
  chosen: { offer: 'vast:1', machine: 'RTX 4090', about: '1× 24 GB', parts: [], usd: { likely: '$1.04', range: '$0.86 – $1.31', low: 0.86, mid: 1.04, high: 1.31 } },
  offers: [row('vast:1', 1.04, 2, { front: true }), row('vast:2', 2, 1, { front: true }), row('vast:3', 3, 3)],
  count: '3 offers fit', elsewhere: [], assumptions: [], gaps: [], learns: true, ...change,
});

/** Tags of a piece of HTML with their attributes as text; what was escaped is not among them. */
export const tags = (html: string, name: string): string[] => [...html.matchAll(new RegExp(`<${name}\\b[^>]*>`, 'g'))].map(([tag]) => tag);
export const attribute = (tag: string, name: string): string | undefined => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1];
