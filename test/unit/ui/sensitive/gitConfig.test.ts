import assert from 'node:assert/strict';
import { gitConfigOf } from '../../../../src/ui/sensitive/gitConfig.ts';

const reading = (files: Record<string, string>): { readonly asked: string[]; readonly text: Promise<string | undefined> } => {
  const asked: string[] = [];
  const text = gitConfigOf(async (path) => {
    asked.push(path);
    return files[path];
  });
  return { asked, text };
};

describe('the configuration of Git', () => {
  it('is where it usually is, and nothing else is read then', async () => {
    const { asked, text } = reading({ '.git/config': 'mine' });
    assert.deepEqual([await text, asked], ['mine', ['.git/config']]);
  });

  it('is found from a work tree of its own and from a submodule', async () => {
    assert.equal(await reading({ '.git': 'gitdir: /repo/.git/worktrees/x\n', '/repo/.git/worktrees/x/../../config': 'shared' }).text, 'shared');
    assert.equal(await reading({ '.git': 'gitdir: ../.git/modules/sub\n', '../.git/modules/sub/config': 'own' }).text, 'own');
  });

  it('is nothing where there is no Git, or a file that says nothing', async () => {
    assert.equal(await reading({}).text, undefined);
    assert.equal(await reading({ '.git': 'x' }).text, undefined);
    assert.equal(await reading({ '.git': 'gitdir: /gone' }).text, undefined);
  });
});
