import assert from 'node:assert/strict';
import type { PinnedBy } from '../../../../src/domain/ssh.ts';
import { HostKeyNotes } from '../../../../src/ui/instances/hostKeyNotes.ts';
import { foreign, machine } from '../support/machines.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));
const ours = machine();
const later = (): ReturnType<typeof machine> => {
  assert.ok(ours.launch);
  return machine({ launch: { ...ours.launch, changedAt: ours.launch.changedAt + 1 } });
};

function bench(answers: readonly (PinnedBy | undefined | Error)[]) {
  const asked: string[] = [];
  let told = 0;
  const notes = new HostKeyNotes((alias) => {
    const answer = answers[asked.length];
    asked.push(alias);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  });
  notes.onDidChange(() => told++);
  return { notes, asked, told: () => told };
}

describe('how host keys came to be trusted', () => {
  it('is read once for each note in the journal, and told when it is there', async () => {
    const { notes, asked, told } = bench(['firstUse', 'log']);
    assert.deepEqual([notes.of(ours), notes.of(ours)], [undefined, undefined]);
    await settled();
    assert.deepEqual([notes.of(ours), told(), asked], ['firstUse', 1, ['gpu-rental-abcdef-01']]);
    assert.equal(notes.of(later()), 'firstUse', 'what was known stays until something else is');
    await settled();
    assert.deepEqual([notes.of(later()), told(), asked.length], ['log', 2, 2]);
  });

  it('is nothing for what is not ours, and draws nothing again where nothing changed', async () => {
    const { notes, asked, told } = bench([undefined]);
    assert.equal(notes.of(foreign()), undefined);
    notes.of(ours);
    await settled();
    assert.deepEqual([asked.length, told()], [1, 0]);
  });

  it('is not known where the file is damaged', async () => {
    const { notes, told } = bench(['log', new Error('damaged')]);
    notes.of(ours);
    await settled();
    notes.of(later());
    await settled();
    assert.deepEqual([notes.of(later()), told()], [undefined, 2]);
  });
});
