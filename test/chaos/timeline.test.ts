import assert from 'node:assert/strict';
import { Freezer, Laptop, WindowClock } from './laptop.ts';
import { Life } from './life.ts';
import { Hung, Timeline } from './timeline.ts';

const settled = async (promise: Promise<unknown>): Promise<string> => {
  const pending = Symbol('pending');
  const first = await Promise.race([promise.then(() => 'done', (error: Error) => error.name), new Promise((resolve) => setImmediate(() => resolve(pending)))]);
  return first === pending ? 'pending' : String(first);
};

describe('the time of a simulation', () => {
  it('runs what is due in order of time, then in the order it was planned', async () => {
    const timeline = new Timeline(1000);
    const ran: string[] = [];
    timeline.at(1300, () => ran.push('late'));
    timeline.at(1100, () => ran.push('first'));
    timeline.at(1100, () => ran.push('second'));
    timeline.at(1200, () => ran.push('called off')).cancel();
    await timeline.run(1250);
    assert.deepEqual([ran, timeline.now], [['first', 'second'], 1250]);
    await timeline.run(2000);
    assert.deepEqual([ran.at(-1), timeline.now], ['late', 2000]);
  });

  it('keeps its order whatever is planned and called off', async () => {
    const timeline = new Timeline(0);
    const ran: number[] = [];
    let chance = 1;
    for (let index = 0; index < 500; index++) {
      chance = (chance * 16_807) % 2_147_483_647;
      const time = chance % 1000;
      const planned = timeline.at(time, () => ran.push(time));
      if (chance % 7 === 0) planned.cancel();
    }
    await timeline.run(1000);
    assert.ok(ran.length > 400);
    assert.deepEqual(ran, ran.toSorted((a, b) => a - b));
  });

  it('lets everything that an event sets off run out before the next one', async () => {
    const timeline = new Timeline(0);
    const ran: string[] = [];
    timeline.at(1, () => void (async () => {
      for (let turn = 0; turn < 50; turn++) await Promise.resolve();
      ran.push('all of the first');
    })());
    timeline.at(2, () => ran.push('the second'));
    await timeline.run(2);
    assert.deepEqual(ran, ['all of the first', 'the second']);
  });

  it('calls what goes round in circles hung', async () => {
    const timeline = new Timeline(0, 1000);
    const again = (): void => void timeline.after(0, again);
    again();
    await assert.rejects(timeline.run(1), Hung);
  });
});

describe('a laptop of a simulation', () => {
  const setUp = (): { timeline: Timeline; laptop: Laptop; freezer: Freezer; life: Life; clock: WindowClock } => {
    const timeline = new Timeline(1_000_000);
    const laptop = new Laptop(timeline);
    const freezer = new Freezer();
    const life = new Life();
    return { timeline, laptop, freezer, life, clock: new WindowClock(laptop, freezer, life) };
  };

  it('shows a wrong time and measures a right one', async () => {
    const { timeline, laptop, clock } = setUp();
    laptop.skewMs = -5000;
    await timeline.run(1_000_200);
    assert.deepEqual([clock.now(), clock.elapsed()], [995_200, 200]);
  });

  it('fires the timers of a night when it wakes, and sleeps for the longest of its sleeps', async () => {
    const { timeline, laptop, clock } = setUp();
    const slept = clock.sleep(10);
    laptop.sleep(1000);
    laptop.sleep(300);
    await timeline.run(timeline.now + 500);
    assert.equal(await settled(slept), 'pending');
    await timeline.run(timeline.now + 500);
    assert.equal(await settled(slept), 'done');
  });

  it('lets one window hang while another goes on', async () => {
    const { timeline, laptop, freezer, clock } = setUp();
    const other = new WindowClock(laptop, new Freezer(), new Life());
    freezer.freeze();
    const [hangs, goesOn] = [clock.sleep(10), other.sleep(10)];
    await timeline.run(timeline.now + 10);
    assert.deepEqual([await settled(hangs), await settled(goesOn)], ['pending', 'done']);
    freezer.thaw();
    assert.equal(await settled(hangs), 'done');
  });

  it('wakes nobody in a window that has died, and tells its end once', async () => {
    const { timeline, life, clock } = setUp();
    let ends = 0;
    life.onEnd(() => ends++);
    const slept = clock.sleep(10);
    life.crashAfter(1);
    await timeline.run(timeline.now + 10);
    life.end();
    assert.deepEqual([await settled(slept), await settled(clock.sleep(1)), life.over, ends], ['pending', 'pending', true, 1]);
  });

  it('tells when a request of a window has left, unless it is spared', () => {
    const life = new Life();
    let told = 0;
    life.atRequest(2, () => told++);
    const after = Array.from({ length: 3 }, () => {
      life.requested();
      return told;
    });
    life.atRequest(1, () => told++);
    life.spare();
    life.requested();
    assert.deepEqual([after, told], [[0, 1, 1], 1]);
  });

  it('breaks a sleep off when its signal says so', async () => {
    const { clock } = setUp();
    const cancelled = new AbortController();
    const slept = clock.sleep(10, cancelled.signal);
    cancelled.abort();
    assert.equal(await settled(slept), 'AbortError');
    assert.equal(await settled(clock.sleep(10, cancelled.signal)), 'AbortError');
  });
});
