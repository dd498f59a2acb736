/** What the market showed, in rows that are merged as they age. */
import type { HostKey } from '../domain/hostMemory.ts';
import type { UsdPerHour } from '../domain/money.ts';
import type { OfferKind, ProviderId, Tier } from '../domain/offer.ts';
import { dayMs, hourMs, quarterMs, sampleBounds, type HostPrice, type PriceSample } from '../domain/sample.ts';
import type { Samples } from '../domain/store.ts';
import type { Row } from './rows.ts';
import type { Sql } from './sql.ts';

const seriesColumns = 'gpu, vram_gb, provider, kind, tier';

/** A second reading in one quarter of an hour: its lowest price, and the newest of what else it saw. */
const keepSample = `INSERT INTO sample VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
  low_micro = min(low_micro, excluded.low_micro), median_micro = coalesce(excluded.median_micro, median_micro), offers = max(offers, excluded.offers)`;

const keepChange = `INSERT OR IGNORE INTO host_price SELECT ?1, ?2, ?3, ?4
  WHERE (SELECT rate_micro FROM host_price WHERE host = ?1 AND gpus = ?2 ORDER BY at_ms DESC LIMIT 1) IS NOT ?4`;

export function createSamples(sql: Sql): Samples {
  /** Rows of `fromMs` that begin before `before` become the means of their `toMs`. */
  const merge = (fromMs: number, toMs: number, before: number): void => {
    const old = 'span_ms = ? AND start_ms < ?';
    const slot = `start_ms - start_ms % ${toMs}`;
    sql.run(
      `INSERT OR IGNORE INTO sample SELECT ${seriesColumns}, ${slot}, ${toMs}, CAST(round(avg(low_micro)) AS INTEGER),
         CAST(round(avg(median_micro)) AS INTEGER), CAST(round(avg(offers)) AS INTEGER)
       FROM sample WHERE ${old} GROUP BY ${seriesColumns}, ${slot}`,
      fromMs, before,
    );
    sql.run(`DELETE FROM sample WHERE ${old}`, fromMs, before);
  };

  return {
    keep: (samples, prices) =>
      sql.atomically(() => {
        for (const { gpu, vramGb, provider, kind, tier, at, spanMs, low, median, offers } of samples) {
          sql.run(keepSample, gpu, vramGb, provider, kind, tier, at, spanMs, low, median ?? null, offers);
        }
        for (const { host, gpuCount, at, rate } of prices) sql.run(keepChange, host, gpuCount, at, rate);
      }),
    samplesOf: (gpu, vramGb) => sql.all('SELECT * FROM sample WHERE gpu = ? AND vram_gb = ? ORDER BY start_ms', toSample, gpu, vramGb),
    pricesOf: (host, gpuCount) => sql.all('SELECT * FROM host_price WHERE host = ? AND gpus = ? ORDER BY at_ms DESC', toPrice, host, gpuCount),
    thin: (now) =>
      sql.atomically(() => {
        const { quartersMs, hoursMs, keptMs, rows, hostMs, hostRows } = sampleBounds;
        const whole = (time: number, span: number): number => time - (time % span);
        merge(quarterMs, hourMs, whole(now - quartersMs, hourMs));
        merge(hourMs, dayMs, whole(now - hoursMs, dayMs));
        sql.run('DELETE FROM sample WHERE start_ms < ?', now - keptMs);
        sql.run('DELETE FROM sample WHERE start_ms <= (SELECT start_ms FROM sample ORDER BY start_ms DESC LIMIT 1 OFFSET ?)', rows);
        sql.run('DELETE FROM host_price WHERE at_ms < ?', now - hostMs);
        sql.run('DELETE FROM host_price WHERE at_ms <= (SELECT at_ms FROM host_price ORDER BY at_ms DESC LIMIT 1 OFFSET ?)', hostRows);
      }),
  };
}

const toSample = (row: Row): PriceSample => ({
  gpu: String(row['gpu']),
  vramGb: Number(row['vram_gb']),
  provider: String(row['provider']) as ProviderId,
  kind: String(row['kind']) as OfferKind,
  tier: String(row['tier']) as Tier,
  at: Number(row['start_ms']),
  spanMs: Number(row['span_ms']),
  low: Number(row['low_micro']) as UsdPerHour,
  ...(row['median_micro'] === null ? {} : { median: Number(row['median_micro']) as UsdPerHour }),
  offers: Number(row['offers']),
});

const toPrice = (row: Row): HostPrice => ({
  host: String(row['host']) as HostKey,
  gpuCount: Number(row['gpus']),
  at: Number(row['at_ms']),
  rate: Number(row['rate_micro']) as UsdPerHour,
});
