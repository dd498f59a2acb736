import assert from 'node:assert/strict';
import fc from 'fast-check';
import { burnOf, type InstanceState, type SeenInstance } from '../../../../src/domain/instance.ts';
import { toDollars, usdPerHour } from '../../../../src/domain/money.ts';
import type { GpuFact } from '../../../../src/providers/runpod/gpuFacts.ts';
import { podRow } from '../../../../src/providers/runpod/schemas/pod.ts';
import { seenPod } from '../../../../src/providers/runpod/seenPod.ts';
import { fixture } from './support.ts';

const running = fixture('podRunning.json');
const fact: GpuFact = { memoryGb: 24, price: { SECURE: usdPerHour(0.69), COMMUNITY: usdPerHour(0.34) } };
const noDoor = { ssh: { proxy: (running['ssh'] as { proxy: unknown }).proxy, direct: null }, runtime: null };

/** The running pod with some fields changed, read as the adapter reads it. */
const see = (change: Record<string, unknown> = {}): SeenInstance => {
  const read = podRow.safeParse({ ...running, ...change });
  assert.ok(read.success, JSON.stringify(read.error?.issues));
  return seenPod(read.data, fact);
};
const rates = (seen: SeenInstance): [number, number] => [toDollars(seen.rates.running), toDollars(seen.rates.stopped)];

describe('a pod as an instance', () => {
  it('reads a running pod', () => {
    assert.deepEqual(see(), {
      id: 'runpod:q7w2e9r4t1y8u5',
      provider: 'runpod',
      key: 'q7w2e9r4t1y8u5',
      label: 'gpu-rental-a1b2c3-01k9xq2m4n5p6r7s8t9v0wxyza',
      gpu: 'RTX 4090',
      gpuCount: 2,
      vramGb: 24,
      place: 'EU-RO-1',
      kind: 'on-demand',
      diskGb: 40,
      state: 'ready',
      outbid: false,
      rates: { running: usdPerHour(1.385479), stopped: usdPerHour(0.008219) },
      endpoints: [{ host: '203.0.113.74', port: 35558, user: 'root', viaProxy: false }],
      createdAt: Date.parse('2026-11-20T06:16:19.436Z'),
      startedAt: Date.parse('2026-11-20T06:16:21.430Z'),
      statusText: 'RUNNING',
      image: 'runpod/pytorch:1.0.2-cu1281-torch280-ubuntu2404',
    });
  });

  const states: readonly (readonly [string, Record<string, unknown>, InstanceState, string | undefined])[] = [
    ['is being placed', { status: 'PROVISIONING', ...noDoor }, 'starting', 'scheduling'],
    ['pulls its image', { status: 'STARTING', ...noDoor }, 'starting', 'pulling'],
    ['runs before anything answers', noDoor, 'starting', 'booting'],
    ['runs, with the proxy alone', { ...noDoor, runtime: { uptime: 1 } }, 'starting', 'booting'],
    ['runs with an SSH door', {}, 'ready', undefined],
    ['runs and has no SSH port, being somebody else’s', { ...noDoor, ports: ['8888/http'] }, 'ready', undefined],
    ['has stopped', { status: 'EXITED', ...noDoor }, 'stopped', undefined],
    ['has broken', { status: 'ERROR', ...noDoor }, 'failed', undefined],
    ['is deleted', { status: 'TERMINATED', ...noDoor }, 'ending', undefined],
    ['says something new', { status: 'MIGRATING', ...noDoor }, 'unknown', undefined],
    ['says it in another case', { status: 'running' }, 'unknown', undefined],
  ];
  for (const [name, change, state, stage] of states) {
    it(`${name}: ${state}${stage === undefined ? '' : `, ${stage}`}`, () => {
      const seen = see(change);
      assert.deepEqual([seen.state, seen.stage, seen.outbid], [state, stage, false]);
      assert.equal(seen.statusText, (change['status'] as string | undefined) ?? 'RUNNING');
    });
  }

  it('says what makes a pod useless or unstoppable', () => {
    assert.equal(see({ gpu: { id: 'NVIDIA L4', count: 0 } }).statusText, 'RUNNING, no GPU attached');
    assert.equal(see({ locked: true }).statusText, 'RUNNING, locked');
  });
});

describe('the rates of a pod', () => {
  it('add the disk to the cost, which is for the GPUs alone', () => {
    assert.deepEqual(rates(see()), [1.385479, 0.008219]);
    assert.deepEqual(rates(see({ disk: 20, mounts: {} })), [1.38274, 0]);
  });

  it('leave out a network volume, which bills with or without the pod', () => {
    assert.deepEqual(rates(see({ disk: 10, mounts: { network: [{ volumeId: 'grv1', path: '/workspace' }] } })), [1.38137, 0]);
  });

  it('of a stopped pod are the same whether it still shows its cost or zero', () => {
    const kept = see({ status: 'EXITED', ...noDoor });
    const cleared = see({ status: 'EXITED', cost: 0, ...noDoor });
    assert.deepEqual(kept.rates, cleared.rates);
    assert.equal(toDollars(burnOf(cleared)), 0.008219);
  });

  it('fall back to the price list while a new pod shows no cost, never to nothing', () => {
    assert.deepEqual(rates(see({ status: 'PROVISIONING', cost: 0, cloud: 'COMMUNITY', ...noDoor })), [0.685479, 0.008219]);
  });

  it('name the disk alone when neither pod nor list says more', () => {
    assert.deepEqual(rates(seenPod(podRow.parse({ ...running, cost: 0 }), undefined)), [0.005479, 0.008219]);
  });

  it('are nothing for a pod that is deleted', () => {
    assert.deepEqual(rates(see({ status: 'TERMINATED' })), [0, 0]);
  });
});

