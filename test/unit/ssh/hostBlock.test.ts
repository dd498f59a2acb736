import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { SshHost } from '../../../src/domain/ssh.ts';
import { formatBlock, hostOptions, joinBlocks, parseBlocks } from '../../../src/ssh/hostBlock.ts';
import { throwsWith } from './support/tools.ts';

const host: SshHost = {
  alias: 'gpu-rental-ab12-01j9z',
  endpoint: { host: '203.0.113.9', port: 41_022, user: 'root', viaProxy: false },
};
const paths = {
  key: '/home/ada/My Files/ssh/id_ed25519',
  knownHosts: '/home/ada/My Files/ssh/known_hosts/gpu-rental-ab12-01j9z',
  noHostKeys: '/home/ada/My Files/ssh/no_known_hosts',
};

describe('a host block', () => {
  it('says everything ssh needs to reach this machine and no other', () => {
    assert.equal(
      formatBlock(host.alias, hostOptions(host, paths, 'linux')),
      `Host gpu-rental-ab12-01j9z
  CheckHostIP no
  ControlMaster no
  ControlPath none
  ForwardAgent no
  ForwardX11 no
  GlobalKnownHostsFile "/home/ada/My Files/ssh/no_known_hosts"
  HostKeyAlias gpu-rental-ab12-01j9z
  HostName 203.0.113.9
  IdentitiesOnly yes
  IdentityFile "/home/ada/My Files/ssh/id_ed25519"
  LogLevel ERROR
  Port 41022
  PreferredAuthentications publickey
  RemoteCommand none
  ServerAliveCountMax 4
  ServerAliveInterval 15
  StrictHostKeyChecking yes
  TCPKeepAlive yes
  UpdateHostKeys no
  User root
  UserKnownHostsFile "/home/ada/My Files/ssh/known_hosts/gpu-rental-ab12-01j9z"
  VerifyHostKeyDNS no
`,
    );
  });

  it('speaks of Windows paths with forward slashes, quoted', () => {
    const folder = 'C:\\Users\\Ada Byron\\AppData\\Local\\gpu-rental\\ssh';
    const options = hostOptions(host, {
      key: `${folder}\\id_ed25519`, knownHosts: `${folder}\\known_hosts\\x`, noHostKeys: `${folder}\\no_known_hosts`,
    }, 'win32');
    assert.equal(options['IdentityFile'], '"C:/Users/Ada Byron/AppData/Local/gpu-rental/ssh/id_ed25519"');
    assert.equal(options['UserKnownHostsFile'], '"C:/Users/Ada Byron/AppData/Local/gpu-rental/ssh/known_hosts/x"');
    assert.equal(options['GlobalKnownHostsFile'], '"C:/Users/Ada Byron/AppData/Local/gpu-rental/ssh/no_known_hosts"');
  });

  it('doubles a percent sign where ssh expands it and only there', () => {
    const options = hostOptions(host, { key: '/50%/k', knownHosts: '/50%/h', noHostKeys: '/50%/n' }, 'linux');
    assert.deepEqual(
      [options['IdentityFile'], options['UserKnownHostsFile'], options['GlobalKnownHostsFile']],
      ['"/50%%/k"', '"/50%%/h"', '"/50%/n"'],
    );
  });

  it('refuses an endpoint that would add options of its own', () => {
    for (const evil of ['x\n  ProxyCommand sh -c id', '-oProxyCommand=id', 'a b'])
      throwsWith(() => hostOptions({ ...host, endpoint: { ...host.endpoint, host: evil } }, paths), 'sshConfig');
    throwsWith(() => hostOptions({ ...host, alias: 'a *' }, paths), 'sshConfig');
    throwsWith(() => formatBlock('*', {}), 'sshConfig');
  });

  it('holds options of ours only, whatever a provider says of an address', () => {
    const part = fc.string({ unit: fc.constantFrom('a', '1', '.', ':', '-', '_', ' ', '\t', '\n', '\r', '"', "'", '%', '$', '{', '}', '#', '\\', '=', '\u202e', '\u0000') });
    const host = fc.oneof(part, fc.constantFrom('-oProxyCommand=id', 'a\n  ProxyCommand id', '$(id)', '203.0.113.9'));
    const port = fc.oneof(fc.integer({ min: -5, max: 70_000 }), fc.constantFrom(Number.NaN, Infinity, 22.5));
    const wanted = Object.keys(hostOptions({ alias: 'gpu-1', endpoint: { host: 'a', port: 1, user: 'root', viaProxy: false } }, { key: '/k', knownHosts: '/h', noHostKeys: '/n' }, 'linux'));
    fc.assert(fc.property(host, port, fc.oneof(part, fc.constant('root')), (name, at, user) => {
      let text: string;
      try {
        text = formatBlock('gpu-1', hostOptions({ alias: 'gpu-1', endpoint: { host: name, port: at, user, viaProxy: false } }, { key: '/k', knownHosts: '/h', noHostKeys: '/n' }, 'linux'));
      } catch {
        return; // refused
      }
      const [first, ...lines] = text.trimEnd().split('\n');
      assert.equal(first, 'Host gpu-1');
      assert.deepEqual(lines.map((line) => /^  (\w+) \S+$/.exec(line)?.[1]), wanted.toSorted());
      assert.ok(at >= 1 && at <= 65_535 && !name.startsWith('-') && !user.startsWith('-'));
    }), { numRuns: 2_000 });
  });

  const aliases = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/);
  const hosts = fc.dictionary(aliases, fc.record({ port: fc.integer({ min: 1, max: 65_535 }), host: fc.ipV4() }));
  const blocksOf = (all: Record<string, { port: number; host: string }>) =>
    new Map(Object.entries(all).map(([alias, { port, host: name }]) => [
      alias,
      formatBlock(alias, hostOptions({ alias, endpoint: { host: name, port, user: 'root', viaProxy: false } }, paths)),
    ]));

  it('is found again in a file of many, whatever their order', () => {
    fc.assert(fc.property(hosts, (all) => {
      const blocks = blocksOf(all);
      const text = joinBlocks(blocks);
      const reversed = joinBlocks(new Map([...blocks].toReversed()));
      assert.equal(reversed, text);
      assert.deepEqual(new Map([...parseBlocks(text)].toSorted()), new Map([...blocks].toSorted()));
      assert.equal(joinBlocks(parseBlocks(text)), text);
    }));
  });

  it('can leave without changing a byte of the others', () => {
    fc.assert(fc.property(hosts, fc.nat(), (all, pick) => {
      const blocks = blocksOf(all);
      const gone = [...blocks.keys()][pick % Math.max(1, blocks.size)];
      const parsed = parseBlocks(joinBlocks(blocks));
      if (gone !== undefined) parsed.delete(gone);
      for (const [alias, block] of parsed) assert.equal(block, blocks.get(alias));
      assert.equal(parsed.size, Math.max(0, blocks.size - 1));
    }));
  });

  it('reads nothing out of an empty or foreign file', () => {
    for (const text of ['', '\n\n', '# only words\n']) assert.equal(parseBlocks(text).size, 0);
    assert.match(joinBlocks(new Map()), /^# Kept by GPU Rental/);
  });
});
