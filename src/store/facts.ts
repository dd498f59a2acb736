/** Small facts by name: the session, notes, the highest marks that were reached, and what this installation is called. */
import { randomBytes } from 'node:crypto';
import type { Marks, Notes, SessionStore } from '../domain/store.ts';
import type { Sql } from './sql.ts';

export function createFacts(sql: Sql): SessionStore & Notes & Marks & { readonly install: string } {
  const fact = (name: string): string | undefined => sql.one('SELECT value FROM meta WHERE name = ?', name)?.['value']?.toString();
  const setFact = (name: string, value: string): void => void sql.run('INSERT OR REPLACE INTO meta VALUES (?, ?)', name, value);

  /** Two windows may open a new file at once: the first name stays. */
  const newInstall = (): string => {
    const name = randomBytes(3).toString('hex');
    sql.run('INSERT OR IGNORE INTO meta VALUES (?, ?)', 'install', name);
    return fact('install') ?? name;
  };

  return {
    install: fact('install') ?? newInstall(),
    session: () => {
      const [startedAt, seenAt] = (fact('session') ?? '').split(' ').map(Number);
      return startedAt && seenAt ? { startedAt, seenAt } : undefined;
    },
    setSession: ({ startedAt, seenAt }) => setFact('session', `${startedAt} ${seenAt}`),
    note: (name) => fact(noteName(name)),
    setNote: (name, value) => setFact(noteName(name), value),
    raise: (name, value) => {
      const raised = 'INSERT INTO mark VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE excluded.value > value';
      return sql.run(raised, name, value) > 0;
    },
    highest: (name) => {
      const value = sql.one('SELECT value FROM mark WHERE name = ?', name)?.['value'];
      return value === undefined ? undefined : Number(value);
    },
  };
}

/** Apart from the names that are the store's own. */
const noteName = (name: string): string => `note ${name}`;
