import assert from 'node:assert/strict';
import fc from 'fast-check';
import { checkedAlias, checkedEndpoint, configPath, endpointText, isHost } from '../../../src/ssh/grammar.ts';
import { throwsWith } from './support/tools.ts';

const endpoint = { host: '203.0.113.9', port: 22_022, user: 'root', viaProxy: false };

describe('what may stand in an SSH configuration', () => {
  it('takes addresses and DNS names', () => {
    for (const host of ['203.0.113.9', '2001:db8::1', '::1', 'ssh4.vast.ai', 'a', 'my_host.example', 'x'.repeat(63)])
      assert.equal(isHost(host), true, host);
  });

  it('refuses hosts that would be read as something else', () => {
    for (const host of [
      '', '-oProxyCommand=x', '-v', 'a b', 'a\nUser x', 'a..b', '.a', 'a.', 'fe80::1%eth0', 'a"b', '%h', '$(x)', 'a/b',
      'a;b', 'user@host', 'host:22', 'x'.repeat(64), `${'abcdefg.'.repeat(32)}com`,
    ])
      assert.equal(isHost(host), false, JSON.stringify(host));
  });

  it('lets no host through that has a sign outside names and addresses', () => {
    fc.assert(fc.property(fc.string(), (host) => !isHost(host) || /^[A-Za-z0-9_.:-]+$/.test(host)));
    fc.assert(fc.property(fc.domain(), (host) => isHost(host)));
    fc.assert(fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (host) => isHost(host)));
  });

  it('takes aliases that an editor may lower-case and ssh cannot take for an option', () => {
    assert.equal(checkedAlias('gpu-rental-ab12-01j9z'), 'gpu-rental-ab12-01j9z');
    for (const alias of ['', '-x', 'A', 'a b', 'a*', 'a.b', '../x', 'a\n', 'x'.repeat(129)])
      throwsWith(() => checkedAlias(alias), 'sshConfig', /alias/);
  });

  it('checks port and user', () => {
    assert.equal(checkedEndpoint(endpoint), endpoint);
    for (const port of [0, -1, 65_536, 2.5, Number.NaN])
      throwsWith(() => checkedEndpoint({ ...endpoint, port }), 'sshConfig', /port/);
    for (const user of ['', '-l', 'a b', 'a\nb', 'root"', '%u', 'x'.repeat(65)])
      throwsWith(() => checkedEndpoint({ ...endpoint, user }), 'sshConfig', /user/);
    assert.equal(checkedEndpoint({ ...endpoint, user: 'abc123-64410d1f' }).user, 'abc123-64410d1f');
    throwsWith(() => checkedEndpoint({ ...endpoint, host: 'a\nUser evil' }), 'sshConfig', /"a\\nUser evil"/);
  });

  it('gives Windows paths forward slashes and leaves others as they are', () => {
    assert.equal(configPath('C:\\Users\\Ada Byron\\ssh\\config', 'win32'), 'C:/Users/Ada Byron/ssh/config');
    assert.equal(configPath('/home/ada/Application Support/ssh', 'linux'), '/home/ada/Application Support/ssh');
  });

  it('refuses paths that no quoting saves', () => {
    for (const path of ['/a"b', '/a\nb', '/a\\b', '/a/${HOME}/b', '/a\u0000b'])
      throwsWith(() => configPath(path, 'linux'), 'sshConfig', /path/);
    assert.equal(configPath('/a/$HOME/50%/b', 'linux'), '/a/$HOME/50%/b');
  });

  it('writes an address with its port as one word', () => {
    assert.equal(endpointText(endpoint), '203.0.113.9:22022');
    assert.equal(endpointText({ host: '2001:db8::1', port: 22 }), '[2001:db8::1]:22');
  });
});
