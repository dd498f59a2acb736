// A market world whose time stands still until the test moves it.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClock } from '../../../src/practice/clock.ts';
import { createWorld, type World } from '../../../src/practice/world.ts';
import { fakePods, type FakePods } from './fakePods.ts';

export interface TestWorldOptions {
  readonly seed?: number;
  readonly offers?: number;
  readonly faults?: Readonly<Record<string, number>>;
  readonly bootScale?: number;
  readonly creditUsd?: number;
}

export interface TestWorld extends World {
  readonly pods: FakePods;
  /** Moves market time. */
  pass(seconds: number): void;
}

// A whole UTC day begins here.
export const start = Date.UTC(2026, 9, 1);

export async function testWorld(options: TestWorldOptions = {}): Promise<TestWorld> {
  const pods = fakePods();
  const clock = createClock({ startAt: start, realNow: () => 0 });
  const world = createWorld({
    seed: options.seed ?? 7,
    offers: options.offers ?? 60,
    clock,
    faults: options.faults ?? {},
    bootScale: options.bootScale ?? 1,
    creditUsd: options.creditUsd ?? 25,
    dir: await mkdtemp(join(tmpdir(), 'practice-test-')),
    maker: pods,
  });
  return { ...world, pods, pass: (seconds) => clock.advance(seconds * 1000) };
}
