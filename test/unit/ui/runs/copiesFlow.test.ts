import assert from 'node:assert/strict';
import type { CopyPlan } from '../../../../src/domain/copyPlan.ts';
import type { InstanceId } from '../../../../src/domain/instance.ts';
import type { DataRoute } from '../../../../src/domain/project.ts';
import { copiesCommands, planWords, type CopiesDeps } from '../../../../src/ui/runs/copiesFlow.ts';
import { english } from '../support/english.ts';
import { machine, minuteMs, now } from '../support/machines.ts';
import { alias, record } from '../support/runs.ts';
import { ScriptedDialogs, type Answer } from '../support/scriptedDialogs.ts';

const place = { store: { kind: 's3', flavor: 'aws', region: 'us-east-1' }, path: 'bucket/run' } as const;
const push: DataRoute = { direction: 'push', place, folder: '/workspace/project/out' };
const plan = (change: Partial<CopyPlan> = {}): CopyPlan => ({
  launchId: alias, instanceId: 'vast:77' as InstanceId, run: 'r0abc-12345', folder: 'checkpoints', remoteFolder: '/workspace/project/checkpoints', everyMs: 10 * minuteMs, to: { kind: 'here', localFolder: '/storage' }, ...change,
});

function bench(...answers: Answer[]) {
  const dialogs = new ScriptedDialogs(...answers);
  const set: CopyPlan[] = [];
  const dropped: CopyPlan[] = [];
  const kept: string[] = [];
  const state = { before: undefined as CopyPlan | undefined, routes: [] as DataRoute[], keys: true, woken: 0 };
  const deps: CopiesDeps = {
    dialogs, voice: english, now: () => now, fleet: { instances: [machine({ kind: 'interruptible' })] }, runs: { of: () => [record()] },
    copies: { of: () => state.before, set: (one) => void set.push(one), drop: (one) => void dropped.push(one) },
    wakeCopies: () => void state.woken++, routes: { get all() { return state.routes; } }, copiesFolder: (launchId, run) => `/storage/${launchId}/${run}`,
    dataKeys: { get: () => Promise.resolve(state.keys ? { keyId: 'k' } : undefined), set: async () => void kept.push('keys') },
  };
  return { dialogs, set, dropped, kept, state, go: () => copiesCommands(deps)['gpuRental.run.copies']() };
}

describe('copies of a run', () => {
  it('go to this computer every so often, as long as a window is open, which is said', async () => {
    const one = bench({ choose: /To this computer/ }, { type: './out/checkpoints/' }, { choose: /Every 5 minutes/ });
    await one.go();
    assert.deepEqual(one.set, [plan({ folder: 'out/checkpoints', remoteFolder: '/workspace/project/out/checkpoints', everyMs: 5 * minuteMs, to: { kind: 'here', localFolder: `/storage/${alias}/r0abc-12345` } })]);
    assert.equal(one.state.woken, 1);
    assert.match(one.dialogs.notes[0]?.text ?? '', /every 5 minutes while a window of this editor is open; with none open, none are/);
  });

  it('go to a bucket that results were sent to, with keys that are kept', async () => {
    const one = bench({ choose: /To s3:\/\/bucket\/run/ }, { type: '' }, { choose: /Every 1 hour/ });
    one.state.routes = [push, push, { ...push, direction: 'pull' }];
    await one.go();
    assert.equal(one.dialogs.picks[0]?.choices.length, 2);
    assert.deepEqual(one.set, [plan({ folder: '', remoteFolder: '/workspace/project', everyMs: 60 * minuteMs, to: { kind: 'bucket', place } })]);
  });

  it('ask for keys that are not kept, and need them kept', async () => {
    for (const [keep, made] of [[/Keep them/, 1], [/Use them once/, 0]] as const) {
      const one = bench({ choose: /To s3/ }, { type: 'id' }, { type: 'secret' }, { choose: keep }, ...(made === 1 ? [{ type: 'out' }, { choose: /10 minutes/ }] : []));
      one.state.routes = [push];
      one.state.keys = false;
      await one.go();
      assert.deepEqual([one.set.length, one.kept.length], [made, made]);
    }
  });

  it('are changed or ended later, and say how they went', async () => {
    const one = bench({ choose: /Make no more/ });
    one.state.before = plan({ copiedAt: now - 12 * minuteMs, problem: 'the line went' });
    await one.go();
    assert.deepEqual(one.dropped, [one.state.before]);
    assert.equal(one.dialogs.picks[0]?.placeholder, 'Last copied to this computer 12 m ago. The last try failed: the line went');
    assert.equal(planWords(plan({ to: { kind: 'bucket', place } }), now, english), 'Nothing was copied to s3://bucket/run yet.');
  });

  it('take no folder outside the run’s own', async () => {
    for (const folder of ['../secrets', '/etc', 'a/../../b']) await assert.rejects(bench({ choose: /To this computer/ }, { type: folder }).go(), /was refused/);
  });
});
