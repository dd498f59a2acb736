import assert from 'node:assert/strict';
import type { DataRoute } from '../../../../src/domain/project.ts';
import { setupScriptCommands, type ProjectFolder } from '../../../../src/ui/project/setupScriptCommand.ts';
import { english } from '../support/english.ts';
import { ScriptedDialogs, type Answer } from '../support/scriptedDialogs.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';
const git = { '.git/config': '[core]\n[remote "origin"]\n\turl = git@example.org:me/lora.git\n', '.git/HEAD': `${commit}\n` };
const route: DataRoute = { direction: 'pull', folder: '/workspace/data', place: { store: { kind: 'b2' }, path: 'bucket/data' } };

async function run(files: Readonly<Record<string, string>>, active: string | undefined, ...answers: Answer[]) {
  const dialogs = new ScriptedDialogs(...answers);
  const opened: string[] = [];
  const folder: ProjectFolder = { name: 'lora', active, read: async (path) => files[path], exists: async (path) => path in files };
  const commands = setupScriptCommands({
    dialogs, voice: english, routes: { all: [route] }, projectFolder: () => (Object.keys(files).length === 0 ? undefined : folder),
    openNew: async (language, text) => void opened.push(`${language}\n${text}`),
  });
  await commands['gpuRental.project.createSetupScript']();
  return { dialogs, opened };
}

describe('the command for a set-up script', () => {
  it('opens what the project does, after one question', async () => {
    const { dialogs, opened } = await run({ ...git, 'requirements.txt': '' }, "my train's.py", { type: `python3 'my train'\\''s.py'` });
    const input = dialogs.asked.find((asked) => asked.is === 'input');
    assert.equal(input?.is === 'input' && input.input.value, `python3 'my train'\\''s.py'`);
    assert.match(opened[0] ?? '', /^shellscript\n#!\/bin\/sh\n/);
    for (const part of ["'https://example.org/me/lora.git'", commit, 'b2://bucket/data', '-r \'requirements.txt\'', "python3 'my train'\\''s.py"]) assert.ok(opened[0]?.includes(part), part);
    assert.match(dialogs.notes[0]?.text ?? '', /push it/, 'a bare commit is not known to be anywhere');
  });

  it('says when no machine could reach the code', async () => {
    const { dialogs, opened } = await run({ 'train.py': '' }, undefined, { type: '' });
    assert.match(opened[0] ?? '', /does everything: data\n/);
    assert.match(dialogs.notes[0]?.text ?? '', /no git remote/);
  });

  it('opens nothing without a folder or an answer', async () => {
    const without = await run({}, undefined);
    assert.deepEqual([without.opened, without.dialogs.notes[0]?.text], [[], 'Open the project’s folder first.']);
    assert.deepEqual((await run(git, 'a.py', { type: undefined })).opened, []);
  });
});
