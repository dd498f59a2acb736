// Stands in for Microsoft's Remote-SSH, which no browser can run: it has the same id and the same settings, so that
// the product finds it, and does nothing.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bin } from '../../host/paths.ts';

const settings = {
  'remote.SSH.configFile': { type: 'string', default: '' },
  'remote.SSH.connectTimeout': { type: 'number', default: 15 },
  'remote.SSH.enableRemoteCommand': { type: 'boolean', default: false },
  'remote.SSH.path': { type: 'string', default: '' },
  'remote.SSH.remotePlatform': { type: 'object', default: {} },
};

/** Gives the path of its VSIX. */
export function packRemoteSsh(scratch: string): string {
  const [folder, vsix] = [join(scratch, 'remote-ssh'), join(scratch, 'remote-ssh.vsix')];
  mkdirSync(folder);
  writeFileSync(join(folder, 'README.md'), 'A stand-in for tests.\n');
  writeFileSync(join(folder, 'package.json'), JSON.stringify({
    name: 'remote-ssh', publisher: 'ms-vscode-remote', version: '0.0.1', license: 'MIT', engines: { vscode: '^1.105.0' },
    contributes: { configuration: { title: 'Remote-SSH', properties: settings } },
  }));
  const { status, stdout, stderr } = spawnSync(join(bin, 'vsce'), ['package', '--no-dependencies', '--allow-missing-repository', '--skip-license', '--out', vsix], { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`The stand-in was not packed:\n${stdout}${stderr}`);
  return vsix;
}
