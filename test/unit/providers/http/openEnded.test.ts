import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { mock } from 'node:test';
import { collect } from '../../../../src/providers/http/openEnded.ts';
import { settled } from './manualClock.ts';

const patience = { quietMs: 100, maxMs: 1_000, mostBytes: 1_000 };

describe('a stream without an end', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  /** Says a word every `everyMs`, until somebody stops listening. */
  async function speak(stream: PassThrough, everyMs: number, words: number): Promise<void> {
    for (let word = 1; word <= words && !stream.destroyed; word++) {
      stream.write(`${word} `);
      await settled();
      mock.timers.tick(everyMs);
    }
  }

  it('is read until it falls silent, however long it has spoken', async () => {
    const stream = new PassThrough();
    const read = collect(stream, patience);
    await speak(stream, 60, 7);
    mock.timers.tick(60);
    assert.equal(await read, '1 2 3 4 5 6 7 ');
    assert.ok(stream.destroyed);
  });

  it('is read no longer than it may be', async () => {
    const stream = new PassThrough();
    const read = collect(stream, patience);
    await speak(stream, 90, 50);
    assert.equal((await read).trim().split(' ').length, 12);
  });

  it('is read no further than it may fill', async () => {
    const stream = new PassThrough();
    const read = collect(stream, { ...patience, mostBytes: 10 });
    await speak(stream, 1, 50);
    assert.equal(await read, '1 2 3 4 5 6 ');
  });

  it('ends when it ends after all, and leaves no timer', async () => {
    const stream = new PassThrough();
    const read = collect(stream, patience);
    stream.end('whole: ä');
    assert.equal(await read, 'whole: ä');
    mock.timers.tick(5_000);
  });

  it('is nothing when it breaks', async () => {
    const stream = new PassThrough();
    const read = collect(stream, patience);
    stream.write('half');
    stream.destroy(new Error('reset'));
    await assert.rejects(read, /reset/);
  });
});
