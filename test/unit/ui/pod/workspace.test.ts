import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { podWorkspace } from '../../../../src/ui/pod/podWorkspace.ts';

interface Manifest {
  readonly contributes: { readonly terminal: { readonly profiles: readonly [{ readonly title: string }] } };
}

const uri = 'gpu-pod://gpu-rental-ab12/workspace';
const read = (text: string) => JSON.parse(text) as { readonly folders: unknown; readonly settings: Record<string, unknown> };

describe("the workspace file of a machine's folder", () => {
  it('names the folder as the machine is called', () => {
    assert.deepEqual(read(podWorkspace(uri, 'rtx-5090')).folders, [{ uri, name: 'rtx-5090' }]);
  });

  it('opens no terminal by itself, and the machine\'s where one is wanted', () => {
    const { contributes } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
    const [{ title }] = contributes.terminal.profiles;
    assert.deepEqual(read(podWorkspace(uri, 'a')).settings, {
      'terminal.integrated.hideOnStartup': 'whenEmpty',
      'terminal.integrated.defaultProfile.linux': title,
      'terminal.integrated.defaultProfile.osx': title,
      'terminal.integrated.defaultProfile.windows': title,
    });
  });

  it('keeps what a person set in the one before', () => {
    const before = JSON.stringify({ folders: [], settings: { 'editor.fontSize': 20, 'terminal.integrated.hideOnStartup': 'never' } });
    const { settings, folders } = read(podWorkspace(uri, 'a', before));
    assert.equal(settings['editor.fontSize'], 20);
    assert.equal(settings['terminal.integrated.hideOnStartup'], 'never');
    assert.deepEqual(folders, [{ uri, name: 'a' }]);
  });

  it('begins anew where the one before cannot be read', () => {
    for (const before of ['', '{', 'null', '[]', '{"settings":null}', '{"settings":"x"}']) assert.equal(podWorkspace(uri, 'a', before), podWorkspace(uri, 'a'), before);
  });
});
