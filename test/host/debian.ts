// Debian packages that the hosts need. As root on Debian or Ubuntu they are installed when first needed; for
// anybody else the one command that would do it is named, and what depends on it is skipped, loudly.
import { spawnSync } from 'node:child_process';

function isInstalled(name: string): boolean {
  const { status, stdout } = spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Status}', name], { encoding: 'utf8' });
  return status === 0 && stdout === 'installed';
}

export function onDebian(): boolean {
  return spawnSync('dpkg-query', ['--version']).status === 0;
}

/** True when all are there at the end. `purpose` completes the sentence "… is skipped." */
export function ensureDebianPackages(names: readonly string[], purpose: string): boolean {
  const missing = names.filter((name) => !isInstalled(name));
  if (missing.length === 0) return true;
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...missing];
  if (process.getuid?.() !== 0) {
    console.error(`${purpose} is skipped: it needs\n    sudo ${install.join(' ')}`);
    return false;
  }
  console.error(`Installing ${missing.join(' ')} for: ${purpose}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const [command = '', ...args] of [['apt-get', 'update', '-q'], install]) {
    const { status } = spawnSync(command, args, { env, stdio: ['ignore', 2, 2] });
    if (status !== 0) {
      console.error(`${purpose} is skipped: ${command} ${args.join(' ')} failed.`);
      return false;
    }
  }
  return true;
}
