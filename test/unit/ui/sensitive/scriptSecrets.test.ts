import assert from 'node:assert/strict';
import type { FindSecrets, SecretFinding } from '../../../../src/domain/sync.ts';
import { askAboutScript } from '../../../../src/ui/sensitive/scriptSecrets.ts';
import { FakeLog } from '../../../fakes/fakeLog.ts';
import { english } from '../support/english.ts';
import { ScriptedDialogs, type Answer } from '../support/scriptedDialogs.ts';

function bench(find: FindSecrets, ...answers: Answer[]) {
  const [dialogs, shown, log] = [new ScriptedDialogs(...answers), [] as string[], new FakeLog()];
  const ask = () => askAboutScript(
    { dialogs, log, findSecrets: find, voice: english, showFile: async (path, line) => void shown.push(`${path}:${line}`) }, { folder: '/home/me/project', file: 'train.py' }, 'Rent all the same');
  return { dialogs, shown, log, ask };
}

const key = (line: number): SecretFinding => ({ path: 'train.py', line, what: 'an AWS key' });
const finding = (...lines: number[]): FindSecrets => async () => lines.map(key);

describe('a script that seems to hold a secret', () => {
  it('is named with its lines and never with the secret, and shown where the person wants to look', async () => {
    const { dialogs, shown, ask } = bench(finding(12, 40), { press: 'show' });
    assert.equal(await ask(), undefined);
    assert.match(dialogs.questions[0]?.detail ?? '', /^Line 12: an AWS key\nLine 40: an AWS key\n\nWhoever owns the machine can read it there/);
    assert.deepEqual(shown, ['/home/me/project/train.py:12']);
  });

  it('is gone on with where the person knows, and not where they turn away', async () => {
    assert.equal(await bench(finding(1), { press: 'goOn' }).ask(), 'allSame');
    assert.equal(await bench(finding(1), { press: undefined }).ask(), undefined);
  });

  it('is asked about alone: the folder is not searched for it', async () => {
    const asked: unknown[] = [];
    const { dialogs, ask } = bench(async (folder, paths) => {
      asked.push(folder, [...paths]);
      return [];
    });
    assert.deepEqual([await ask(), asked, dialogs.asked], ['clean', ['/home/me/project', ['train.py']], []]);
  });

  it('keeps nobody from their work when it cannot be searched', async () => {
    const { log, ask } = bench(() => Promise.reject(new Error('unreadable')));
    assert.equal(await ask(), 'clean');
    assert.equal(log.lines.length, 1);
  });
});
