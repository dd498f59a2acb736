import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../../../src/services/clock.ts';
import { PodFiles } from '../../../../src/services/pod/podFiles.ts';
import { PodWatch } from '../../../../src/services/pod/podWatch.ts';
import { FakeClock } from '../../../fakes/fakeClock.ts';
import { FakeLog } from '../../../fakes/fakeLog.ts';
import { FakeMachineLink } from '../../../fakes/fakeMachineLink.ts';
import { temporaryFolder } from '../../../fakes/temporaryFolder.ts';

function bench() {
  const temporary = temporaryFolder();
  const link = new FakeMachineLink();
  const clock = new FakeClock();
  const files = new PodFiles({ link, clock: systemClock, random: (bytes) => randomBytes(bytes) });
  const open: string[] = [];
  const eyes = { attentive: true };
  const watch = new PodWatch({ link, files, clock, log: new FakeLog(), open: () => open, attentive: () => eyes.attentive });
  const told: string[] = [];
  watch.onDidChange((changes) => void told.push(...changes.map(({ how, path }) => `${how} ${path.slice(temporary.path.length + 1)}`)));
  const at = (name: string): string => join(temporary.path, name);
  /** As an explorer unfolds it. */
  const unfold = async (path: string): Promise<void> => watch.listed(path, (await files.list(path)).entries.map(({ name }) => name));
  const look = async (): Promise<string[]> => {
    told.length = 0;
    await watch.look();
    return told.toSorted();
  };
  return { link, clock, files, open, eyes, watch, told, at, unfold, look, root: temporary.path, [Symbol.dispose]: () => temporary[Symbol.dispose]() };
}

describe('watching a machine', () => {
  it('tells of what comes and goes in a folder that is unfolded', async () => {
    using test = bench();
    const { look, unfold, root, at } = test;
    writeFileSync(at('old'), '');
    await unfold(root);
    assert.deepEqual(await look(), []);
    writeFileSync(at('new'), '');
    rmSync(at('old'));
    assert.deepEqual(await look(), ['created new', 'removed old']);
    assert.deepEqual(await look(), []);
  });

  it('misses nothing that came between the listing and the first look', async () => {
    using test = bench();
    await test.unfold(test.root);
    writeFileSync(test.at('quick'), '');
    assert.deepEqual(await test.look(), ['created quick']);
  });

  it('tells of open files that change or go', async () => {
    using test = bench();
    const { look, open, at } = test;
    writeFileSync(at('log'), 'a');
    open.push(at('log'));
    await look();
    appendFileSync(at('log'), 'b');
    assert.deepEqual(await look(), ['changed log']);
    rmSync(at('log'));
    assert.deepEqual(await look(), ['removed log']);
    assert.deepEqual(await look(), []);
  });

  it('shows at once what it tells of', async () => {
    using test = bench();
    const { files, unfold, root, at, open } = test;
    writeFileSync(at('log'), 'a');
    open.push(at('log'));
    await unfold(root);
    await test.look();
    await files.stat(at('log'));
    appendFileSync(at('log'), 'b');
    await test.look();
    assert.equal((await files.stat(at('log'))).bytes, 2);
  });

  it('looks at everything with one question, and at nothing with none', async () => {
    using test = bench();
    const { link, unfold, root, at, open } = test;
    await test.look();
    assert.deepEqual(link.asked, []);
    for (let n = 0; n < 20; n++) {
      mkdirSync(at(`d${n}`));
      await unfold(at(`d${n}`));
      writeFileSync(at(`f${n}`), '');
      open.push(at(`f${n}`));
    }
    await unfold(root);
    await test.look();
    link.asked.length = 0;
    await test.look();
    assert.deepEqual(link.asked, ['run']);
  });

  it('never looks into what is folded', async () => {
    using test = bench();
    mkdirSync(test.at('data'));
    for (let n = 0; n < 10; n++) writeFileSync(test.at(`data/${n}`), '');
    await test.unfold(test.root);
    await test.look();
    assert.ok(test.link.scripts.every((script) => !script.includes('/data')));
  });

  it('forgets the folders that were unfolded longest ago', async () => {
    using test = bench();
    for (let n = 0; n < 150; n++) test.watch.listed(test.at(`d${n}`), []);
    await test.look();
    const script = test.link.scripts[0] ?? '';
    assert.ok(script.includes(`${test.at('d149')}'`) && !script.includes(`${test.at('d49')}'`));
  });

  it('looks at what somebody asks to have watched, until nobody does', async () => {
    using test = bench();
    const { watch, at, look, link } = test;
    writeFileSync(at('a'), 'x');
    const [first, second] = [watch.watch(at('a')), watch.watch(at('a'))];
    await look();
    first.dispose();
    appendFileSync(at('a'), 'y');
    assert.deepEqual(await look(), ['changed a']);
    second.dispose();
    link.asked.length = 0;
    await look();
    assert.deepEqual(link.asked, []);
  });

  it('does not call for a machine that is away, nor believe nonsense', async () => {
    using test = bench();
    const { link, watch, at } = test;
    watch.watch(at('a'));
    link.lose();
    assert.deepEqual([await test.look(), link.asked], [[], []]);
    link.mend();
    link.answer = () => ({ stdout: 'Welcome to the machine!\nIt has two lines.\n', stderr: '', code: 0 });
    assert.deepEqual(await test.look(), []);
    link.answer = () => ({ stdout: '', stderr: '', code: 3 });
    assert.deepEqual(await test.look(), []);
  });

  it('goes on after a look that failed, more slowly while nobody looks', async () => {
    using test = bench();
    const { link, watch, at, clock, eyes } = test;
    watch.watch(at('a'));
    const three = Promise.withResolvers<void>();
    let looks = 0;
    link.answer = () => {
      if (++looks === 1) throw new Error('boom');
      eyes.attentive = false;
      if (looks === 3) {
        watch.dispose();
        three.resolve();
      }
      return { stdout: '-\n', stderr: '', code: 0 };
    };
    const looking = watch.start();
    await three.promise;
    await looking;
    assert.deepEqual(clock.slept.slice(0, 3), [3000, 3000, 20_000]);
  });
});
