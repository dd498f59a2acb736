import type { DayView, SpendPage } from '../../../../src/webview/spend/messages.ts';

export const day = (date: string, ...parts: readonly (readonly [number, number])[]): DayView => {
  const usd = parts.reduce((sum, [, one]) => sum + one, 0);
  return { day: date, mark: String(Number(date.slice(-2))), total: `$${usd.toFixed(2)}`, usd, parts: parts.map(([series, one]) => ({ series, usd: one, text: `$${one.toFixed(2)}` })) };
};

export const page = (change: Partial<SpendPage> = {}): SpendPage => ({
  labels: {
    title: 'GPU spend', days: 'By day', daysAbout: 'Each bar is a day.', daysTable: 'These as a table', day: 'Day', total: 'All', instances: 'By instance', instance: 'Instance',
    projects: 'By folder', project: 'Folder', spent: 'Spent', now: 'Now, and left', nothing: 'Nothing was spent.', exportCsv: 'Export', asText: 'Text', limits: 'Limits',
  },
  notices: [], figures: [{ label: 'This session', figure: '$1.24' }, { label: 'This month', figure: '$16.10', about: 'of $20.00' }], series: ['sdxl-lora', 'eval', 'others'],
  days: [day('2026-11-20'), day('2026-11-21', [0, 1.5], [1, 0.5]), day('2026-11-22', [0, 3])],
  instances: [
    { name: 'sdxl-lora', about: 'diffusion · Vast.ai · ready', spent: '$4.50', usd: 4.5, series: 0, now: '$0.33/h', left: '2 h 10 m, lease' },
    { name: 'eval', about: 'Vast.ai · gone', spent: '$0.50', usd: 0.5, series: 1 },
  ],
  projects: [{ name: 'diffusion', about: '', spent: '$4.50', usd: 4.5 }, { name: 'no folder', about: '', spent: '$0.50', usd: 0.5 }],
  notes: ['Figures are metered here.'], ...change,
});
