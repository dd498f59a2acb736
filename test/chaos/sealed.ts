/**
 * Shuts the real world out of this process: clocks and chance are the schedule's, and a real timer is an
 * error. Built-in modules are changed in place, so that code under test needs no extra door for it.
 */
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import sqlite from 'node:sqlite';
import type { Random } from '../../src/practice/random.ts';
import { WatchedDatabase } from './watchedDatabase.ts';

export interface Fate {
  /** Epoch milliseconds. */
  now(): number;
  readonly random: Random;
}

let fate: Fate | undefined;

/** From now on everything in this process happens to this fate. */
export function sealWith(given: Fate): void {
  if (fate === undefined) seal();
  fate = given;
}

const chosen = (): Fate => {
  if (fate === undefined) throw new Error('no fate was given');
  return fate;
};

function seal(): void {
  Math.random = () => chosen().random.next();
  Date.now = () => chosen().now();
  performance.now = () => chosen().now();
  const bytes = (size: number): Buffer => Buffer.from(Array.from({ length: size }, () => chosen().random.integer(0, 255)));
  Object.assign(crypto, {
    randomBytes: bytes,
    randomUUID: () => bytes(16).toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
  });
  Object.assign(sqlite, { DatabaseSync: WatchedDatabase });
  syncBuiltinESMExports();
  for (const name of ['setTimeout', 'setInterval'] as const) {
    Object.assign(globalThis, { [name]: () => { throw new Error(`${name}: nothing in a simulation may wait for real time`); } });
  }
}
