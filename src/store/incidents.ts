/** What is held against hosts, by the launches that found it out. */
import type { HostKey, HostTrouble } from '../domain/hostMemory.ts';
import type { Incidents } from '../domain/store.ts';
import type { Sql } from './sql.ts';

export const createIncidents = (sql: Sql, now: () => number): Incidents => ({
  incidents: () =>
    sql.all('SELECT * FROM incident ORDER BY at_ms DESC', (row) => ({
      launchId: String(row['launch_id']),
      host: String(row['host']) as HostKey,
      trouble: String(row['trouble']) as HostTrouble,
      at: Number(row['at_ms']),
      until: Number(row['until_ms']),
    })),
  blame: ({ launchId, host, trouble, at, until }) =>
    sql.atomically(() => {
      sql.run('DELETE FROM incident WHERE until_ms < ?', now());
      sql.run('INSERT OR IGNORE INTO incident VALUES (?, ?, ?, ?, ?)', launchId, host, trouble, at, until);
    }),
  forgive: (host) => void sql.run('DELETE FROM incident WHERE host = ?', host),
});
