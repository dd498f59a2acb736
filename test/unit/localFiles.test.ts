/** What lies on this computer is closed to its other users, whatever the umask says. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { onlyOwner, layoutOf, prepareFolder } from '../../src/ssh/folder.ts';
import { connectUserConfig } from '../../src/ssh/include.ts';
import { createKnownHosts } from '../../src/ssh/knownHosts.ts';
import { createCore, type Core } from '../../src/wiring.ts';
import { FakeClock } from '../fakes/fakeClock.ts';
import { FakeLog } from '../fakes/fakeLog.ts';
import { temporaryFolder } from '../fakes/temporaryFolder.ts';
import { launch } from './ui/support/machines.ts';

const alias = 'gpu-rental-abcdef-01';
const hostKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0lHkUmUHcJgkc4p0Rk0BcYw2b1m1rX0m2oQ4zUu9oK';

async function opened(stateFolder: string): Promise<Core> {
  const nobody = { get: () => Promise.resolve(undefined), set: () => Promise.resolve(), delete: () => Promise.resolve() };
  return createCore({ stateFolder, origins: { vast: 'https://vast.invalid', runpod: 'https://runpod.invalid', lambda: 'https://lambda.invalid' }, keys: nobody, clock: new FakeClock(), log: new FakeLog(), version: 'test' });
}

/** All that is written in the life of a machine. */
async function used(stateFolder: string): Promise<Core> {
  const core = await opened(stateFolder);
  core.store.intend(launch({ id: alias }));
  core.store.mark(alias, 'sent');
  await core.ssh.writeHost({ alias, endpoint: { host: '203.0.113.9', port: 22, user: 'root', viaProxy: false } });
  const pins = createKnownHosts(join(stateFolder, 'ssh', 'known_hosts'));
  await pins.pin(alias, hostKey, 'log');
  await core.ssh.forgetHostKey(alias);
  await pins.pin(alias, hostKey);
  return core;
}

const everythingIn = (folder: string): { path: string; mode: number; folder: boolean }[] =>
  ['', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })].map((path) => {
    const seen = statSync(join(folder, path));
    return { path, mode: seen.mode & 0o777, folder: seen.isDirectory() };
  });

(process.platform === 'win32' ? describe.skip : describe)('files on this computer', () => {
  let umask = 0;
  beforeEach(() => void (umask = process.umask(0)));
  afterEach(() => void process.umask(umask));

  it('are open to nobody else: folders 0700, files 0600', async () => {
    using temporary = temporaryFolder();
    const folder = join(temporary.path, 'new', 'state');
    const core = await used(folder);
    const seen = everythingIn(folder);
    for (const name of ['store.db', 'store.db-wal', 'store.db-shm', 'ssh/id_ed25519', 'ssh/config', `ssh/known_hosts/${alias}`, `ssh/known_hosts/${alias}.past`, 'ssh/no_known_hosts']) {
      assert.ok(seen.some(({ path }) => path === name), `${name} is not there to be looked at`);
    }
    for (const one of seen) assert.equal(one.mode, one.folder ? 0o700 : 0o600, `${one.path} ${one.mode.toString(8)}`);
    core.dispose();
  });

  it('are closed again when somebody opened them, key and pins first', async () => {
    using temporary = temporaryFolder();
    const ssh = layoutOf(join(temporary.path, 'ssh'));
    mkdirSync(ssh.hostKeys, { recursive: true, mode: 0o777 });
    await prepareFolder(ssh, new FakeLog());
    assert.deepEqual([ssh.folder, ssh.hostKeys].map((path) => statSync(path).mode & 0o777), [0o700, 0o700]);
  });

  it('leave the user’s own configuration as open as it was, and a new one closed', async () => {
    using temporary = temporaryFolder();
    const userConfig = join(temporary.path, 'home', '.ssh', 'config');
    await connectUserConfig({ userConfig, hostFile: join(temporary.path, 'state', 'ssh', 'config') });
    assert.deepEqual([userConfig, join(userConfig, '..')].map((path) => statSync(path).mode & 0o777), [0o600, 0o700]);
  });

  it('hold no key but the SSH key', async () => {
    using temporary = temporaryFolder();
    const core = await used(temporary.path);
    for (const { path, folder } of everythingIn(temporary.path)) {
      if (!folder && path !== 'ssh/id_ed25519') assert.ok(!readFileSync(join(temporary.path, path)).includes('PRIVATE KEY'), path);
    }
    core.dispose();
  });
});

describe('files on Windows', () => {
  it('belong to the user, the system and administrators, and inherit from no folder above', () => {
    assert.deepEqual(onlyOwner('C:\\x\\ssh', 'DESK\\ada').slice(1), ['/inheritance:r', '/grant:r', 'DESK\\ada:(OI)(CI)F', '*S-1-5-18:(OI)(CI)F', '*S-1-5-32-544:(OI)(CI)F']);
  });
});
