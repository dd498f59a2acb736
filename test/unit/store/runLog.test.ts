import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRunLog } from '../../../src/store/runLog.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

describe('the log of own runs', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => { folder = temporaryFolder(); });
  afterEach(() => folder[Symbol.dispose]());
  const file = (): string => join(folder.path, 'state', 'runs.jsonl');
  const log = () => createRunLog(join(folder.path, 'state'));

  it('is empty before anything was measured, and makes no folder by being read', async () => {
    assert.deepEqual(await log().lines(), []);
    assert.ok(!existsSync(join(folder.path, 'state')));
  });

  it('keeps lines in their order, for whoever opens it next', async () => {
    await log().append('{"a":1}');
    await log().append('{"b":\n2}');
    assert.deepEqual(await log().lines(), ['{"a":1}', '{"b": 2}']);
    if (process.platform !== 'win32') assert.equal(statSync(file()).mode & 0o777, 0o600);
  });

  it('forgets the oldest, in the file too', async () => {
    mkdirSync(join(folder.path, 'state'));
    writeFileSync(file(), Array.from({ length: 400 }, (_, index) => `line ${index}\n`).join(''));
    assert.deepEqual([(await log().lines()).length, (await log().lines())[0]], [300, 'line 100']);
    await log().append('new');
    const kept = readFileSync(file(), 'utf8').trimEnd().split('\n');
    assert.deepEqual([kept.length, kept[0], kept.at(-1)], [300, 'line 101', 'new']);
  });

  it('takes no line that is no run, and reads no file that is not its own', async () => {
    await log().append('x'.repeat(30_000));
    assert.deepEqual(await log().lines(), []);
    await log().append('short');
    appendFileSync(file(), 'y'.repeat(5_000_000));
    assert.deepEqual(await log().lines(), []);
  });

  it('two that write at once lose nothing', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? log() : log()).append(`line ${index}`)));
    assert.equal((await log().lines()).length, 20);
  });
});
