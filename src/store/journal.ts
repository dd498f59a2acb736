/** What was decided to rent, and what a person asked of machines that were rented elsewhere. */
import type { SQLInputValue } from 'node:sqlite';
import { RentError } from '../domain/errors.ts';
import { mayBill, predecessors, type Launch } from '../domain/launch.ts';
import type { Errands, Journal } from '../domain/store.ts';
import { toErrand, toLaunch } from './rows.ts';
import type { Sql } from './sql.ts';

/** A launch that is not ready yet blocks the same offer for this long: two clicks or two windows mean one machine. */
const inFlightMs = 5 * 60_000;
const inFlight = `state IN ('intent', 'sent', 'uncertain', 'created') AND changed_at > ?`;
const stillThere = mayBill.filter((state) => state !== 'ending').map((state) => `'${state}'`).join(', ');

export function createJournal(sql: Sql, now: () => number): Omit<Journal, 'install'> & Errands {
  const read = (where: string, ...values: SQLInputValue[]): readonly Launch[] =>
    sql.all(`SELECT * FROM launch ${where} ORDER BY created_at DESC, rowid DESC`, toLaunch, ...values);

  return {
    intend: (launch, askedAt) =>
      sql.atomically(() => {
        const rival = sql.one(
          `SELECT id FROM launch WHERE (offer_id = ? AND ((${inFlight}) OR (state NOT IN ('refused', 'notCreated') AND rowid > ?)))
             OR (quote ->> '$.movedFrom' = ? AND state IN ('intent', ${stillThere}))`,
          launch.offerId, now() - inFlightMs, askedAt ?? null, launch.quote.movedFrom ?? null,
        );
        if (rival) throw new RentError('inFlight', { detail: String(rival['id']) });
        sql.run(
          'INSERT INTO launch (id, provider, offer_id, state, instance_id, quote, created_at, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
          launch.id, launch.provider, launch.offerId, launch.state, launch.instanceId ?? null, JSON.stringify(launch.quote),
          launch.createdAt, launch.changedAt,
        );
      }),
    place: (offer) => {
      const first = `min(rowid) FILTER (WHERE offer_id = ? AND ${inFlight})`;
      return Number(sql.one(`SELECT coalesce(${first} - 1, max(rowid), 0) AS place FROM launch`, offer, now() - inFlightMs)?.['place']);
    },
    mark: (id, state, instanceId) => {
      const from = predecessors(state);
      const at = now();
      return sql.run(
        `UPDATE launch SET state = ?, instance_id = coalesce(?, instance_id), changed_at = ?, ready_at = coalesce(ready_at, ?)
           WHERE id = ? AND state IN (${placesFor(from)})`,
        state, instanceId ?? null, at, state === 'ready' ? at : null, id, ...from,
      ) > 0;
    },
    setLimits: (id, limits) => void sql.run(`UPDATE launch SET quote = json_set(quote, '$.limits', json(?)) WHERE id = ?`, JSON.stringify(limits), id),
    setRates: (id, rates) => void sql.run(
      `UPDATE launch SET quote = json_set(quote, '$.rates', json(?), '$.guardRate', coalesce(quote ->> '$.guardRate', quote ->> '$.rates.running')) WHERE id = ?`,
      JSON.stringify(rates), id,
    ),
    launch: (id) => read('WHERE id = ?', id)[0],
    launchOf: (instanceId) => read('WHERE instance_id = ?', instanceId)[0],
    launches: (states) => (states === undefined ? read('') : read(`WHERE state IN (${placesFor(states)})`, ...states)),
    errands: () => sql.all('SELECT * FROM errand', toErrand),
    setErrand: (instanceId, wish) => {
      if (wish === undefined) sql.run('DELETE FROM errand WHERE instance_id = ?', instanceId);
      else sql.run('INSERT OR REPLACE INTO errand VALUES (?, ?)', instanceId, wish);
    },
  };
}

const placesFor = (values: readonly unknown[]): string => values.map(() => '?').join(', ');
