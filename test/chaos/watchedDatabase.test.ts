import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { temporaryFolder } from '../fakes/temporaryFolder.ts';
import { Crashed, isCrash, Life } from './life.ts';
import { ownDatabases, throwDisksAway, WatchedDatabase } from './watchedDatabase.ts';

function opened(folder: string, life: Life): WatchedDatabase {
  ownDatabases(life);
  try {
    return new WatchedDatabase(`${folder}/store.db`, {});
  } finally {
    ownDatabases(undefined);
  }
}

describe('the database of a simulation', () => {
  afterEach(throwDisksAway);

  it('lasts while nobody has it open, until its disk is thrown away', () => {
    using folder = temporaryFolder();
    const life = new Life();
    opened(folder.path, life).exec('CREATE TABLE fact (name TEXT)');
    life.end();
    const next = new Life();
    assert.deepEqual(opened(folder.path, next).prepare('SELECT * FROM fact').all(), []);
    next.end();
    throwDisksAway();
    assert.throws(() => opened(folder.path, new Life()).prepare('SELECT * FROM fact'), /no such table/);
  });

  it('loses what a window had not committed when it died, and only that', () => {
    using folder = temporaryFolder();
    const [life, other] = [new Life(), new Life()];
    const [database, witness] = [opened(folder.path, life), opened(folder.path, other)];
    database.exec('CREATE TABLE fact (name TEXT)');
    const insert = database.prepare('INSERT INTO fact VALUES (?)');
    insert.run('kept');
    // It begins, writes, and dies in the commit.
    life.crashAfter(3);
    database.exec('BEGIN IMMEDIATE');
    insert.run('lost');
    assert.throws(() => database.exec('COMMIT'), Crashed);
    assert.throws(() => database.prepare('SELECT * FROM fact').all(), Crashed, 'the dead read nothing');
    assert.deepEqual(witness.prepare('SELECT name FROM fact').all().map(({ name }) => name), ['kept']);
  });

  it('refuses writes and no reads while its disk is full', () => {
    using folder = temporaryFolder();
    const life = new Life();
    const database = opened(folder.path, life);
    database.exec('CREATE TABLE fact (name TEXT)');
    life.diskFull = true;
    assert.throws(() => database.prepare("INSERT INTO fact VALUES ('a')").run(), /full/);
    assert.deepEqual(database.prepare('SELECT * FROM fact').all(), []);
    life.diskFull = false;
    assert.equal(database.prepare("INSERT INTO fact VALUES ('a')").run().changes, 1);
  });

  it('tells another version when another window has written, as SQLite does', () => {
    using folder = temporaryFolder();
    const file = `${folder.path}/real.db`;
    const real = [new DatabaseSync(file), new DatabaseSync(file)] as const;
    const ours = [opened(folder.path, new Life()), opened(folder.path, new Life())] as const;
    const changes = [real, ours].map(([one, other]) => {
      one.exec('CREATE TABLE fact (name TEXT)');
      const version = (): unknown => one.prepare('PRAGMA data_version').get()?.['data_version'];
      const before = version();
      one.exec("INSERT INTO fact VALUES ('own')");
      const own = version();
      other.exec("INSERT INTO fact VALUES ('other')");
      return [own === before, version() === own];
    });
    assert.deepEqual(changes, [[true, false], [true, false]]);
    for (const database of real) database.close();
  });

  it('knows a crash by its causes', () => {
    assert.ok(isCrash(new Error('no journal', { cause: new Crashed('dead') })));
    assert.ok(!isCrash(new Error('no journal', { cause: new Error('full') })));
    assert.ok(!isCrash('dead'));
  });
});
