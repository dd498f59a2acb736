import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linesOf } from '../../../src/services/linesOf.ts';
import { everyMs, keptMs, MachineWatch } from '../../../src/services/machineWatch.ts';
import { fakeMachineLinks } from '../../fakes/fakeMachineLink.ts';
import { FakeLog } from '../../fakes/fakeLog.ts';
import { quickClock } from '../../fakes/quickClock.ts';

const alias = 'gpu-rental-abcdef-01';

describe('watching a machine', function () {
  this.timeout(30_000);
  const folder = mkdtempSync(join(tmpdir(), 'watch '));
  after(() => rmSync(folder, { recursive: true }));
  before(function () {
    if (process.platform !== 'linux') this.skip();
  });

  function bench(rate = 50) {
    const links = fakeMachineLinks();
    const clock = quickClock(rate);
    const watch = new MachineWatch({ links, folders: [folder], clock, log: new FakeLog() });
    const link = links.of(alias);
    const until = (probe: () => boolean): Promise<void> =>
      new Promise((resolve) => {
        if (probe()) return resolve();
        const subscription = watch.onDidChange(() => {
          if (!probe()) return;
          subscription.dispose();
          resolve();
        });
      });
    return { watch, link, clock, until };
  }

  it('asks one program on one channel again and again, for as long as somebody looks', async () => {
    const { watch, link, until } = bench();
    const [first, second] = [watch.look(alias), watch.look(alias)];
    await until(() => watch.of(alias).samples.length >= 3);
    assert.deepEqual(link.asked, ['start']);
    const [early, , late] = watch.of(alias).samples;
    assert.equal(early?.disk?.folder !== undefined, true);
    assert.equal(early?.cpu?.busy, undefined);
    assert.ok(late?.cpu !== undefined && late.memory !== undefined && late.at - (early?.at ?? 0) >= everyMs);
    first.dispose();
    first.dispose();
    const before = watch.of(alias).samples.length;
    await until(() => watch.of(alias).samples.length > before);
    second.dispose();
    const kept = watch.of(alias).samples.length;
    while (link.running > 0) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(watch.of(alias).samples.length, kept, 'nothing is asked when nobody looks');
    watch.look(alias).dispose();
    assert.equal(watch.of(alias).samples.length, kept, 'what was known is still there');
  });

  it('says that the line is lost, and goes on when it is back', async () => {
    const { watch, link, until } = bench();
    const looking = watch.look(alias);
    await until(() => watch.of(alias).samples.length >= 1);
    link.lose();
    await until(() => watch.of(alias).trouble !== undefined);
    const known = watch.of(alias).samples.length;
    assert.ok(known >= 1, 'the figures until then stay');
    link.mend();
    await until(() => watch.of(alias).samples.length > known);
    assert.equal(watch.of(alias).trouble, undefined);
    looking.dispose();
  });

  it('says so when the machine runs no commands', async () => {
    const { watch, link, until } = bench();
    link.env['PATH'] = '/nowhere';
    const looking = watch.look(alias);
    await until(() => watch.of(alias).trouble !== undefined);
    assert.match(String(watch.of(alias).trouble), /runs no commands/);
    looking.dispose();
  });

  it('forgets what is older than ten minutes', async () => {
    const { watch, clock, until } = bench(2000);
    const looking = watch.look(alias);
    await until(() => (watch.of(alias).samples[0]?.at ?? Infinity) > 0);
    const began = clock.now();
    await until(() => clock.now() - began > keptMs + 60_000 && watch.of(alias).samples.length > 1);
    const { samples } = watch.of(alias);
    assert.ok((samples.at(-1)?.at ?? 0) - (samples[0]?.at ?? 0) <= keptMs);
    looking.dispose();
  });
});

describe('lines of a stream', () => {
  it('are the same however the pieces fall, and never grow without bound', async () => {
    const read = async (...pieces: (string | Uint8Array)[]): Promise<string[]> => {
      async function* stream() {
        for (const piece of pieces) yield typeof piece === 'string' ? new TextEncoder().encode(piece) : piece;
      }
      const lines: string[] = [];
      for await (const line of linesOf(stream())) lines.push(line);
      return lines;
    };
    assert.deepEqual(await read('a\r\nb', 'c\n', '\nlast'), ['a', 'bc', '']);
    const bytes = new TextEncoder().encode('ä\nö\n');
    assert.deepEqual(await read(bytes.subarray(0, 1), bytes.subarray(1)), ['ä', 'ö']);
    assert.deepEqual((await read(...Array.from({ length: 40 }, () => 'x'.repeat(1000)), '\n')).map(({ length }) => length), [16_384]);
  });
});