describe('the door of a pod', () => {
  const port = (change: Record<string, unknown> = {}) => ({ ip: '198.51.100.9', private: 22, public: 40022, type: 'tcp', ...change });
  const mapped = (...ports: unknown[]) => see({ ...noDoor, runtime: { ports } }).endpoints;

  it('is never the proxy', () => {
    assert.deepEqual(see(noDoor).endpoints, []);
  });

  it('is closed while the pod does not run, whatever is still written there', () => {
    for (const status of ['PROVISIONING', 'STARTING', 'EXITED', 'ERROR', 'TERMINATED', 'NEW']) assert.deepEqual(see({ status }).endpoints, [], status);
  });

  it('is found in the port table before ssh.direct names it', () => {
    assert.deepEqual(mapped(port({ type: 'http', private: 8888 }), port()), [{ host: '198.51.100.9', port: 40022, user: 'root', viaProxy: false }]);
    assert.equal(see({ ...noDoor, runtime: { ports: [port()] } }).state, 'ready');
  });

  it('is not an HTTP port, another port, an inner address or one without a number', () => {
    for (const other of [
      port({ type: 'http' }), port({ private: 8888 }), port({ ip: '100.65.14.155' }), port({ ip: '100.127.0.1' }), port({ ip: null }),
      port({ public: null }), port({ public: 0 }), port({ public: 65_536 }), port({ public: 22.5 }), port({ ip: '' }), 'odd', null,
    ]) assert.deepEqual(mapped(other), [], JSON.stringify(other));
    assert.equal(mapped(port({ ip: '100.63.0.1' })).length, 1);
    assert.equal(mapped(port({ ip: '100.128.0.1' })).length, 1);
  });

  it('is nothing that could mean more in an SSH configuration', () => {
    for (const host of ['-oProxyCommand=x', 'a b', 'a\nHost *', '"x"', '', '%h', 'host;id', 'ä.example']) {
      assert.deepEqual(see({ ssh: { direct: { host, port: 22, username: 'root' } } }).endpoints, [], host);
    }
    assert.equal(see({ ssh: { direct: { host: 'pod.example', port: 22, username: '-l x\n' } } }).endpoints[0]?.user, 'root');
    assert.equal(see({ ssh: { direct: { host: 'pod.example', port: 22, username: 'ubuntu' } } }).endpoints[0]?.user, 'ubuntu');
  });
});

describe('odd pods', () => {
  it('stay visible whatever their lesser fields hold', () => {
    const field = fc.constantFrom('ports', 'gpu', 'cloud', 'dataCenterId', 'image', 'locked', 'ssh', 'runtime', 'createdAt', 'startedAt', 'env', 'actions', 'template');
    fc.assert(fc.property(fc.array(fc.tuple(field, fc.jsonValue())), (changes) => {
      const seen = see(Object.fromEntries(changes));
      assert.equal(seen.key, 'q7w2e9r4t1y8u5');
      assert.ok(Number.isInteger(seen.rates.running) && seen.rates.running >= usdPerHour(1.38));
      assert.ok(seen.endpoints.every((endpoint) => !endpoint.viaProxy && endpoint.port > 0 && endpoint.port < 65_536));
    }));
  });

  it('without a GPU are CPU pods', () => {
    const seen = seenPod(podRow.parse({ ...running, gpu: undefined, cpu: { id: 'cpu5c', vcpuCount: 4, memory: 16 }, cost: 0.12 }), undefined);
    assert.deepEqual([seen.gpu, seen.gpuCount, seen.vramGb], ['CPU', 0, 0]);
  });

  it('never borrow their machine’s memory for the GPU’s', () => {
    assert.equal(seenPod(podRow.parse(running), undefined).vramGb, 0);
  });

  it('cannot be read without what identity and money stand on', () => {
    for (const change of [{ id: undefined }, { id: '../x' }, { id: '' }, { status: 7 }, { cost: 'free' }, { cost: -1 }, { cost: null }, { disk: '10' }, { mounts: { persistent: {} } }]) {
      assert.equal(podRow.safeParse({ ...running, ...change }).success, false, JSON.stringify(change));
    }
  });

  it('show names that anybody may have written as one plain line', () => {
    const seen = see({ name: 'a\u001b[31m\nb\u202e', image: 'x\r\ny', dataCenterId: '\u0007EU' });
    assert.ok(![seen.label, seen.image, seen.place].some((text) => /[\p{Cc}\p{Cf}]/u.test(text ?? '')));
  });
});
