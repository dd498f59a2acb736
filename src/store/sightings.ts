/** What the providers showed last, what they did not show, and whether they were heard. */
import type { Sightings } from '../domain/store.ts';
import { toAbsence, toHearing, toSighting } from './rows.ts';
import type { Sql } from './sql.ts';

export const createSightings = (sql: Sql): Sightings => ({
  sightings: () => sql.all('SELECT * FROM sighting WHERE departed = 0 ORDER BY instance_id', toSighting),
  keep: ({ seen, at }) =>
    sql.run(
      `INSERT INTO sighting VALUES (?, ?, ?, 0)
         ON CONFLICT (instance_id) DO UPDATE SET seen = excluded.seen, at_ms = excluded.at_ms, departed = 0
         WHERE excluded.at_ms > at_ms OR (departed = 0 AND excluded.at_ms = at_ms)`,
      seen.id, JSON.stringify(seen), at,
    ) > 0,
  depart: (id, at) =>
    void sql.run(
      `INSERT INTO sighting VALUES (?, NULL, ?, 1) ON CONFLICT (instance_id) DO UPDATE SET at_ms = max(at_ms, excluded.at_ms), departed = 1`,
      id, at,
    ),
  labelOf: (id) => {
    const label = sql.one(`SELECT json_extract(seen, '$.label') AS label FROM sighting WHERE instance_id = ?`, id)?.['label'];
    return typeof label === 'string' ? label : undefined;
  },
  absence: (launchId) => {
    const row = sql.one('SELECT * FROM absence WHERE launch_id = ?', launchId);
    return row && toAbsence(row);
  },
  setAbsence: (launchId, absence) => {
    if (absence === undefined) sql.run('DELETE FROM absence WHERE launch_id = ?', launchId);
    else sql.run('INSERT OR REPLACE INTO absence VALUES (?, ?, ?, ?)', launchId, absence.looks, absence.since, absence.last);
  },
  hearings: () => sql.all('SELECT * FROM hearing', toHearing),
  hear: ({ provider, at, problem }) => void sql.run('INSERT OR REPLACE INTO hearing VALUES (?, ?, ?)', provider, at, problem ?? null),
});
