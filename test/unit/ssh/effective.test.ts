import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SshHost } from '../../../src/domain/ssh.ts';
import { differences } from '../../../src/ssh/effective.ts';
import { connectUserConfig } from '../../../src/ssh/include.ts';
import { createSsh } from '../../../src/ssh/ssh.ts';
import { createTestClock } from './support/testClock.ts';
import { hasTool, noLog, rejectsWith, tempFolder } from './support/tools.ts';

const withSsh = hasTool('ssh', '-V') ? it : it.skip;
const host: SshHost = { alias: 'gpu-1', endpoint: { host: '192.0.2.1', port: 41_022, user: 'root', viaProxy: false } };

describe('what ssh would really do', () => {
  const temp = tempFolder();

  async function place(userText: string) {
    const ssh = createSsh({ folder: temp('ssh'), clock: createTestClock(), log: noLog });
    await ssh.writeHost(host);
    const configFile = temp('config');
    mkdirSync(dirname(configFile), { recursive: true });
    writeFileSync(configFile, userText);
    await connectUserConfig({ userConfig: configFile, hostFile: ssh.hostFile });
    return { ssh, configFile };
  }

  withSsh('is what we meant below a user\'s own hosts and options', async () => {
    const { ssh, configFile } = await place(
      'User ada\nIdentityFile ~/.ssh/mine\nHost *\n  Port 2222\n  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n',
    );
    assert.deepEqual(await ssh.checkEffective(host, { configFile }), []);
    assert.deepEqual(await ssh.checkEffective(host, { configFile: ssh.hostFile }), []);
  });

  withSsh('names the options of a line above ours', async () => {
    const { ssh, configFile } = await place('');
    const mine = `${configFile}.mine`;
    writeFileSync(mine, 'Host *\n  User ada\n  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n');
    writeFileSync(configFile, `Include "${mine.replace('[', '[[]')}"\n${readFileSync(configFile, 'utf8')}`);
    const found = await ssh.checkEffective(host, { configFile });
    assert.deepEqual(
      found.map(({ option, effective }) => [option, effective]),
      [['User', 'ada'], ['UserKnownHostsFile', '/dev/null'], ['StrictHostKeyChecking', 'false']],
    );
    assert.equal(found[0]?.wanted, 'root');
  });

  withSsh('tells that ssh does not know the machine at all', async () => {
    const { ssh } = await place('');
    const found = await ssh.checkEffective(host, { configFile: '/dev/null' });
    assert.deepEqual(
      found.map(({ option }) => option),
      ['HostName', 'Port', 'User', 'IdentityFile', 'UserKnownHostsFile', 'StrictHostKeyChecking', 'HostKeyAlias']
        .filter((option) => option !== 'User' || process.getuid?.() !== 0),
    );
    assert.equal(found.at(-1)?.effective, undefined);
  });

  withSsh('passes on why ssh cannot read the configuration', async () => {
    const { ssh, configFile } = await place('');
    writeFileSync(configFile, 'Host a\n  Nonsense yes\n');
    await rejectsWith(ssh.checkEffective(host, { configFile }), 'sshConfig', /nonsense/i);
  });

  it('fails plainly where there is no ssh', async () => {
    const { ssh } = await place('');
    await rejectsWith(ssh.checkEffective(host, { ssh: temp('no-such-ssh') }), 'sshConfig', /no-such-ssh cannot read/);
    await rejectsWith(ssh.checkEffective({ ...host, alias: '-oProxyCommand=id' }), 'sshConfig', /alias/);
  });

  const wanted = {
    HostName: 'gpu.example', Port: '22', User: 'root', IdentityFile: '"C:/Users/Ada/ssh/50%%/id"',
    UserKnownHostsFile: '"C:/Users/Ada/ssh/known_hosts/a"', StrictHostKeyChecking: 'yes', HostKeyAlias: 'a',
  };
  const printed = [
    'hostname GPU.example', 'port 22', 'user root', 'identityfile ~/.ssh/first', 'identityfile c:\\users\\ada\\ssh\\50%\\id',
    'userknownhostsfile C:\\Users\\Ada\\ssh\\known_hosts\\a', 'stricthostkeychecking yes', 'hostkeyalias a', 'ciphers x,y',
  ];

  it('is compared as each system writes it', () => {
    assert.deepEqual(differences(printed.join('\r\n'), wanted), []);
    assert.deepEqual(differences(printed.join('\n'), { ...wanted, User: 'Root' }), [
      { option: 'User', wanted: 'Root', effective: 'root' },
    ]);
  });

  it('misses no single option', () => {
    for (const option of Object.keys(wanted)) {
      const without = printed.filter((line) => !line.startsWith(`${option.toLowerCase()} `));
      assert.deepEqual(differences(without.join('\n'), wanted).map((one) => one.option), [option]);
      const elsewhere = [...without, `${option.toLowerCase()} other`];
      assert.deepEqual(differences(elsewhere.join('\n'), wanted).map((one) => one.effective), ['other']);
    }
  });
});
