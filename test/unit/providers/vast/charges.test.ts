import assert from 'node:assert/strict';
import type { Answer } from '../../../../src/domain/http.ts';
import { usd } from '../../../../src/domain/money.ts';
import { settleMs } from '../../../../src/providers/vast/books.ts';
import { charges, readCharges } from '../../../../src/providers/vast/charges.ts';
import { answer, at, never, recorded, scripted, withCode, type Asked, type ScriptedHttp } from './support.ts';

const dayMs = 86_400_000;
const today = Math.floor(at / dayMs) * dayMs;
const day = (ago: number): number => today - ago * dayMs;

interface Row {
  readonly source: string;
  readonly start: number;
  readonly end: number;
  readonly amount: number;
}
const row = (source: string, from: number, to: number, amount: number): Row => ({ source, start: from / 1000, end: to / 1000, amount });
const page = (rows: readonly unknown[], next: string | null = null): Answer => answer({ success: true, count: rows.length, next_token: next, results: rows });

const daysAsked = ({ query }: Asked): { gte: number; lte: number } => (JSON.parse(query?.['select_filters'] ?? '{}') as { day: { gte: number; lte: number } }).day;

/** Charges by day and instance, served as Vast does: one row per instance over all the days asked for. */
function serving(byDay: Readonly<Record<number, Readonly<Record<string, number>>>>): ScriptedHttp {
  return scripted((call) => {
    const { gte, lte } = daysAsked(call);
    const rows = new Map<string, Row>();
    for (const [ago, amounts] of Object.entries(byDay)) {
      const start = day(Number(ago));
      if (start / 1000 < gte || start / 1000 > lte) continue;
      for (const [key, amount] of Object.entries(amounts)) {
        const before = rows.get(key);
        rows.set(key, row(`instance-${key}`, Math.min(start, (before?.start ?? Infinity) * 1000), Math.max(start, (before?.end ?? 0) * 1000), amount + (before?.amount ?? 0)));
      }
    }
    return page([...rows.values()]);
  });
}

describe('charges', () => {
  it('come by whole days, each with what was charged that day', async () => {
    const http = serving({ 6: { 7: 1.5 }, 4: { 7: 2, 8: 0.125 }, 3: { 8: 0.25 } });
    const found = await charges(http, day(10), day(1), never());
    assert.deepEqual(found, [
      { instanceKey: '7', from: day(6), to: day(5), amount: usd(1.5) },
      { instanceKey: '7', from: day(4), to: day(3), amount: usd(2) },
      { instanceKey: '8', from: day(4), to: day(3), amount: usd(0.125) },
      { instanceKey: '8', from: day(3), to: day(2), amount: usd(0.25) },
    ]);
  });

  it('ask only for days that have any', async () => {
    const http = serving({ 6: { 7: 1.5 } });
    await charges(http, day(30), day(1), never());
    assert.deepEqual(http.asked.map(daysAsked), [
      { gte: day(30) / 1000, lte: day(1) / 1000 - 1 },
      { gte: day(6) / 1000, lte: day(5) / 1000 - 1 },
    ]);
    const none = serving({});
    assert.deepEqual(await charges(none, day(30), day(1), never()), []);
    assert.equal(none.asked.length, 1);
  });

  it('leave out days that are only partly asked for', async () => {
    const all = { 5: { 7: 1 }, 4: { 7: 1 }, 3: { 7: 1 } };
    const found = await charges(serving(all), day(5) + 1, day(2) - 1, never());
    assert.deepEqual(found.map(({ from }) => from), [day(4)]);
    const http = serving(all);
    assert.deepEqual(await charges(http, day(4) + 1, day(3) + 5, never()), []);
    assert.equal(http.asked.length, 0);
  });

  it('leave out days that may still change by the server\'s clock', async () => {
    const found = await charges(serving({ 3: { 7: 1 }, 2: { 7: 1 }, 1: { 7: 1 }, 0: { 7: 1 } }), day(4), day(-3), never());
    assert.deepEqual(found.map(({ from }) => from), [day(3), day(2)]);
    assert.ok(found.every(({ to }) => to <= at - settleMs));
  });

  it('are the sum of their items, which is finer than the row', async () => {
    const found = await charges(scripted(() => answer(recorded('charges'))), day(4), day(3), never());
    assert.deepEqual(found, []);
    // The recorded row covers 22 to 24 November 2026.
    const later = scripted(() => ({ ...answer(recorded('charges')), at: at + 30 * dayMs }));
    const [first] = await charges(later, Date.UTC(2026, 10, 22), Date.UTC(2026, 10, 23), never());
    assert.deepEqual(first, { instanceKey: '27104455', from: Date.UTC(2026, 10, 22), to: Date.UTC(2026, 10, 23), amount: usd(11.9004 + 0.4167 + 0.0283) });
  });

  it('are of instances only', async () => {
    const http = scripted(() => page([row('volume-7', day(3), day(3), 1), row('endpoint-7', day(3), day(3), 1), row('instance-7x', day(3), day(3), 1)]));
    assert.deepEqual(await charges(http, day(3), day(2), never()), []);
  });

  it('are read over all pages', async () => {
    const http = scripted(({ query }) => (query?.['after_token'] === undefined ? page([row('instance-1', day(3), day(3), 1)], 't') : page([row('instance-2', day(3), day(3), 2)])));
    assert.deepEqual((await charges(http, day(3), day(2), never())).map(({ instanceKey }) => instanceKey), ['1', '2']);
  });

  it('are not given at all when a part of them cannot be had', async () => {
    for (const reply of [
      () => page([row('instance-1', day(3), day(3), 1), { source: 'instance-2' }]),
      () => page([row('instance-1', day(3), day(3), 1)], 'same'),
      () => answer({ success: true, results: null }),
      () => answer('<html>'),
    ]) {
      await assert.rejects(charges(scripted(reply), day(3), day(2), never()), withCode('badResponse'));
    }
    await assert.rejects(charges(scripted(() => answer({ success: false, msg: "Must provide both 'day' gte and lte" }, 400)), day(3), day(2), never()), withCode('badRequest'));
  });

  it('are asked for as Vast documents it', () => {
    const call = readCharges({ first: 20_000, last: 20_001 }, 'tok');
    assert.deepEqual([call.method, call.path, call.key, call.retry], ['GET', '/api/v0/charges/', 'required', 'safe']);
    assert.deepEqual(call.query, {
      select_filters: `{"day":{"gte":${20_000 * 86_400},"lte":${20_002 * 86_400 - 1}},"type":{"in":["instance"]}}`,
      latest_first: 'false', format: 'table', limit: '100', after_token: 'tok',
    });
  });
});
