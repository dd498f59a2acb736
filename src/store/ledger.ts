/** What machines cost, as we metered it and as their providers charged it. */
import type { Ledger } from '../domain/store.ts';
import { toInterval, toSettled } from './rows.ts';
import type { Sql } from './sql.ts';

export const createLedger = (sql: Sql): Ledger => ({
  last: (instanceId) => {
    const row = sql.one('SELECT * FROM interval WHERE instance_id = ? ORDER BY start_ms DESC, rowid DESC LIMIT 1', instanceId);
    return row && toInterval(row);
  },
  append: ({ instanceId, from, to, rate }) => void sql.run('INSERT INTO interval VALUES (?, ?, ?, ?)', instanceId, from, to, rate),
  amend: ({ instanceId, from, to, rate }) =>
    void sql.run(
      `UPDATE interval SET end_ms = ? WHERE rowid =
         (SELECT rowid FROM interval WHERE instance_id = ? AND start_ms = ? AND rate_micro = ? ORDER BY rowid DESC LIMIT 1)`,
      to, instanceId, from, rate,
    ),
  intervals: (instanceId) =>
    instanceId === undefined
      ? sql.all('SELECT * FROM interval', toInterval)
      : sql.all('SELECT * FROM interval WHERE instance_id = ?', toInterval, instanceId),
  settle: (charges) =>
    sql.atomically(() => {
      for (const { instanceId, from, to, amount } of charges) sql.run('INSERT OR REPLACE INTO settled VALUES (?, ?, ?, ?)', instanceId, from, to, amount);
    }),
  settled: (instanceId) =>
    instanceId === undefined
      ? sql.all('SELECT * FROM settled', toSettled)
      : sql.all('SELECT * FROM settled WHERE instance_id = ?', toSettled, instanceId),
  turn: (instanceId) => {
    const row = sql.one('SELECT at_ms FROM turn WHERE instance_id = ?', instanceId);
    return row && Number(row['at_ms']);
  },
  setTurn: (instanceId, at) => {
    if (at === undefined) sql.run('DELETE FROM turn WHERE instance_id = ?', instanceId);
    else sql.run('INSERT OR REPLACE INTO turn VALUES (?, ?)', instanceId, at);
  },
});
