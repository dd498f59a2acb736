import assert from 'node:assert/strict';
import { endpointsOf } from '../../../../src/providers/vast/endpoints.ts';
import { instanceRow, type InstanceRow } from '../../../../src/providers/vast/schemas/instance.ts';
import { recorded } from './support.ts';

const rowWith = (change: Readonly<Record<string, unknown>>): InstanceRow => instanceRow.parse({ ...recorded('instance'), ...change });
const addresses = (change: Readonly<Record<string, unknown>> = {}): string[] =>
  endpointsOf(rowWith(change)).map(({ host, port, viaProxy }) => `${host}:${port}${viaProxy ? ' relayed' : ''}`);

const direct = '198.51.100.14:41022';
const relayed = 'ssh7.vast.ai:34454 relayed';

describe('the ways to an instance', () => {
  it('are the mapped port first, then the relay', () => assert.deepEqual(addresses(), [direct, relayed]));

  for (const [what, change, expected] of [
    ['no map yet', { ports: null }, [relayed]],
    ['no map at all', { ports: undefined }, [relayed]],
    ['a list of numbers for a map, as documented', { ports: [8080, 8081] }, [relayed]],
    ['a map without SSH', { ports: { '8080/tcp': [{ HostIp: '0.0.0.0', HostPort: '8080' }] } }, [relayed]],
    ['an empty mapping', { ports: { '22/tcp': [] } }, [relayed]],
    ['a null mapping', { ports: { '22/tcp': null } }, [relayed]],
    ['a port that is a number', { ports: { '22/tcp': [{ HostPort: 41_022 }] } }, [direct, relayed]],
    ['a first mapping without a port', { ports: { '22/tcp': [{ HostIp: '::' }, { HostPort: '41022' }] } }, [direct, relayed]],
    ['ports that are none', { ports: { '22/tcp': [{ HostPort: '70000' }] }, ssh_port: 0 }, []],
    ['a port with a fraction', { ports: { '22/tcp': [{ HostPort: '22.5' }] } }, [relayed]],
    ['no public address', { public_ipaddr: null }, [relayed]],
    ['an IPv6 address', { public_ipaddr: '2001:db8::7 ' }, ['2001:db8::7:41022', relayed]],
    ['Jupyter beside it', { image_runtype: 'jupyter_direc ssh_direc ssh_proxy' }, [direct, 'ssh7.vast.ai:34455 relayed']],
    ['no relay', { ssh_host: null }, [direct]],
    ['a late heartbeat', { actual_status: 'loading' }, [direct]],
    ['nothing running', { actual_status: null, ports: null }, []],
  ] as const) {
    it(`with ${what}: ${expected.join(', ') || 'none'}`, () => assert.deepEqual(addresses(change), expected));
  }

  for (const host of ['-oProxyCommand=evil', 'a b', 'host\nUser root', 'host;reboot', '$(reboot)', 'host"', '', '.', 'x'.repeat(300)]) {
    it(`never lead to ${JSON.stringify(host.slice(0, 30))}`, () => assert.deepEqual(addresses({ public_ipaddr: host, ssh_host: host }), []));
  }
});
