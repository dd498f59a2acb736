import type { RunRecord, RunSeen } from '../../../../src/domain/run.ts';
import { now } from './machines.ts';

export const alias = 'gpu-rental-abcdef-01';

/** A run that has gone on for twelve minutes. */
export const runSeen = (change: Partial<RunSeen> = {}): RunSeen => ({
  id: 'r0abc-12345', about: { words: ['python3', 'train.py'], folder: '/workspace/project' }, state: 'running', afterwards: 'keep',
  startedAt: now - 12 * 60_000, ranMs: 12 * 60_000, stopped: false, unprepared: false, logBytes: 100, tail: '', ...change,
});

export const ended = (change: Partial<RunSeen> = {}): RunSeen => runSeen({ state: 'ended', exitCode: 0, ...change });

export const record = (run: RunSeen = runSeen(), progress: RunRecord['progress'] = {}): RunRecord => ({ launchId: alias, run, progress, at: now, from: '/home/me/project' });
